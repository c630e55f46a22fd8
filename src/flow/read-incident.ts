import { foldHistory } from '../core/history.ts';
import type { IncidentState } from '../model/history.ts';
import type { Thread } from '../model/thread.ts';
import type { HistoryLog, IssueReader } from '../ports.ts';
import { isIncidentBody } from '../render/incident.ts';

/** An incident as its issue and its signed history tell it; `forged` counts the marks that could not be believed. */
export interface IncidentReading {
  readonly thread: Thread;
  readonly state: IncidentState;
  readonly forged: number;
}

/** Null: there is no issue of that number, it could not be read, or it is no incident with a history that can be believed. */
export async function readIncident(
  number: number,
  issues: Pick<IssueReader, 'thread'>,
  history: Pick<HistoryLog, 'read'>,
): Promise<IncidentReading | null> {
  const thread = await issues.thread(number).catch(() => null);
  if (thread === null || thread.isPull) return null;
  const { entries, forged } = await history.read(number);
  const state = foldHistory(entries);
  return state.identity === null ? null : { thread, state, forged };
}

/** Incidents that our App opened, newest first. */
export async function readIncidents(issues: Pick<IssueReader, 'findByMarker'>): Promise<readonly Thread[]> {
  const threads = await issues.findByMarker('<!-- sluice:');
  return threads.filter((thread) => isIncidentBody(thread.body));
}
