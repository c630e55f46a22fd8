import type { Job, Run } from '../model/job.ts';
import type { Known } from '../model/known.ts';
import type { Reason, RolloutReasonCode } from '../model/reason.ts';
import { lastStart } from './expected-run.ts';
import { startsByItself } from './job-facts.ts';

export interface RestartFacts {
  /** What was approved. */
  readonly how: 'restart' | 'cancel-and-run';
  readonly job: Known<Job>;
  readonly runs: Known<readonly Run[]>;
  /** ISO instant at which the settings that the next run is to have were noted as written. */
  readonly since: string;
  /** The run that is noted to be cancelled; null: none is. */
  readonly stopping: string | null;
  /** This attempt has asked for its cancellation. */
  readonly asked: boolean;
  /** It was intended too long ago to be begun now. */
  readonly late: boolean;
}

/** The one next thing to do with a stream that is to run with the settings it has now. */
export type RestartStep =
  | { readonly do: 'done'; readonly id: string | null }
  | { readonly do: 'intend-cancel' | 'cancel'; readonly runId: string }
  /** Its old run is still ending: a run beside it would be skipped. */
  | { readonly do: 'settle'; readonly runId: string }
  | { readonly do: 'run' }
  | { readonly do: 'give-up'; readonly found: string }
  | { readonly do: 'refuse'; readonly reason: Reason<RolloutReasonCode> };

/**
 * A restart as a decision over what the job runs now and what was noted before. A run that started since is the end of it, whoever started
 * it. What was stopped by us is started again however late it is: nobody approved a stream that stands still.
 */
export function nextRestartStep(facts: RestartFacts): RestartStep {
  const { how, job, runs, stopping } = facts;
  if (!runs.known) return refuse('runs', 'readable', runs.why);
  const isNew = (run: Run) => lastStart(run) >= Date.parse(facts.since);
  const newer = runs.value.find((run) => isNew(run) && run.outcome !== 'canceled' && run.outcome !== 'unknown');
  if (newer) return { do: 'done', id: newer.id };
  if (runs.value.some((run) => run.outcome === 'unknown' && run.endedAt === null))
    return refuse('active runs', 'a state that is known', 'another one');
  const [old, ...others] = runs.value.filter((run) => run.outcome === 'active' && !isNew(run));
  if (others.length > 0) return refuse('active runs', 'one', String(others.length + 1));
  if (facts.late && (old || stopping === null))
    return {
      do: 'give-up',
      found: old ? `run ${old.id}, which goes on with the settings it has` : 'no run of the job under way',
    };
  if (!job.known) return refuse('job', 'readable settings', job.why);
  const alone = startsByItself(job.value.settings);
  if (alone !== (how === 'restart')) return refuse(`job ${job.value.id}`, alone ? NOT_ALONE : ALONE, alone ? ALONE : NOT_ALONE);
  if (how === 'restart') return old ? { do: 'cancel', runId: old.id } : { do: 'done', id: null };
  if (!old) return { do: 'run' };
  if (stopping !== old.id) return { do: 'intend-cancel', runId: old.id };
  return { do: facts.asked ? 'settle' : 'cancel', runId: old.id };
}

const ALONE = 'an unpaused `continuous`, by which Databricks starts the next run itself';
const NOT_ALONE = 'no unpaused `continuous`: its next run has to be started';

function refuse(subject: string, expected: string, observed: string): RestartStep {
  return { do: 'refuse', reason: { code: 'repair_failed', subject, expected, observed } };
}
