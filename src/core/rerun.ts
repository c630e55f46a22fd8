import type { Run } from '../model/job.ts';
import type { Reason, RolloutReasonCode } from '../model/reason.ts';
import type { ChangeRecord, RerunHow } from '../model/record.ts';
import type { Target } from '../model/target.ts';

/** The one run that a record asks for: after its change was applied, or as all that it does. */
export interface Rerun {
  readonly how: RerunHow;
  readonly runId: string | null;
  readonly parameters: Readonly<Record<string, string>>;
}

/** What a record asks to be run, wherever it says so; null: nothing. */
export function rerunOf({ rerun, action }: Pick<ChangeRecord, 'rerun' | 'action'>): Rerun | null {
  if (action?.do === 'repair') return { how: 'repair', runId: action.runId, parameters: {} };
  if (action?.do === 'run-now') return { how: 'run-now', runId: null, parameters: action.parameters };
  return rerun ? { how: rerun.how, runId: rerun.run_id, parameters: {} } : null;
}

/** Whether it is an endless stream whose run is replaced by another one. */
export function restartsStream(how: RerunHow): how is 'restart' | 'cancel-and-run' {
  return how === 'restart' || how === 'cancel-and-run';
}

/** What a target's own word stands for: a stream may be started again exactly where its job may be run. */
const PERMITTED_BY: Readonly<Record<RerunHow, Target['rerun']>> = {
  repair: 'repair',
  'run-now': 'run-now',
  restart: 'run-now',
  'cancel-and-run': 'run-now',
};

type Asked = Pick<ChangeRecord, 'rerun' | 'action' | 'verification'>;

/**
 * Why a record asks for more than its target permits, or for what does not fit its job; null: it does not. A cancel alone is nothing that a
 * record can ask for yet.
 */
export function forbiddenRerun(record: Asked, target: Pick<Target, 'rerun'>): string | null {
  if (record.action?.do === 'cancel') return 'cancel';
  if (record.action && record.rerun) return 'an action and a rerun';
  const rerun = rerunOf(record);
  if (rerun === null) return null;
  if (PERMITTED_BY[rerun.how] !== target.rerun) return rerun.how;
  return record.rerun ? misfit(record.rerun.how, record.verification) : null;
}

/** A second run beside an endless one would wait for ever, and whoever waits for a run to end must not have it cancelled. */
function misfit(how: RerunHow, verification: Asked['verification']): string | null {
  if (verification === null || restartsStream(how) === (verification.kind === 'streaming')) return null;
  return `${how} of a ${verification.kind === 'streaming' ? 'stream' : 'batch job'}`;
}

/** A run is repaired only when it is a run of the record's own job: the id stands in a file that anybody could have written. */
export function foreignRun(run: Run, jobId: string): Reason<RolloutReasonCode> | null {
  if (run.jobId === jobId) return null;
  return { code: 'repair_failed', subject: `run ${run.id}`, expected: `a run of job ${jobId}`, observed: `of job ${run.jobId}` };
}
