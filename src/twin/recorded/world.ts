import type { RecordedWorld } from '../../model/suite.ts';
import { startDatabricks, type TwinDatabricks } from '../databricks/server.ts';
import { startMetrics, type TwinMetrics } from '../metrics/server.ts';
import { recordedPipeline } from './pipeline.ts';

/** A workspace and a Prometheus that show one recorded moment. */
export interface RecordedPlant {
  readonly now: Date;
  readonly databricks: TwinDatabricks;
  readonly metrics: TwinMetrics;
  readonly token: string;
  close(): Promise<void>;
}

const hour = 3_600_000;

/** Starts the emulators over a recording, on loopback; `now` is the moment of the alert, at which time stands still. */
export async function startRecorded(
  { series, runs }: RecordedWorld,
  job: { readonly id: string; readonly settings: string } | null,
  now: Date,
): Promise<RecordedPlant> {
  const pipeline = recordedPipeline({ job, runs, series, now });
  const jobs = job === null ? [] : [{ jobId: job.id, settings: job.settings }];
  const tokens = { read: 'recorded-read', write: 'recorded-write', deploy: 'recorded-deploy' };
  const databricks = await startDatabricks({ jobs, tokens }, { clock: () => now, pipeline });
  const longest = Math.max(0, ...series.map(({ values }) => values.length)) * 60_000;
  // A scrape a minute is what the recording holds, and back-filled samples have no stale marks.
  const since = new Date(now.getTime() - Math.max(hour, longest));
  const metrics = await startMetrics({ clock: () => now, source: pipeline, since, staleMarks: false });
  const close = async () => void (await Promise.all([databricks.close(), metrics.close()]));
  return { now, databricks, metrics, token: tokens.read, close };
}
