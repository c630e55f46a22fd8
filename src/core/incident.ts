import type { Signal } from '../model/signal.ts';
import { canonicalJson, sha256Hex } from './canonical.ts';

export type Phase =
  | 'opened'
  | 'diagnosed'
  | 'proposed'
  | 'approved'
  | 'merged'
  | 'applied'
  | 'awaiting-run'
  | 'verified'
  | 'escalated'
  | 'dismissed'
  | 'rolled-back'
  | 'closed';

/**
 * Which phases may follow each. Before the merge a new diagnosis or head leads back; after it only forward or to a side exit. Whatever is
 * closed may open again when its alert comes back.
 */
export const NEXT_PHASES: Readonly<Record<Phase, readonly Phase[]>> = {
  opened: ['diagnosed', 'escalated', 'dismissed', 'closed'],
  diagnosed: ['diagnosed', 'proposed', 'escalated', 'dismissed', 'closed'],
  proposed: ['diagnosed', 'approved', 'merged', 'escalated', 'dismissed', 'closed'],
  approved: ['diagnosed', 'proposed', 'merged', 'escalated', 'dismissed', 'closed'],
  merged: ['applied', 'escalated', 'dismissed'],
  applied: ['awaiting-run', 'verified', 'rolled-back', 'escalated'],
  'awaiting-run': ['verified', 'rolled-back', 'escalated'],
  verified: ['rolled-back', 'closed'],
  escalated: ['diagnosed', 'proposed', 'applied', 'rolled-back', 'dismissed', 'closed'],
  dismissed: ['closed'],
  'rolled-back': ['diagnosed', 'escalated', 'closed'],
  closed: ['opened'],
};

/** True when an incident in phase `from` may go to phase `to` next. */
export function mayFollow(from: Phase, to: Phase): boolean {
  return NEXT_PHASES[from].includes(to);
}

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
