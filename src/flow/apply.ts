import { decideGate } from '../core/gate/gate.ts';
import { foldRollout, isFinished, rollsBackByItself } from '../core/rollout.ts';
import type { Config } from '../model/config.ts';
import type { MergedChange } from '../model/merged-change.ts';
import type { Reason } from '../model/reason.ts';
import type { Rollout } from '../model/rollout.ts';
import type { Target } from '../model/target.ts';
import type { Verdict } from '../model/verdict.ts';
import type { RolloutLog } from '../ports.ts';
import { applyOne, gatherMerged } from './apply-one.ts';
import {
  type ActingPorts,
  type ApplyOrder,
  type ApplyPorts,
  type ApplyReport,
  decisionOf,
  type HeldBack,
  refold,
  refusal,
} from './apply-report.ts';
import { newerFor } from './live-facts.ts';
import { rerunOnce } from './rerun.ts';
import { takenUpAgain } from './retry.ts';
import { rollBack } from './roll-back.ts';
import { verifyChange } from './verify.ts';

/**
 * Every unfinished change at HEAD for one workspace, newest first. Level-triggered: a push, a wake-up and the schedule all mean the
 * same, and an attempt that was killed anywhere is taken up by the next.
 */
export async function applyUnfinished(order: ApplyOrder, ports: ApplyPorts): Promise<readonly ApplyReport[]> {
  const merged = await ports.merged.merged();
  if (!merged.known) throw new Error(`the default branch cannot be read: ${merged.why}`);
  const policy = await ports.config.config();
  const reports: ApplyReport[] = [];
  for (const change of merged.value.changes) {
    if (change.record.workspace !== null && change.record.workspace !== order.workspace) continue;
    if (newerFor(change, merged.value.changes)) continue;
    const rollout = await rolloutOf(change, ports);
    if (typeof rollout === 'string') reports.push(refusal(change, 'intent_unavailable', 'rollout log', 'the apply App', rollout));
    else if (isFinished(rollout)) continue;
    else if (!policy.ok)
      reports.push(
        refusal(change, 'workspace_forbidden', '.github/sluice.yml', 'readable', policy.faults[0]?.message ?? 'unreadable'),
      );
    else if (typeof ports.acting === 'string') reports.push(await rehearse(change, rollout, policy.value, ports.acting, ports));
    else
      reports.push(
        await advance(
          change,
          rollout,
          policy.value,
          { ...order, others: merged.value.changes },
          { ...ports, acting: ports.acting },
        ),
      );
  }
  return reports;
}

/** Without the apply App nothing was ever noted. */
async function rolloutOf(change: MergedChange, { log }: ApplyPorts): Promise<Rollout | string> {
  if (!log) return foldRollout([]);
  const entries = await log.read(change.merge);
  return entries.known ? foldRollout(entries.value) : entries.why;
}

/** Takes one change as far as it goes now: gate and write, rerun, verify, roll back. */
async function advance(
  change: MergedChange,
  rollout: Rollout,
  config: Config,
  order: ApplyOrder & { readonly others: readonly MergedChange[] },
  ports: ActingPorts,
): Promise<ApplyReport> {
  const { log } = ports.acting;
  const target = config.targets.find((one) => one.name === change.record.target);
  if (!target) return refusal(change, 'job_missing', change.record.target, 'a target in .github/sluice.yml', 'none');
  const diverged = await divergedFrom(change, order.others, log);
  if (diverged) return noteRefusal(diverged, rollout, order, ports);
  let writes = 0;
  let verdict: Verdict | null = null;
  if (rollout.state === 'in_doubt') await takenUpAgain(change, rollout, order, ports);
  if (['pending', 'intended', 'refused', 'in_doubt'].includes(rollout.state)) {
    const applied = await applyOne(change, target, config, order, ports);
    if ('decision' in applied) return noteRefusal(applied, rollout, order, ports);
    ({ writes, verdict } = applied);
    await reportDeployment(change, order, ports, writes);
  }
  const report = { change, reasons: [], writes, verdict };
  const failed = await startRerun(change, await refold(change, log), order, ports);
  if (failed) return { ...report, decision: 'refused', reasons: [failed], verification: null };
  return judge(report, target, config, order, ports);
}

