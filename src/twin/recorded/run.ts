import type { RecordedRun } from '../../model/suite.ts';
import type { ClusterShape, JobShape } from '../pipeline/job.ts';
import type { ClusterInstance, Failure, Result, Run, TaskAttempt } from '../pipeline/run.ts';
import { attemptsOf, pause } from './stage.ts';

const minute = 60_000;
const results: Readonly<Record<Exclude<RecordedRun['result'], 'active'>, Result>> = {
  succeeded: 'SUCCESS',
  failed: 'FAILED',
  canceled: 'CANCELED',
  'timed-out': 'TIMEDOUT',
};

export interface RecordedJob {
  readonly jobId: string;
  readonly settings: string;
  readonly shape: JobShape;
}

/** A run as the Jobs API shows it: every task of the job, the recorded one with its stages, its failure and its cluster's events. */
export function runOf(job: RecordedJob, recorded: RecordedRun, number: number, now: number): Run {
  const started = now - recorded.startedAgo * minute;
  const ended = recorded.minutes === null || recorded.result === 'active' ? null : started + recorded.minutes * minute;
  const runId = String(900_000 + number * 100);
  const result = recorded.result === 'active' ? 'SUCCESS' : results[recorded.result];
  const failing = recorded.task ?? job.shape.tasks.at(-1)?.taskKey;
  const attempts = job.shape.tasks.map((task, index): TaskAttempt => {
    const own = task.taskKey === failing;
    const cluster =
      task.cluster && clusterOf(task.cluster, recorded, `${runId}-${task.cluster.clusterKey ?? task.taskKey}`, started, ended);
    return {
      ...{ runId: String(900_000 + number * 100 + index + 1), taskKey: task.taskKey, settings: job.settings },
      ...{ dependsOn: task.dependsOn, attempt: 0, created: started, start: started, end: ended },
      result: own ? result : 'SUCCESS',
      failure: own ? failureOf(recorded) : null,
      cluster,
      batch: own ? fitting(batchOf(recorded), recorded) : null,
      inputBytes: 0,
    };
  });
  return {
    ...{ runId, jobId: job.jobId, name: job.shape.name, trigger: 'PERIODIC' as const, created: started, started, ended, result },
    ...{ settings: job.settings, parameters: new Map<string, string>(), attempts, repairs: [] },
  };
}

function failureOf({ failure, result }: RecordedRun): Failure | null {
  if (failure !== null) return failure;
  if (result === 'succeeded' || result === 'active') return null;
  return { code: 'RUN_EXECUTION_ERROR', type: 'CLIENT_ERROR', message: '', error: '', trace: '' };
}

function batchOf({ stages }: RecordedRun): NonNullable<TaskAttempt['batch']> {
  let start = 20_000;
  const run = stages.flatMap((stage, index) => {
    const made = attemptsOf(stage, 10 + index, start);
    start += made.reduce((total, { duration }) => total + duration + pause, 0);
    return made;
  });
  return { stages: run, duration: start, workers: 4, outOfMemory: run.some((stage) => stage.outOfMemory !== null) };
}

/** A log is cut off where its cluster ends: stages that last longer than their run would be lost in silence. */
function fitting(batch: NonNullable<TaskAttempt['batch']>, { minutes }: RecordedRun): TaskAttempt['batch'] {
  const seconds = Math.round(batch.duration / 1000);
  if (minutes !== null && batch.stages.length > 0 && batch.duration > minutes * minute)
    throw new RangeError(`the stages last ${seconds} s and their run ${minutes} min: let it take longer, or give it more slots`);
  return batch;
}

function clusterOf(
  shape: ClusterShape,
  { events }: RecordedRun,
  id: string,
  started: number,
  ended: number | null,
): ClusterInstance {
  const at = ended ?? started;
  return {
    ...{ clusterId: `1120-030000-${id}`, sparkContextId: `77${id.replace(/\D/g, '')}`, appId: `app-${id}`, shape },
    ...{ created: started, start: started },
    events: events.map(({ type, reason }) => ({ at, type, reason })),
  };
}
