/** A normalised alert from any source. Every string in it comes from outside and is data only (law 6). */
export interface Signal {
  readonly source: 'alertmanager' | 'grafana' | 'databricks' | 'dispatch';
  readonly status: 'firing' | 'resolved';
  readonly alertname: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** ISO 8601 instants; `endsAt` is null while the alert fires. */
  readonly startsAt: string;
  readonly endsAt: string | null;
  /** The sender's own id of this alert; part of the delivery's identity, never of the incident's. */
  readonly fingerprint: string;
}
