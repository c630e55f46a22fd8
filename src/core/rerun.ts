import type { Run } from '../model/job.ts';
import type { Reason, RolloutReasonCode } from '../model/reason.ts';
import type { ChangeRecord } from '../model/record.ts';
import type { Target } from '../model/target.ts';

/** The one run that a record asks for: after its change was applied, or as all that it does. */
export interface Rerun {
  readonly how: 'repair' | 'run-now';
  readonly runId: string | null;
  readonly parameters: Readonly<Record<string, string>>;
}

/** What a record asks to be run, wherever it says so; null: nothing. */
export function rerunOf({ rerun, action }: Pick<ChangeRecord, 'rerun' | 'action'>): Rerun | null {
  if (action?.do === 'repair') return { how: 'repair', runId: action.runId, parameters: {} };
  if (action?.do === 'run-now') return { how: 'run-now', runId: null, parameters: action.parameters };
  return rerun ? { how: rerun.how, runId: rerun.run_id, parameters: {} } : null;
}

/** Why a record asks for more than its target permits; null: it does not. A cancel is nothing that a record can ask for yet. */
export function forbiddenRerun(record: Pick<ChangeRecord, 'rerun' | 'action'>, target: Target): string | null {
  if (record.action?.do === 'cancel') return 'cancel';
  if (record.action && record.rerun) return 'an action and a rerun';
  const rerun = rerunOf(record);
  return rerun === null || rerun.how === target.rerun ? null : rerun.how;
}

/** A run is repaired only when it is a run of the record's own job: the id stands in a file that anybody could have written. */
export function foreignRun(run: Run, jobId: string): Reason<RolloutReasonCode> | null {
  if (run.jobId === jobId) return null;
  return { code: 'repair_failed', subject: `run ${run.id}`, expected: `a run of job ${jobId}`, observed: `of job ${run.jobId}` };
}
