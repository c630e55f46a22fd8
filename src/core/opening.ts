import type { Config } from '../model/config.ts';
import type { Signal } from '../model/signal.ts';

/** An issue that carries this identity, as it stands now. */
export interface KnownIncident {
  readonly number: number;
  readonly state: 'open' | 'closed';
  readonly closedAt: string | null;
}

export type Opening =
  | { readonly do: 'open' }
  | { readonly do: 'join'; readonly issue: number }
  | { readonly do: 'reopen'; readonly issue: number }
  | { readonly do: 'resolve'; readonly issue: number }
  | { readonly do: 'nothing'; readonly why: string };

/**
 * What a signal does to the incidents of its identity: one open incident an identity; a repeat joins it, a resolve marks it, and a
 * return within `reopen_within` opens the old issue again rather than a new one.
 */
export function openingOf(
  signal: Signal,
  incidents: readonly KnownIncident[],
  config: Pick<Config, 'reopenWithinHours'>,
  now: string,
): Opening {
  const open = incidents.find((incident) => incident.state === 'open');
  if (signal.status === 'resolved')
    return open ? { do: 'resolve', issue: open.number } : { do: 'nothing', why: 'resolved, and no incident is open' };
  if (open) return { do: 'join', issue: open.number };
  const recent = incidents
    .filter((incident) => incident.closedAt !== null && hoursBetween(incident.closedAt, now) < config.reopenWithinHours)
    .sort((a, b) => b.number - a.number)[0];
  return recent ? { do: 'reopen', issue: recent.number } : { do: 'open' };
}

function hoursBetween(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / 3_600_000;
}
