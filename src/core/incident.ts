import type { Signal } from '../model/signal.ts';
import { canonicalJson, sha256Hex } from './canonical.ts';

/**
 * The identity of the incident that a signal belongs to: 16 hex digits over repository, alert name and those identity labels that the signal
 * has. Times, values, titles and other labels never count, so that a repeated alert finds its incident again.
 */
export function incidentIdentity(
  repository: string,
  signal: Pick<Signal, 'alertname' | 'labels'>,
  identityLabels: readonly string[],
): string {
  // To Prometheus an empty label is an absent one.
  const entries = identityLabels.flatMap((label) => (signal.labels[label] ? [[label, signal.labels[label]] as const] : []));
  const labels = Object.fromEntries(entries);
  return sha256Hex(canonicalJson({ repository, alertname: signal.alertname, labels })).slice(0, 16);
}
