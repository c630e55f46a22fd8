import type { Arrival } from '../core/arrival.ts';
import { foldHistory, openIn } from '../core/history.ts';
import { debtOf, isFlapping } from '../core/opening.ts';
import { firstSighting, type Retold, retold, sightingIn, sightingMark } from '../core/sighting.ts';
import type { HistoryEntry, IncidentState } from '../model/history.ts';
import type { Sighting } from '../model/sighting.ts';
import type { Signal } from '../model/signal.ts';
import type { Thread } from '../model/thread.ts';
import type { HistoryLog, IssueWriter } from '../ports.ts';
import { incidentBody, resolvedText, returnedText } from '../render/incident.ts';
import { marked } from '../render/text.ts';

export interface RepeatPorts {
  readonly issues: IssueWriter;
  readonly history: HistoryLog;
}

/**
 * What an incident has to be told now. `entries` are noted nowhere yet: whoever answers puts them into the marks of that one comment.
 * `state` is the history with them in it.
 */
export interface Owed {
  readonly what: 'answer' | 'advice';
  readonly entries: readonly HistoryEntry[];
  readonly state: IncidentState;
}

export interface Repeated {
  readonly owed: Owed | null;
  /** Proposals of the incident that are not merged. */
  readonly proposed: readonly number[];
}

export function openedOnly(arrival: Arrival, target: string | null): Owed {
  const { identity, signal, at } = arrival;
  const entries: readonly HistoryEntry[] = [
    { what: 'opened', at, identity, target },
    { what: 'signal', at, signal },
  ];
  return { what: 'answer', entries, state: foldHistory(entries) };
}

/** Until when an incident is kept quiet. The body only hints at it; what a person said is in the signed marks. */
export async function quietNow(thread: Thread, now: string, ports: RepeatPorts): Promise<string | null> {
  const hint = sightingIn(thread.body)?.snoozedUntil ?? null;
  if (hint === null || hint <= now) return null;
  return foldHistory((await ports.history.read(thread.number)).entries).snoozedUntil;
}

/** An incident whose alert is told again. */
export interface Again {
  readonly how: 'join' | 'reopen' | 'resolve' | 'quiet';
  readonly thread: Thread;
  readonly arrival: Arrival;
  readonly target: string | null;
  /** Nothing is investigated unasked, so no investigation is owed. */
  readonly onCommand: boolean;
}

/** The same alert again: the summary learns of it, and what an earlier attempt still owes the incident is named. */
export async function repeatIncident(again: Again, ports: RepeatPorts): Promise<Repeated> {
  const { how, thread, arrival } = again;
  const before = sightingIn(thread.body);
  const told = before ? retold(before, arrival) : firstTelling(arrival);
  const { entries } = await ports.history.read(thread.number);
  const state = foldHistory(entries);
  const { snoozedUntil } = state;
  // Said while this batch was under way, perhaps: the marks know, whatever the body that was read before says.
  if (snoozedUntil !== null && snoozedUntil > arrival.at) {
    await showAgain(thread, arrival, told, snoozedUntil, ports);
    return { owed: null, proposed: [] };
  }
  if (how === 'reopen') await ports.issues.update(thread.number, { state: 'open', body: bodyOf(arrival, told.sighting, null) });
  else await showAgain(thread, arrival, told, null, ports);
  return { owed: await owedBy(again, told.sighting, entries, ports), proposed: openIn(state).map(({ pull }) => pull) };
}

async function owedBy(
  { how, thread, arrival, target, onCommand }: Again,
  sighting: Sighting,
  entries: readonly HistoryEntry[],
  ports: RepeatPorts,
): Promise<Owed | null> {
  const state = foldHistory(entries);
  const debt = debtOf(state);
  const change = changeOf(state, sighting, arrival);
  if (debt === 'opening') return owing(entries, openedOnly(arrival, target).entries);
  if (how === 'reopen' || (debt === 'reopening' && how === 'join')) return owing(entries, backAgain(arrival));
  if (debt === 'answer' && !onCommand) return owing(entries, change);
  if (change.length === 0 || state.advised) return null;
  const owed = owing(entries, change);
  if (owed.what === 'advice' && sighting.resolvedAt === null) return owed;
  const text = sighting.resolvedAt === null ? returnedText(owed.state.flaps.length) : resolvedText(sighting.resolvedAt);
  await ports.issues.comment(thread.number, marked(ports.history.mark(thread.number, change), text));
  return null;
}

/**
 * A resolve, or a return while the incident is open, is a signed entry of its own. The marks say whether it is news, not the summary, so what a
 * lost attempt did not note is noted by the next.
 */
function changeOf(state: IncidentState, { resolvedAt }: Sighting, { at, signal }: Arrival): readonly HistoryEntry[] {
  const status = resolvedAt === null ? 'firing' : 'resolved';
  return signal.status === status && state.signal?.status !== status ? [{ what: 'signal', at, signal }] : [];
}

function firstTelling(arrival: Arrival): Retold {
  const sighting = firstSighting(arrival);
  return { sighting, change: sighting.resolvedAt === null ? 'repeat' : 'resolved', due: true };
}

async function showAgain(
  thread: Thread,
  arrival: Arrival,
  told: Retold,
  snoozedUntil: string | null,
  ports: RepeatPorts,
): Promise<void> {
  if (told.due) await ports.issues.update(thread.number, { body: bodyOf(arrival, told.sighting, snoozedUntil) });
}

function bodyOf({ identity, signal }: Arrival, sighting: Sighting, snoozedUntil: string | null): string {
  return shownBody(identity, signal, { ...sighting, snoozedUntil });
}

export function shownBody(identity: string, signal: Signal, sighting: Sighting): string {
  return incidentBody(identity, signal, { ...sighting, mark: sightingMark(sighting) });
}

function backAgain({ at, signal }: Arrival): readonly HistoryEntry[] {
  return [
    { what: 'reopened', at },
    { what: 'signal', at, signal },
  ];
}

function owing(noted: readonly HistoryEntry[], entries: readonly HistoryEntry[]): Owed {
  const state = foldHistory([...noted, ...entries]);
  return { what: isFlapping(state) ? 'advice' : 'answer', entries, state };
}
