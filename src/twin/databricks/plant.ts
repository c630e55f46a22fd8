import type { TwinClock } from '../clock.ts';
import { createTwinClock, serveClock } from '../clock.ts';
import type { TwinMetrics } from '../metrics/server.ts';
import { startMetrics } from '../metrics/server.ts';
import type { RepositoryFiles } from '../pipeline/conf-file.ts';
import type { Pace } from '../pipeline/pace.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import { createPipeline } from '../pipeline/pipeline.ts';
import type { Workload } from '../pipeline/workload.ts';
import type { WorkloadName } from '../pipeline/workloads.ts';
import { workload } from '../pipeline/workloads.ts';
import type { DatabricksSeed, TwinDatabricks } from './server.ts';
import { startDatabricks } from './server.ts';

/** The data side of the rehearsal world: one clock, one pipeline, and the two systems that show it. */
export interface Plant {
  readonly clock: TwinClock;
  readonly clockUrl: string;
  readonly pipeline: Pipeline;
  readonly databricks: TwinDatabricks;
  readonly metrics: TwinMetrics;
  readonly tokens: DatabricksSeed['tokens'];
  close(): Promise<void>;
}

export interface PlantSeed {
  /** Rehearsed jobs by their names, or jobs of one's own. */
  readonly workloads: readonly (WorkloadName | Workload)[];
  readonly start: Date;
  readonly clock?: TwinClock;
  readonly pace?: Pace;
  readonly files?: RepositoryFiles;
  readonly federation?: DatabricksSeed['federation'];
  readonly tokens?: DatabricksSeed['tokens'];
}

/** Starts clock, pipeline, Databricks and metrics together; the seeded jobs are those of the workloads. */
export async function startPlant(seed: PlantSeed): Promise<Plant> {
  const clock = seed.clock ?? createTwinClock(seed.start);
  const workloads = seed.workloads.map((one) => (typeof one === 'string' ? workload(one, seed.start) : one));
  const pipeline = createPipeline({
    workloads,
    start: seed.start,
    ...(seed.pace && { pace: seed.pace }),
    ...(seed.files && { files: seed.files }),
  });
  const tokens = seed.tokens ?? { read: 'twin-read-token', write: 'twin-write-token', deploy: 'twin-deploy-token' };
  const federation = seed.federation === undefined ? {} : { federation: seed.federation };
  const databricks = await startDatabricks({ jobs: workloads, tokens, ...federation }, { clock: clock.now, pipeline });
  const metrics = await startMetrics({ clock: clock.now, source: pipeline });
  const clockServer = await serveClock(clock);
  const removeListener = clock.onMove(metrics.scrapeDue);
  const close = async (): Promise<void> => {
    removeListener();
    await Promise.all([databricks.close(), metrics.close(), clockServer.close()]);
  };
  return { clock, clockUrl: clockServer.url, pipeline, databricks, metrics, tokens, close };
}
