import { awsExporters } from './aws.ts';
import type { Exporter } from './exporter.ts';
import { kafkaExporters } from './kafka.ts';
import { sparkExporters } from './spark.ts';

/** Every exporter whose names are known. A runbook's variant is called after the exporter that it asks. */
export const exporters: readonly Exporter[] = [...kafkaExporters, ...awsExporters, ...sparkExporters];

/** What Prometheus itself adds to any scrape. */
const OF_PROMETHEUS = ['up', 'scrape_duration_seconds', 'scrape_samples_scraped', 'ALERTS'];

/** The exporter that a variant is called after: `yace_average` is asked of `yace`. Null where none has that name. */
export function exporterOf(variant: string): Exporter | null {
  const fitting = exporters.filter(({ id }) => variant === id || variant.startsWith(`${id}_`));
  return fitting.toSorted((one, other) => other.id.length - one.id.length)[0] ?? null;
}

/** Whether an exporter gives this metric. A name with a colon is a recording rule's, which no exporter gives. */
export function gives(exporter: Exporter, metric: string): boolean {
  return (
    metric.includes(':') ||
    OF_PROMETHEUS.includes(metric) ||
    exporter.metrics.includes(metric) ||
    exporter.families.some((family) => family.test(metric))
  );
}
