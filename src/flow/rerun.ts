import { sha256Hex } from '../core/canonical.ts';
import { lastStart } from '../core/expected-run.ts';
import { type Rerun as Asked, foreignRun, rerunOf, restartsStream } from '../core/rerun.ts';
import { INTENT_VALID_MINUTES } from '../core/rollout.ts';
import type { Run } from '../model/job.ts';
import type { MergedChange } from '../model/merged-change.ts';
import type { Reason } from '../model/reason.ts';
import type { Rollout, RolloutEntry } from '../model/rollout.ts';
import type { WriteAnswer } from '../ports.ts';
import { keyOf } from './apply-report.ts';
import { type RestartPorts, restartStream } from './restart.ts';

export interface RerunPorts extends RestartPorts {
  /** Asked before an attempt starts what another one intended; a reason stops it. */
  readonly mayGoOn: () => Promise<Reason | null>;
}

/** What came of the rerun: `notes` are still to be noted, with whatever the flow says next. */
export type Rerun =
  | { readonly failed: readonly [Reason, ...(readonly Reason[])] }
  | { readonly failed: null; readonly notes: readonly RolloutEntry[] };

/** This attempt and its instant. */
interface Seen {
  readonly at: string;
  readonly run: string;
}

/**
 * The approved rerun, once; after a rollback the restart that was approved with it. Its intent is noted first; a later attempt asks again
 * whether it may, and looks for what the first one started before it starts anything, because a second repair or run would cost the same again.
 */
export async function rerunOnce(change: MergedChange, rollout: Rollout, ports: RerunPorts, run: string): Promise<Rerun> {
  const { job_id: jobId } = change.record;
  const rerun = rerunOf(change.record);
  const isOver = rollout.rerun === 'done' || (rollout.state === 'rolled-back' && rollout.rerun === 'none');
  if (!rerun || !jobId || isOver || !rollout.appliedAt) return { failed: null, notes: [] };
  const seen = { at: (await ports.clock.now()).toISOString(), run };
  if (restartsStream(rerun.how)) return restart(change, jobId, rerun.how, rollout, ports, seen);
  const isOurs = rollout.rerun === 'intended' && rollout.rerunBy === run;
  const started = rollout.rerun === 'intended' && !isOurs ? await startedSince(rerun, jobId, rollout.appliedAt, ports) : null;
  if (!isOurs && !started && isTooLate(rollout, seen.at)) return { failed: null, notes: givenUp(rollout, seen) };
  const stopped = isOurs || started?.done ? null : await ports.mayGoOn();
  if (stopped) return { failed: [stopped] };
  if (rollout.rerun === 'none')
    await ports.log.append(keyOf(change), { what: 'rerun-intent', ...seen, how: rerun.how, subject: rerun.runId ?? jobId });
  const answer = started ?? (await start(rerun, jobId, tokenOf(change, rollout), ports));
  if (answer.done) return { failed: null, notes: [{ what: 'rerun', ...seen, id: answer.id }] };
  return { failed: [notStarted(change, answer.why)] };
}

async function restart(
  change: MergedChange,
  jobId: string,
  how: 'restart' | 'cancel-and-run',
  rollout: Rollout,
  ports: RerunPorts,
  seen: Seen,
): Promise<Rerun> {
  const isOurs = rollout.rerun === 'intended' && rollout.rerunBy === seen.run;
  if (rollout.rerun === 'none') await ports.log.append(keyOf(change), { what: 'rerun-intent', ...seen, how, subject: jobId });
  const restarted = await restartStream(
    {
      ...{ key: keyOf(change), jobId, how, run: seen.run, stopping: rollout.stopping },
      since: rollout.rerunAt ?? seen.at,
      late: !isOurs && isTooLate(rollout, seen.at),
      token: tokenOf(change, rollout),
      mayAct: async () => (isOurs ? null : ports.mayGoOn()),
    },
    ports,
  );
  switch (restarted.end) {
    case 'done':
      return { failed: null, notes: [{ what: 'rerun', ...seen, id: restarted.id }] };
    case 'given-up':
      return { failed: null, notes: givenUp(rollout, seen, `; found ${restarted.found}`) };
    case 'failed': {
      const [first = notStarted(change, 'no end of it'), ...others] = restarted.reasons;
      return { failed: [first, ...others] };
    }
  }
}

function notStarted({ record }: MergedChange, observed: string): Reason {
  return { code: 'repair_failed', subject: record.target, expected: 'the approved rerun', observed };
}

/** Databricks starts one run for a token, however often it is asked; the restart after a rollback is another one. */
function tokenOf({ merge, path }: MergedChange, { state }: Rollout): string {
  return sha256Hex(state === 'rolled-back' ? `${merge} ${path} rollback` : `${merge} ${path}`);
}

function isTooLate({ rerun, rerunAt }: Rollout, now: string): boolean {
  return rerun === 'intended' && rerunAt !== null && Date.parse(now) - Date.parse(rerunAt) > INTENT_VALID_MINUTES * 60_000;
}

/** What was approved was a rerun then, not now: a person starts it, and verification goes on with the next run. */
function givenUp({ rerunAt, rerunBy }: Rollout, { at, run }: Seen, found = ''): readonly RolloutEntry[] {
  const detail = `repair_failed rerun: expected a start within ${INTENT_VALID_MINUTES} minutes of its intent, found an intent of ${rerunAt} by run ${rerunBy}${found}; start it by hand`;
  return [
    { what: 'rerun', at, run, id: null },
    { what: 'refused', at, run, code: 'repair_failed', detail },
  ];
}

/** What an earlier attempt already started: a repair or run that is newer than the apply. */
async function startedSince(rerun: Asked, jobId: string, since: string, ports: RerunPorts): Promise<WriteAnswer | null> {
  const found = rerun.how === 'repair' && rerun.runId ? await ports.reader.run(rerun.runId) : await ports.reader.runs(jobId, 5);
  if (!found.known) return { done: false, sure: false, why: `cannot tell whether the rerun was started: ${found.why}` };
  const runs: readonly Run[] = 'id' in found.value ? [found.value] : found.value;
  const newer = runs.find((one) => lastStart(one) >= Date.parse(since));
  return newer ? { done: true, id: newer.id } : null;
}

async function start(rerun: Asked, jobId: string, token: string, ports: RerunPorts): Promise<WriteAnswer> {
  if (rerun.how !== 'repair' || !rerun.runId) return ports.writer.runNow(jobId, token, rerun.parameters);
  const failed = await ports.reader.run(rerun.runId);
  if (!failed.known) return { done: false, sure: true, why: failed.why };
  const foreign = foreignRun(failed.value, jobId);
  if (foreign) return { done: false, sure: true, why: `${foreign.subject} is ${foreign.observed}, not ${foreign.expected}` };
  return ports.writer.repair(rerun.runId, failed.value.repairs.at(-1)?.id ?? null);
}
