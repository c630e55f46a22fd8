import type { Config } from '../model/config.ts';
import type { IncidentState } from '../model/history.ts';
import type { Signal } from '../model/signal.ts';

/** An issue that carries this identity, as it stands now. */
export interface KnownIncident {
  readonly number: number;
  readonly state: 'open' | 'closed';
  readonly closedAt: string | null;
  /** Until when somebody wants it quiet; null: nobody does. */
  readonly quietUntil: string | null;
}

export type Opening =
  | { readonly do: 'open' }
  /** The hour is full: it waits on the summary until there is room. */
  | { readonly do: 'wait' }
  | { readonly do: 'join' | 'reopen' | 'resolve' | 'quiet'; readonly issue: number }
  | { readonly do: 'nothing'; readonly why: string };

/**
 * What a signal does to the incidents of its identity: one open incident an identity; a repeat joins it, a resolve marks it, and a
 * return within `reopen_within` opens the old issue again rather than a new one. One that is kept quiet only hears of it.
 */
export function openingOf(
  signal: Pick<Signal, 'status'>,
  incidents: readonly KnownIncident[],
  config: Pick<Config, 'reopenWithinHours'>,
  { now, room }: { readonly now: string; readonly room: boolean },
): Opening {
  const open = incidents.find((incident) => incident.state === 'open');
  const newest = open ?? incidents.toSorted((a, b) => b.number - a.number)[0];
  if (newest?.quietUntil && newest.quietUntil > now) return { do: 'quiet', issue: newest.number };
  if (signal.status === 'resolved')
    return open ? { do: 'resolve', issue: open.number } : { do: 'nothing', why: 'resolved, and no incident is open' };
  if (open) return { do: 'join', issue: open.number };
  const recent = incidents
    .filter((incident) => incident.closedAt !== null && hoursBetween(incident.closedAt, now) < config.reopenWithinHours)
    .sort((a, b) => b.number - a.number)[0];
  if (recent) return { do: 'reopen', issue: recent.number };
  return { do: room ? 'open' : 'wait' };
}

/** Whether one more incident may be opened: those of the last sixty minutes are counted by when GitHub says they were created. */
export function hasRoom(createdAt: readonly string[], incidentsPerHour: number, now: string): boolean {
  return createdAt.filter((at) => hoursBetween(at, now) < 1).length < incidentsPerHour;
}

/**
 * What an incident is still owed when its alert comes again. An attempt that was cut short leaves an issue without history, or one that is
 * open although its history ends closed; whoever reopens an issue by hand asks for the same.
 */
export function debtOf(state: IncidentState): 'opening' | 'reopening' | 'answer' | null {
  if (state.signal === null) return 'opening';
  if (state.closedAt !== null) return 'reopening';
  return state.owed || (state.investigations === 0 && state.blocked === null) ? 'answer' : null;
}

const FLAPS_TO_TUNE = 3;

/** An alert that keeps coming back is the thing to mend: from its third return on it is not investigated any more. */
export function isFlapping({ flaps }: Pick<IncidentState, 'flaps'>): boolean {
  return flaps.length >= FLAPS_TO_TUNE;
}

/** Minutes between the two returns that lie farthest apart: held for that long, the alert would have been one. */
export function minutesToHold(flaps: readonly string[]): number {
  const times = flaps.map((at) => Date.parse(at)).sort((a, b) => a - b);
  const gaps = times.slice(1).map((time, index) => (time - (times[index] ?? time)) / 60_000);
  return Math.max(1, Math.ceil(Math.max(0, ...gaps)));
}

function hoursBetween(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / 3_600_000;
}
