import type { Run, TaskError } from '../model/job.ts';
import type { Known } from '../model/known.ts';

export interface ClusterEvent {
  readonly type: string;
  readonly at: string;
  readonly reason: string;
}

/** What is read of one failed run beside the run itself; each unknown on its own. */
export interface FailureReadings {
  /** Of its failed tasks, the one that failed first at the front; empty when nothing failed. */
  readonly errors: Known<readonly TaskError[]>;
  /** Of the clusters of its failed tasks: those of other runs too, where a cluster is shared. */
  readonly events: Known<readonly ClusterEvent[]>;
}

/** What a job's recent runs say, and what was read of the latest finished one, if it failed. */
export interface RunReadings extends FailureReadings {
  readonly runs: Known<readonly Run[]>;
  /** Of the runs that failed directly before it, the newest first, as many as were looked at; absent where nobody looked. */
  readonly earlier?: readonly FailureReadings[];
}
