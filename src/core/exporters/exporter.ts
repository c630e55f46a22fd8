/** What one exporter gives Prometheus, as its own source or page says; each file here names its sources. */
export interface Exporter {
  /** A runbook's variant of this name, or of this name and more (`yace_average`), is asked of this exporter. */
  readonly id: string;
  readonly metrics: readonly string[];
  /** Names that hold names of a job, or a statistic that is configured: no list is complete. */
  readonly families: readonly RegExp[];
  readonly labels: readonly string[];
}

/** `prefix_name` for each name. */
export function named(prefix: string, names: string): readonly string[] {
  return names
    .trim()
    .split(/\s+/)
    .map((name) => `${prefix}${name}`);
}