/** Verifies what was applied; when it did not help, writes the inverse back, or leaves that to a Proposal. */
async function judge(
  report: Pick<ApplyReport, 'change' | 'reasons' | 'writes' | 'verdict'>,
  target: Target,
  config: Config,
  order: ApplyOrder,
  ports: ActingPorts,
): Promise<ApplyReport> {
  const { change } = report;
  const { log } = ports.acting;
  const applied = await refold(change, log);
  const verification =
    applied.state === 'rolling-back'
      ? (applied.verification?.verification ?? null)
      : await verifyChange(change, applied, ports.reads(target.workspace), { clock: ports.clock, log }, order.run);
  const after = await refold(change, log);
  if (after.state !== 'rolling-back') return { ...report, decision: decisionOf(after), verification };
  if (!rollsBackByItself(target, config)) {
    const at = (await ports.clock.now()).toISOString();
    await log.append(change.merge, { what: 'proposal-due', at, run: order.run });
    return { ...report, decision: 'rollback-due', verification };
  }
  const undone = await rollBack(change, order, ports);
  if (!undone.done) return { ...report, decision: 'refused', reasons: [undone.reason], verification };
  return { ...report, decision: 'rolled-back', writes: report.writes + undone.writes, verification };
}

/** Tells GitHub's deployments page; it is a report, so a second one after a kill does no harm. */
async function reportDeployment(
  change: MergedChange,
  order: ApplyOrder,
  { acting: { deployments } }: ActingPorts,
  writes: number,
): Promise<void> {
  const id = await deployments.create(change.merge, order.environment, `${change.path} applied`);
  await deployments.status(id, 'success', `${writes} write(s) to job ${change.record.job_id ?? 'none'}`);
}

async function startRerun(change: MergedChange, rollout: Rollout, order: ApplyOrder, ports: ActingPorts): Promise<Reason | null> {
  const reader = ports.reads(order.workspace).workspace;
  const { log, writer } = ports.acting;
  if (!writer || !reader) return null;
  const why = await rerunOnce(change, rollout, { clock: ports.clock, log, reader, writer }, order.run);
  return why ? { code: 'repair_failed', subject: change.record.target, expected: 'the approved rerun', observed: why } : null;
}

/** A job that was rolled back differs from Git until that is mended: only the rollback of that very change may pass. */
async function divergedFrom(change: MergedChange, others: readonly MergedChange[], log: RolloutLog): Promise<ApplyReport | null> {
  const before = others.filter(
    (one) => one.order > change.order && one.record.job_id !== null && one.record.job_id === change.record.job_id,
  );
  const [last] = before.sort((a, b) => a.order - b.order);
  if (!last || change.record.undoes === last.path) return null;
  const { state } = await refold(last, log);
  if (!['rolling-back', 'rolled-back'].includes(state)) return null;
  return refusal(
    change,
    'diverged',
    change.record.target,
    `the rollback of ${last.path} merged first`,
    `${last.path} was rolled back and Git still holds it`,
  );
}

/** What the gate says of the change now, and nothing else: nothing here can write. */
async function rehearse(
  change: MergedChange,
  rollout: Rollout,
  config: Config,
  why: HeldBack,
  ports: ApplyPorts,
): Promise<ApplyReport> {
  const nothing = { change, writes: 0, verification: rollout.verification?.verification ?? null };
  if (rollout.appliedAt) return { ...nothing, decision: decisionOf(rollout), reasons: [], verdict: null };
  const verdict = decideGate(await gatherMerged(change, ports));
  const expected = why === 'dry_run' ? 'dry-run: false' : 'the apply App, which keeps the intents';
  const held: Reason = {
    code: why,
    subject: change.record.target,
    expected,
    observed: `nothing that can write; the mode is ${config.mode}`,
  };
  return { ...nothing, decision: why === 'dry_run' ? 'dry-run' : 'refused', reasons: [...verdict.reasons, held], verdict };
}

/** A refusal is noted once: the same reason at every wake-up says nothing new. */
async function noteRefusal(report: ApplyReport, rollout: Rollout, order: ApplyOrder, ports: ActingPorts): Promise<ApplyReport> {
  const [first] = report.reasons;
  const detail = report.reasons
    .map((one) => `${one.code} ${one.subject}: expected ${one.expected}, found ${one.observed}`)
    .join('\n');
  if (!first) return report;
  if (rollout.lastRefusal?.code === first.code) return report;
  const at = (await ports.clock.now()).toISOString();
  await ports.acting.log.append(report.change.merge, { what: 'refused', at, run: order.run, code: first.code, detail });
  return report;
}
