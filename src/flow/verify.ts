import { rerunOf } from '../core/rerun.ts';
import { runFacts } from '../core/run-facts.ts';
import { signalValue } from '../core/signal-value.ts';
import { stageFacts } from '../core/stage-facts.ts';
import { wholeStages } from '../core/stage-source.ts';
import { compareChecks, judgeable, verdictOf } from '../core/verification.ts';
import type { Run } from '../model/job.ts';
import { type Known, known, unknown } from '../model/known.ts';
import type { MergedChange } from '../model/merged-change.ts';
import type { Rollout, RolloutEntry } from '../model/rollout.ts';
import type { Verification, VerificationCheck, VerificationSpec } from '../model/verification.ts';
import type { Clock, InvestigationReads, RolloutLog } from '../ports.ts';
import { keyOf } from './apply-report.ts';

const LOOK_BACK_RUNS = 25;

/**
 * Judges an applied change by what the pipeline does now, once, and notes the verdict with whatever is still to be noted. Not yet judgeable
 * is a verdict too (`awaiting-run`); it is noted once and asked again by the next wake-up.
 */
export async function verifyChange(
  change: MergedChange,
  rollout: Rollout,
  reads: InvestigationReads,
  ports: { readonly clock: Clock; readonly log: RolloutLog },
  run: string,
  pending: readonly RolloutEntry[] = [],
): Promise<Verification | null> {
  const { verification: spec } = change.record;
  const note = async (...entries: readonly RolloutEntry[]) => {
    const all = [...pending, ...entries];
    if (all.length > 0) await ports.log.append(keyOf(change), ...all);
  };
  if (!rollout.appliedAt || rollout.state === 'verified') {
    await note();
    return null;
  }
  const at = (await ports.clock.now()).toISOString();
  if (!spec) {
    await note({ what: 'done', at, run });
    return null;
  }
  const runs = await runsSince(change, reads);
  const when = judgeable(spec, rollout.appliedAt, runs.known ? runs.value : [], at, rerunOf(change.record) !== null);
  const verification = await judge(change, spec, when, reads, at);
  const isNews = verification.verdict !== 'awaiting-run' || rollout.state !== 'awaiting-run';
  await note(...(isNews ? [{ what: 'verified' as const, at, run, verification }] : []));
  return verification;
}

/** Recent runs; a repaired one with its repairs, which only its own answer lists. */
async function runsSince({ record }: MergedChange, { workspace }: InvestigationReads): Promise<Known<readonly Run[]>> {
  if (!record.job_id || !workspace) return unknown('no workspace to read');
  const rerun = rerunOf(record);
  const repaired = rerun?.how === 'repair' ? rerun.runId : null;
  const [recent, own] = await Promise.all([
    workspace.runs(record.job_id, LOOK_BACK_RUNS),
    repaired ? workspace.run(repaired) : null,
  ]);
  if (!recent.known || !own?.known) return recent;
  return known([own.value, ...recent.value.filter((run) => run.id !== own.value.id)]);
}

async function judge(
  change: MergedChange,
  spec: VerificationSpec,
  when: ReturnType<typeof judgeable>,
  reads: InvestigationReads,
  at: string,
): Promise<Verification> {
  const nothing = { checks: [], runId: null, at, expectedAt: null };
  if (when.when === 'later') return { ...nothing, verdict: 'awaiting-run', expectedAt: when.expectedAt };
  if (when.when === 'never') return { ...nothing, verdict: 'inconclusive' };
  const after = Object.fromEntries(
    await Promise.all(spec.checks.map(async (check) => [check.name, await readCheck(check, when.run, reads, at)] as const)),
  );
  const checks = compareChecks(change.record, spec, after);
  return { ...nothing, verdict: verdictOf(checks), checks, runId: when.run?.id ?? null };
}

/** One check's number now; null when it cannot be told. */
export async function readCheck(
  check: VerificationCheck,
  run: Run | null,
  reads: InvestigationReads,
  at: string,
): Promise<number | null> {
  if (check.source === 'prometheus') {
    if (!reads.metrics) return null;
    const answer = await reads.metrics.instant(check.query, new Date(at));
    const { value, quality } = signalValue(answer, { unit: check.unit, absent: 'unknown' }, Date.parse(at) / 1000);
    return quality === 'fresh' ? value : null;
  }
  if (!run) return null;
  const facts: Readonly<Record<string, unknown>> =
    check.source === 'databricks'
      ? runFacts({ runs: known([run]), errors: unknown('not read'), events: unknown('not read') })
      : stageFacts(reads.stages ? wholeStages(await reads.stages.stages(run, null)) : unknown('no stage data'));
  const value = facts[check.query];
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}
