import type { Run } from '../model/job.ts';
import type { ClusterEvent } from './run-readings.ts';

/** A cluster is terminated a little after its run ended; what comes later belongs to another run. Chosen, not measured. */
const AFTER_MS = 600_000;
/** Ends of a cluster that explain no failure. */
const PLAIN_ENDS: readonly string[] = ['', 'JOB_FINISHED', 'USER_REQUEST', 'INACTIVITY', 'SUCCESS'];
/** Events that may explain a failure. That nodes could not be added is left out: a run that has fewer of them goes on. */
const TELLING = /^(?:NODES_LOST|DRIVER_NOT_RESPONDING|DRIVER_UNAVAILABLE|METASTORE_DOWN|DBFS_DOWN)$/;

/** Events while the run lasted: a cluster that several runs share has those of the others too. */
export function eventsDuring(run: Run, events: readonly ClusterEvent[]): readonly ClusterEvent[] {
  const [from, to] = [Date.parse(run.startedAt), Date.parse(run.endedAt ?? '') + AFTER_MS];
  return events.filter(({ at }) => {
    const when = Date.parse(at);
    // An instant that cannot be read excludes nothing: it may have been during the run.
    return !(when < from) && !(when > to);
  });
}

/** Why the cluster was terminated: the first reason that explains a failure, else any, else `none`. */
export function clusterReason(during: readonly ClusterEvent[]): string {
  const reasons = during.flatMap(({ type, reason }) => (type === 'TERMINATING' && reason !== '' ? [reason] : []));
  return reasons.find((reason) => !PLAIN_ENDS.includes(reason)) ?? reasons[0] ?? 'none';
}

export function nodesLost(during: readonly ClusterEvent[]): number {
  return during.filter(({ type }) => type === 'NODES_LOST').length;
}

/** Nodes that the cloud took back; null where nodes were lost and no event says why. */
export function preemptedNodes(during: readonly ClusterEvent[]): number | null {
  const taken = during.filter(({ reason }) => /SPOT|PREEMPT/i.test(reason)).length;
  const unexplained = during.some(({ type, reason }) => type === 'NODES_LOST' && reason === '');
  return taken === 0 && unexplained ? null : taken;
}

/** What events say of a failure, apart by whether the cluster ended of it. */
export function toldByEvents(during: readonly ClusterEvent[]): { readonly ends: string; readonly others: string } {
  const ends = during.filter(({ type }) => type === 'TERMINATING').map(({ reason }) => `Reason: ${reason}`);
  const others = during.filter(({ type }) => TELLING.test(type)).map(({ type, reason }) => `${type} ${reason}`);
  return { ends: ends.join('\n'), others: others.join('\n') };
}
