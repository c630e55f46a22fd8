import { Temporal } from 'temporal-polyfill';
import type { Freeze, Window } from '../model/config.ts';
import type { Reason } from '../model/reason.ts';
import { type ReadFreeze, type ReadWindow, readFreeze, readWindow } from './wall-time.ts';

export interface WindowState {
  readonly open: boolean;
  /** Why it is closed; empty when it is open. */
  readonly reasons: readonly Reason<'outside_window' | 'freeze_active' | 'window_unreadable'>[];
  /** ISO instant of the next opening; null when it is open, unreadable or never opens. */
  readonly opensAt: string | null;
}

interface Calendar {
  readonly windows: readonly ReadWindow[];
  readonly freezes: readonly ReadFreeze[];
}

/** Windows repeat every week, but a clock change can swallow one opening: two weeks and a day show the next. */
const SEARCHED_DAYS = 15;

/**
 * Whether change is allowed at an instant (ISO 8601, with its offset or Z). No windows means always, a freeze means never, and a window or freeze
 * that cannot be read means closed, whatever the others say.
 */
export function windowAt(windows: readonly Window[], freezes: readonly Freeze[], at: string): WindowState {
  const instant = instantOf(at);
  if (instant === null) return { open: false, reasons: [unreadable('now', at)], opensAt: null };
  const [readWindows, readFreezes] = [readAll(windows, readWindow), readAll(freezes, readFreeze)];
  const faults = [...readWindows.faults, ...readFreezes.faults];
  if (faults.length > 0) return { open: false, reasons: faults, opensAt: null };
  const calendar = { windows: readWindows.read, freezes: readFreezes.read };
  const reasons = closedBecause(calendar, instant);
  return { open: reasons.length === 0, reasons, opensAt: reasons.length === 0 ? null : nextOpening(calendar, instant) };
}

function readAll<Written extends Window | Freeze, Read>(all: readonly Written[], readOne: (one: Written) => Read | null) {
  const read: Read[] = [];
  const faults: Reason<'window_unreadable'>[] = [];
  for (const one of all) {
    const found = readOne(one);
    if (found) read.push(found);
    else faults.push(unreadable(one.name, `${one.from}-${one.to} ${one.zone}`));
  }
  return { read, faults };
}

function closedBecause({ windows, freezes }: Calendar, at: Temporal.Instant): WindowState['reasons'] {
  const frozen = freezes
    .filter((freeze) => freeze.covers(at))
    .map(({ freeze }) => ({
      code: 'freeze_active' as const,
      subject: freeze.name,
      expected: 'no freeze',
      observed: `${freeze.from} to ${freeze.to} inclusive, ${freeze.zone}`,
    }));
  if (windows.length === 0 || windows.some((window) => window.covers(at))) return frozen;
  const names = windows.map(({ window }) => window.name).join(', ');
  return [...frozen, { code: 'outside_window', subject: names, expected: 'an open window', observed: at.toString() }];
}

/**
 * The first instant after `at` at which a window begins or ends, or a freeze does, so that what `windowAt` says differs; null: it stays as it is.
 * A calendar that cannot be read stays closed.
 */
export function calendarChange(windows: readonly Window[], freezes: readonly Freeze[], at: string): string | null {
  const instant = instantOf(at);
  const [readWindows, readFreezes] = [readAll(windows, readWindow), readAll(freezes, readFreeze)];
  if (instant === null || readWindows.faults.length + readFreezes.faults.length > 0) return null;
  const calendar = { windows: readWindows.read, freezes: readFreezes.read };
  const before = shutBy(calendar, instant);
  return firstMoment(calendar, instant, ['from', 'to'], (moment) => shutBy(calendar, moment) !== before);
}

function shutBy(calendar: Calendar, at: Temporal.Instant): string {
  return JSON.stringify(closedBecause(calendar, at).map(({ code, subject }) => [code, subject]));
}

function nextOpening(calendar: Calendar, now: Temporal.Instant): string | null {
  return firstMoment(calendar, now, ['from'], (moment) => closedBecause(calendar, moment).length === 0);
}

/** Tries every moment at which a calendar can change: the edges of windows that are asked for, a freeze's start or end, a clock change. */
function firstMoment(
  { windows, freezes }: Calendar,
  now: Temporal.Instant,
  edges: readonly ('from' | 'to')[],
  is: (moment: Temporal.Instant) => boolean,
): string | null {
  const frozen = freezes.flatMap(({ start, end }) => (edges.includes('to') ? [start, end] : [end]));
  for (const base of [now, ...frozen].sort(Temporal.Instant.compare)) {
    const until = base.add({ hours: SEARCHED_DAYS * 24 });
    const moments = [
      ...windows.flatMap((window) => edges.flatMap((edge) => window.moments(base, SEARCHED_DAYS, edge))),
      ...frozen,
    ]
      .filter((moment) => Temporal.Instant.compare(moment, now) > 0 && Temporal.Instant.compare(moment, until) <= 0)
      .sort(Temporal.Instant.compare);
    const found = moments.find(is);
    if (found) return found.toString();
  }
  return null;
}

function instantOf(text: string): Temporal.Instant | null {
  try {
    return Temporal.Instant.from(text);
  } catch {
    return null;
  }
}

function unreadable(subject: string, observed: string): Reason<'window_unreadable'> {
  return { code: 'window_unreadable', subject, expected: 'days, wall times or dates, and an IANA zone', observed };
}
