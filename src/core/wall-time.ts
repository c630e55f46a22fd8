import { Temporal } from 'temporal-polyfill';
import type { Freeze, Weekday, Window } from '../model/config.ts';

/** A window that could be read. Wall times are compared in its zone, never durations: Saturday 22:00 to Sunday 06:00 lasts 7, 8 or 9 hours. */
export interface ReadWindow {
  readonly window: Window;
  covers(at: Temporal.Instant): boolean;
  /** Instants in the days after `base` at which the window may begin to cover (`from`), or cease to (`to`). */
  moments(base: Temporal.Instant, days: number, edge: 'from' | 'to'): readonly Temporal.Instant[];
}

export interface ReadFreeze {
  readonly freeze: Freeze;
  readonly start: Temporal.Instant;
  readonly end: Temporal.Instant;
  covers(at: Temporal.Instant): boolean;
}

const DAYS: readonly Weekday[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

/** Null when a time, a day or the zone cannot be read. */
export function readWindow(window: Window): ReadWindow | null {
  const [from, to] = [secondsOf(window.from), secondsOf(window.to)];
  const days = window.days.map((day) => DAYS.indexOf(day) + 1);
  if (
    from === null ||
    to === null ||
    from === to ||
    from >= 86_400 ||
    days.length === 0 ||
    days.includes(0) ||
    !isZone(window.zone)
  )
    return null;
  return {
    window,
    covers: (at) => {
      const local = at.toZonedDateTimeISO(window.zone);
      const wall = local.hour * 3600 + local.minute * 60 + local.second;
      const yesterday = ((local.dayOfWeek + 5) % 7) + 1;
      if (from < to) return days.includes(local.dayOfWeek) && wall >= from && wall < to;
      return (days.includes(local.dayOfWeek) && wall >= from) || (days.includes(yesterday) && wall < to);
    },
    moments: (base, count, edge) => {
      const first = base.toZonedDateTimeISO(window.zone);
      const time = Temporal.PlainTime.from(window[edge] === '24:00' ? '00:00' : window[edge]);
      const edges = Array.from({ length: count + 1 }, (_, day) => first.toPlainDate().add({ days: day })).flatMap((date) =>
        bothOf(date.toPlainDateTime(time), window.zone),
      );
      return [...edges, ...clockChanges(first, count)];
    },
  };
}

/** Null when a date or the zone cannot be read, or the end lies before the start. */
export function readFreeze(freeze: Freeze): ReadFreeze | null {
  const [from, to] = [dateOf(freeze.from), dateOf(freeze.to)];
  if (from === null || to === null || !isZone(freeze.zone) || Temporal.PlainDate.compare(from, to) > 0) return null;
  return {
    freeze,
    start: from.toZonedDateTime(freeze.zone).toInstant(),
    end: to.add({ days: 1 }).toZonedDateTime(freeze.zone).toInstant(),
    covers: (at) => {
      const date = at.toZonedDateTimeISO(freeze.zone).toPlainDate();
      return Temporal.PlainDate.compare(date, from) >= 0 && Temporal.PlainDate.compare(date, to) <= 0;
    },
  };
}

/** When clocks go back an hour of the night comes twice, and so does a wall time in it. */
function bothOf(wall: Temporal.PlainDateTime, zone: string): readonly Temporal.Instant[] {
  const [first, second] = (['earlier', 'later'] as const).map((disambiguation) =>
    wall.toZonedDateTime(zone, { disambiguation }).toInstant(),
  );
  return first && second && !first.equals(second) ? [first, second] : first ? [first] : [];
}

/** When clocks go forward into a window, or back behind its start, it opens at the change itself. */
function clockChanges(first: Temporal.ZonedDateTime, days: number): readonly Temporal.Instant[] {
  const changes: Temporal.Instant[] = [];
  const until = first.add({ days });
  let next = first.getTimeZoneTransition('next');
  while (next !== null && Temporal.ZonedDateTime.compare(next, until) <= 0) {
    changes.push(next.toInstant());
    next = next.getTimeZoneTransition('next');
  }
  return changes;
}

function secondsOf(text: string): number | null {
  const [, hours, minutes] = /^([01]\d|2[0-4]):([0-5]\d)$/.exec(text) ?? [];
  const seconds = Number(hours) * 3600 + Number(minutes) * 60;
  return seconds <= 86_400 ? seconds : null;
}

function dateOf(text: string): Temporal.PlainDate | null {
  try {
    return /^\d{4}-\d\d-\d\d$/.test(text) ? Temporal.PlainDate.from(text) : null;
  } catch {
    return null;
  }
}

function isZone(zone: string): boolean {
  // An offset, or a whole instant with a zone in it, is one to Temporal: neither knows of a clock change.
  if (!/^[A-Za-z]/.test(zone)) return false;
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone);
    return true;
  } catch {
    return false;
  }
}
