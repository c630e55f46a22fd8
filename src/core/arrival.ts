import type { Alerts } from '../model/delivery.ts';
import type { Signal } from '../model/signal.ts';
import { incidentIdentity } from './incident.ts';
import type { Telling } from './sighting.ts';

/** Everything that was told about one incident in one go. */
export interface Arrival extends Telling {
  readonly identity: string;
  /** The alert that stands for the incident now: one that fires, if any does. */
  readonly signal: Signal;
}

/** Alerts by the incident they belong to, in the order in which the incidents were first named. */
export function arrivalsOf(alerts: readonly Alerts[], repository: string, identityLabels: readonly string[]): readonly Arrival[] {
  const told = new Map<string, { signals: Signal[]; at: string; truncated: number }>();
  for (const { at, signals, truncated } of alerts) {
    for (const signal of signals) {
      const identity = incidentIdentity(repository, signal, identityLabels);
      const one = told.get(identity) ?? { signals: [], at, truncated };
      one.signals.push(signal);
      told.set(identity, { ...one, at, truncated: Math.max(one.truncated, truncated) });
    }
  }
  return [...told].flatMap(([identity, one]) => {
    const signal = standingFor(one.signals);
    return signal ? [{ identity, signal, ...one }] : [];
  });
}

/** The last word about each alert counts, and one that fires comes before those that ended. */
function standingFor(signals: readonly Signal[]): Signal | undefined {
  const last = new Map(signals.map((signal) => [signal.fingerprint, signal]));
  return [...last.values()].findLast((signal) => signal.status === 'firing') ?? signals.at(-1);
}
