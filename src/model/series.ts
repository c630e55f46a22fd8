/** One series as Prometheus answered it. */
export interface MetricSeries {
  readonly labels: Readonly<Record<string, string>>;
  /** [seconds since 1970, value]; NaN and infinities are kept as they are. */
  readonly points: readonly (readonly [number, number])[];
  /** True when Prometheus warned or the answer was cut: other series or points may be missing. */
  readonly partial?: boolean;
  /** The server's own warnings and infos about the answer; outside text, cut. */
  readonly notes?: readonly string[];
}
