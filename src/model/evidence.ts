export type EvidenceQuality = 'fresh' | 'stale' | 'absent' | 'negative' | 'partial' | 'unreadable';
export type EvidenceSource = 'prometheus' | 'databricks' | 'spark' | 'git';

/** A fact read from a system while investigating. A number that is not `fresh` is unknown, never zero. */
export interface Evidence {
  /** Short and unique within one investigation: `E1`, `E2`, … */
  readonly id: string;
  /** The runbook's name for it, such as `lag` or `oom_error`. */
  readonly name: string;
  readonly source: EvidenceSource;
  /** The PromQL, API call or file that produced it. */
  readonly query: string;
  readonly window: string;
  readonly unit: string;
  readonly value: number | string | boolean | null;
  readonly quality: EvidenceQuality;
  /** ISO instant at which it was read. */
  readonly at: string;
  /** Points of a range, [seconds since 1970, value], bounded; empty for an instant. */
  readonly points: readonly (readonly [number, number])[];
  readonly note: string;
}
