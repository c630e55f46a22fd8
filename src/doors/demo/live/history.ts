import type { Plant } from '../../../twin/databricks/plant.ts';
import { openMetrics } from '../../../twin/metrics/exposition.ts';
import { scrapeInterval } from '../../../twin/metrics/server.ts';

/** Longer than any range that a shipped runbook reads, and than what went wrong in the workload. */
const HISTORY_MS = 3 * 3_600_000;

/**
 * What Prometheus would hold had it scraped the plant until now. The labels are those that it gives to what it scrapes itself: else
 * each series would be there twice, once ending and once beginning, and sums over five minutes would be double.
 */
export function historyOf(plant: Plant, scraped: { readonly job: string; readonly instance: string }): string {
  const now = plant.clock.now().getTime();
  plant.pipeline.advanceTo(new Date(now));
  const scrapes = [];
  for (let at = Math.ceil((now - HISTORY_MS) / scrapeInterval) * scrapeInterval; at <= now; at += scrapeInterval) {
    const samples = plant.pipeline.series(new Date(at));
    scrapes.push({ at, samples: samples.map((sample) => ({ ...sample, labels: { ...sample.labels, ...scraped } })) });
  }
  return openMetrics(scrapes);
}
