import type { RecordedRun, RecordedSeries } from '../../model/suite.ts';
import { readJob } from '../pipeline/job.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import type { Run } from '../pipeline/run.ts';
import type { Sample } from '../pipeline/series.ts';
import { runOf } from './run.ts';

const minute = 60_000;

export interface Recording {
  readonly job: { readonly id: string; readonly settings: string } | null;
  readonly runs: readonly RecordedRun[];
  readonly series: readonly RecordedSeries[];
  readonly now: Date;
}

/** What was recorded, shown as a pipeline shows itself: it stands still, and nothing can be run in it. */
export function recordedPipeline({ job, runs: recorded, series, now }: Recording): Pipeline {
  const runs: readonly Run[] =
    job === null
      ? []
      : recorded.map((run, number) =>
          runOf({ jobId: job.id, settings: job.settings, shape: readJob(job.settings) }, run, number, now.getTime()),
        );
  const refuse = (): never => {
    throw new Error('a recording runs nothing');
  };
  return {
    workloads: [],
    now: () => now,
    advanceTo: () => {},
    attach: () => {},
    settingsChanged: () => {},
    ...{ runNow: refuse, restart: refuse, cancel: refuse, repair: () => ({ refused: 'a recording runs nothing' }) },
    runs: (jobId) => runs.filter((run) => jobId === undefined || run.jobId === jobId),
    run: (runId) => runs.find((run) => run.runId === runId),
    streams: () => [],
    series: (at) => samplesAt(series, now, at),
  };
}

/** The samples of whole minutes; between them nothing is scraped. */
function samplesAt(series: readonly RecordedSeries[], now: Date, at: Date): readonly Sample[] {
  const ago = (now.getTime() - at.getTime()) / minute;
  if (!Number.isInteger(ago)) return [];
  return series.flatMap(({ name, labels, values }) => {
    const value = values[values.length - 1 - ago] ?? null;
    return value === null ? [] : [{ name, labels, value, type: 'gauge' as const }];
  });
}
