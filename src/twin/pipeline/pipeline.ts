import type { RepositoryFiles } from './conf-file.ts';
import type { NodeType } from './node-types.ts';
import type { Pace } from './pace.ts';
import type { Run } from './run.ts';
import { RunningPipeline } from './running-pipeline.ts';
import type { Sample } from './series.ts';
import type { StreamHistory } from './stream-history.ts';
import type { Workload } from './workload.ts';

/** Where the pipeline reads the settings that a run starts with: the Databricks emulator, once it is attached. */
export interface LiveJobs {
  settingsText(jobId: string): string | undefined;
  readonly nodeTypes: readonly NodeType[];
}

export type RunRefused = { readonly refused: string };

export interface Pipeline {
  readonly workloads: readonly Workload[];
  /** The instant up to which everything has happened. */
  now(): Date;
  /** Lets scheduled runs start, queued ones follow and streams flow up to this instant; an earlier instant changes nothing. */
  advanceTo(date: Date): void;
  attach(jobs: LiveJobs): void;
  /** A job's settings were written. Only a lower `timeout_seconds` acts on runs that are up; all else waits for the next run. */
  settingsChanged(jobId: string): void;
  runNow(
    jobId: string,
    options?: { readonly token?: string; readonly parameters?: ReadonlyMap<string, string>; readonly only?: ReadonlySet<string> },
  ): string;
  repair(
    runId: string,
    request: { readonly taskKeys: ReadonlySet<string> | 'failed'; readonly latestRepairId?: string },
  ): { readonly repairId: string } | RunRefused;
  cancel(runId: string): void;
  /** Cancels a job's active runs and starts it anew with its current settings, as somebody pressing "Restart run". */
  restart(jobId: string): string;
  runs(jobId?: string): readonly Run[];
  run(runId: string): Run | undefined;
  streams(): readonly StreamHistory[];
  /** What the exporters would show if scraped at this instant (not after `now()`). */
  series(at: Date): readonly Sample[];
}

export interface PipelineSeed {
  readonly workloads: readonly Workload[];
  /** The instant at which the rehearsal starts; each workload has its history before it. */
  readonly start: Date;
  readonly nodeTypes?: readonly NodeType[];
  readonly pace?: Pace;
  /** Where jobs that take their Spark settings from a file of the repository find it. */
  readonly files?: RepositoryFiles;
}

export function createPipeline(seed: PipelineSeed): Pipeline {
  return new RunningPipeline(seed);
}
