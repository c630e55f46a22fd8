import type { LivePorts } from '../../flow/live-facts.ts';
import type { HistoryLog, IssueReader } from '../../ports.ts';
import type { AppPorts } from '../wiring.ts';

/** What the tools read of GitHub: incidents with their signed history, and everything the gate decides from. Nothing of it writes. */
export interface Desk extends LivePorts {
  readonly issues: IssueReader;
  /** Null: the key that the App signs its history with is not at hand. */
  readonly history: Pick<HistoryLog, 'read'> | null;
}

/** The App's ports without a method that writes: a token that reads holds nothing more (law 8). */
export function deskOf(ports: AppPorts): Desk {
  const { clock, facts, content, merged, log, reads, ours, appId, issues, history } = ports;
  const { findByMarker, thread, notes, reviews } = issues;
  const reader = { findByMarker, thread, notes, reviews };
  return { clock, facts, content, merged, log, reads, ours, appId, issues: reader, history: { read: history.read } };
}
