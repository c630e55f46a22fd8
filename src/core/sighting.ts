import type { Sighting } from '../model/sighting.ts';
import type { Signal } from '../model/signal.ts';
import { sha256Hex } from './canonical.ts';

export interface Telling {
  readonly signals: readonly Signal[];
  readonly at: string;
  readonly truncated: number;
}

export interface Retold {
  readonly sighting: Sighting;
  readonly change: 'none' | 'repeat' | 'resolved' | 'returned';
  /** Whether the summary is edited now. That something ended or came back is always said; a mere repeat at most once a minute. */
  readonly due: boolean;
}

const ONCE_IN_MS = 60_000;
const MOST_FIRING = 50;

/** The first telling of an identity. */
export function firstSighting(telling: Telling): Sighting {
  const nothing = { firstAt: telling.at, lastAt: telling.at, count: 0, since: telling.at, resolvedAt: null, cut: 0 };
  return retold({ ...nothing, snoozedUntil: null, firing: [] }, telling).sighting;
}

/** What a telling adds. One that came in before what is known already (a retry) changes no state. */
export function retold(before: Sighting, telling: Telling): Retold {
  const late = Date.parse(telling.at) < Date.parse(before.lastAt) && !isAhead(before, telling.at);
  const firing = late ? before.firing : firingAfter(before.firing, telling.signals);
  const was = before.resolvedAt === null;
  const is = late ? was : firing.length > 0;
  const change = was === is ? (is ? 'repeat' : 'none') : is ? 'returned' : 'resolved';
  const started = telling.signals.flatMap((signal) => (signal.status === 'firing' ? instants(signal.startsAt) : []));
  const ends = telling.signals.flatMap((signal) => instants(signal.endsAt)).sort();
  const known = was && before.count > 0 ? [before.since] : [];
  const sighting: Sighting = {
    ...before,
    lastAt: late ? before.lastAt : telling.at,
    count: before.count + telling.signals.length,
    since: is ? ([...known, ...started].sort()[0] ?? before.since) : before.since,
    resolvedAt: is ? null : (before.resolvedAt ?? ends.at(-1) ?? telling.at),
    cut: telling.truncated,
    firing,
  };
  const ended = before.firing.some((digest) => !firing.includes(digest));
  return { sighting, change, due: ended || isDue(before, change, telling.at) };
}

function isDue(before: Sighting, change: Retold['change'], at: string): boolean {
  if (change === 'none') return false;
  return change !== 'repeat' || isAhead(before, at) || Date.parse(at) - Date.parse(before.lastAt) >= ONCE_IN_MS;
}

/** A time that nobody can have seen yet was written by somebody else; it must not silence the summary. */
function isAhead(before: Sighting, at: string): boolean {
  return Date.parse(before.lastAt) > Date.parse(at) + 60 * ONCE_IN_MS;
}

function firingAfter(before: readonly string[], signals: readonly Signal[]): readonly string[] {
  const firing = new Set(before);
  for (const { fingerprint, status } of signals) {
    const digest = sha256Hex(fingerprint).slice(0, 8);
    if (status === 'firing') firing.add(digest);
    else firing.delete(digest);
  }
  return [...firing].slice(-MOST_FIRING);
}

const NONE = '-';
const MARK =
  /<!-- sluice:seen first=(\S+) last=(\S+) count=(\d{1,9}) since=(\S+) resolved=(\S+) cut=(\d{1,9}) snoozed=(\S+) firing=(\S+) -->/;

export function sightingMark(one: Sighting): string {
  const firing = one.firing.join(',') || NONE;
  return `<!-- sluice:seen first=${one.firstAt} last=${one.lastAt} count=${one.count} since=${one.since} resolved=${one.resolvedAt ?? NONE} cut=${one.cut} snoozed=${one.snoozedUntil ?? NONE} firing=${firing} -->`;
}

/** A body that remembers this, whatever else it says. */
export function withSighting(body: string, one: Sighting): string {
  return sightingIn(body) ? body.replace(MARK, () => sightingMark(one)) : `${body}\n${sightingMark(one)}\n`;
}

/** What an issue's body remembers; null when it has no mark of ours, or one that cannot be read. */
export function sightingIn(body: string): Sighting | null {
  const [, first = '', last = '', count, since = '', resolved = '', cut, snoozed = '', firing = ''] = MARK.exec(body) ?? [];
  const [resolvedAt, snoozedUntil] = [resolved, snoozed].map((text) => (text === NONE ? null : text));
  const times = [first, last, since, ...[resolvedAt, snoozedUntil].flatMap((text) => text ?? [])];
  if (times.flatMap(instants).length !== times.length) return null;
  return {
    firstAt: first,
    lastAt: last,
    count: Number(count),
    since,
    resolvedAt: resolvedAt ?? null,
    cut: Number(cut),
    snoozedUntil: snoozedUntil ?? null,
    firing: firing.split(',').filter((digest) => /^[0-9a-f]{8}$/.test(digest)),
  };
}

/** The text if it is an instant, else nothing: what else stands there comes from outside and stays out of the mark. */
function instants(text: string | null): readonly string[] {
  const fits = text !== null && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,3})?Z$/.test(text) && !Number.isNaN(Date.parse(text));
  return fits ? [text] : [];
}
