import { sha256Hex } from '../core/canonical.ts';
import { lastStart } from '../core/expected-run.ts';
import { foreignRun, rerunOf } from '../core/rerun.ts';
import { INTENT_VALID_MINUTES } from '../core/rollout.ts';
import type { Run } from '../model/job.ts';
import type { MergedChange } from '../model/merged-change.ts';
import type { Reason } from '../model/reason.ts';
import type { Rollout, RolloutEntry } from '../model/rollout.ts';
import type { Clock, RolloutLog, WorkspaceReader, WorkspaceWriter, WriteAnswer } from '../ports.ts';
import { keyOf } from './apply-report.ts';

export interface RerunPorts {
  readonly clock: Clock;
  readonly log: RolloutLog;
  readonly reader: WorkspaceReader;
  readonly writer: WorkspaceWriter;
  /** Asked before an attempt starts what another one intended; a reason stops it. */
  readonly mayGoOn: () => Promise<Reason | null>;
}

/** What came of the rerun: `notes` are still to be noted, with whatever the flow says next. */
export type Rerun = { readonly failed: Reason } | { readonly failed: null; readonly notes: readonly RolloutEntry[] };

/**
 * The approved rerun, once. Its intent is noted first; a later attempt asks again whether it may, and looks for what the first one started
 * before it starts anything, because a second repair or run would cost the same again.
 */
export async function rerunOnce(change: MergedChange, rollout: Rollout, ports: RerunPorts, run: string): Promise<Rerun> {
  const { job_id: jobId } = change.record;
  const rerun = rerunOf(change.record);
  if (!rerun || !jobId || rollout.rerun === 'done' || !rollout.appliedAt) return { failed: null, notes: [] };
  const at = (await ports.clock.now()).toISOString();
  const isOurs = rollout.rerun === 'intended' && rollout.rerunBy === run;
  const started = rollout.rerun === 'intended' && !isOurs ? await startedSince(change, rollout.appliedAt, ports) : null;
  if (!isOurs && !started && isTooLate(rollout, at)) return { failed: null, notes: givenUp(rollout, at, run) };
  const stopped = isOurs || started?.done ? null : await ports.mayGoOn();
  if (stopped) return { failed: stopped };
  if (rollout.rerun === 'none')
    await ports.log.append(keyOf(change), { what: 'rerun-intent', at, run, how: rerun.how, subject: rerun.runId ?? jobId });
  const answer = started ?? (await start(change, ports));
  if (answer.done) return { failed: null, notes: [{ what: 'rerun', at, run, id: answer.id }] };
  return {
    failed: { code: 'repair_failed', subject: change.record.target, expected: 'the approved rerun', observed: answer.why },
  };
}

function isTooLate({ rerun, rerunAt }: Rollout, now: string): boolean {
  return rerun === 'intended' && rerunAt !== null && Date.parse(now) - Date.parse(rerunAt) > INTENT_VALID_MINUTES * 60_000;
}

/** What was approved was a rerun then, not now: a person starts it, and verification goes on with the next run. */
function givenUp({ rerunAt, rerunBy }: Rollout, at: string, run: string): readonly RolloutEntry[] {
  const detail = `repair_failed rerun: expected a start within ${INTENT_VALID_MINUTES} minutes of its intent, found an intent of ${rerunAt} by run ${rerunBy}; start it by hand`;
  return [
    { what: 'refused', at, run, code: 'repair_failed', detail },
    { what: 'rerun', at, run, id: null },
  ];
}

/** What an earlier attempt already started: a repair or run that is newer than the apply. */
async function startedSince(change: MergedChange, since: string, ports: RerunPorts): Promise<WriteAnswer | null> {
  const { job_id: jobId } = change.record;
  const rerun = rerunOf(change.record);
  const found =
    rerun?.how === 'repair' && rerun.runId ? await ports.reader.run(rerun.runId) : await ports.reader.runs(jobId ?? '', 5);
  if (!found.known) return { done: false, sure: false, why: `cannot tell whether the rerun was started: ${found.why}` };
  const runs: readonly Run[] = 'id' in found.value ? [found.value] : found.value;
  const newer = runs.find((one) => lastStart(one) >= Date.parse(since));
  return newer ? { done: true, id: newer.id } : null;
}

/** A continuous job starts its next run by itself once the present one is cancelled; the others are repaired or run. */
async function start(change: MergedChange, ports: RerunPorts): Promise<WriteAnswer> {
  const { job_id: jobId, verification } = change.record;
  const rerun = rerunOf(change.record);
  if (!rerun || !jobId) return { done: false, sure: true, why: 'the record asks for no rerun' };
  if (verification?.kind === 'streaming') {
    const runs = await ports.reader.runs(jobId, 5);
    if (!runs.known) return { done: false, sure: true, why: runs.why };
    const active = runs.value.find((one) => one.outcome === 'active');
    return active ? ports.writer.cancel(active.id) : { done: true, id: null };
  }
  if (rerun.how === 'repair' && rerun.runId) {
    const failed = await ports.reader.run(rerun.runId);
    if (!failed.known) return { done: false, sure: true, why: failed.why };
    const foreign = foreignRun(failed.value, jobId);
    if (foreign) return { done: false, sure: true, why: `${foreign.subject} is ${foreign.observed}, not ${foreign.expected}` };
    return ports.writer.repair(rerun.runId, failed.value.repairs.at(-1)?.id ?? null);
  }
  return ports.writer.runNow(jobId, sha256Hex(`${change.merge} ${change.path}`), rerun.parameters);
}
