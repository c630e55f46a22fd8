import type { Arrival } from '../core/arrival.ts';
import { hasRoom, type Opening, openingOf } from '../core/opening.ts';
import { matchRunbook } from '../core/runbook.ts';
import { firstSighting } from '../core/sighting.ts';
import { matchTarget } from '../core/target.ts';
import type { Config, Policy } from '../model/config.ts';
import type { Signal } from '../model/signal.ts';
import type { Thread } from '../model/thread.ts';
import type { Clock, ConfigReader, HistoryLog, IssueReader, IssueWriter } from '../ports.ts';
import { incidentMarker, incidentTitle, isIncidentBody } from '../render/incident.ts';
import { type Owed, openedOnly, quietNow, repeatIncident, shownBody } from './repeat.ts';

export interface OpenPorts {
  readonly clock: Clock;
  readonly issues: IssueReader & IssueWriter;
  readonly config: ConfigReader;
  readonly history: HistoryLog;
  readonly repository: string;
}

export type OpenConfig = Pick<Config, 'identityLabels' | 'reopenWithinHours' | 'targets' | 'limits'>;

/** What one batch of alerts is held against: read once, and kept up to date with what the batch itself opens. */
export interface Board {
  readonly policy: Policy;
  readonly config: OpenConfig;
  /** Nothing is investigated unasked. */
  readonly onCommand: boolean;
  readonly now: string;
  /** Every issue of ours, incidents and summaries alike. */
  readonly threads: Thread[];
}

export interface Opened {
  readonly did: Opening['do'];
  readonly issue: number | null;
  /** What the incident has to be told now; null: nothing. */
  readonly owed: Owed | null;
  /** Proposals of an older incident that are not merged. */
  readonly proposed: readonly number[];
}

const NOTHING = { issue: null, owed: null, proposed: [] };

/** How incidents are told apart where the repository has no readable configuration: nothing is lost, nothing is changed. */
const WITHOUT_CONFIG: OpenConfig = {
  identityLabels: ['job_id', 'job_name', 'consumergroup', 'topic', 'stream'],
  reopenWithinHours: 24,
  targets: [],
  limits: { incidentsPerHour: 20, maxWorkers: 1, percentPerStep: 1, paths: [], keys: [] },
};

/** Every mark of ours begins so. */
const OURS = '<!-- sluice:';

export async function readBoard(ports: OpenPorts): Promise<Board> {
  const [policy, threads, now] = await Promise.all([ports.config.config(), ports.issues.findByMarker(OURS), ports.clock.now()]);
  const config = policy.ok ? policy.value : WITHOUT_CONFIG;
  const onCommand = policy.ok && policy.value.investigate === 'command';
  return { policy, config, onCommand, now: now.toISOString(), threads: [...threads] };
}

/** One arrival becomes, or joins, one incident. Finding the issue by its identity first makes a second delivery harmless. */
export async function openIncident(arrival: Arrival, board: Board, ports: OpenPorts): Promise<Opened> {
  const incidents = board.threads.filter((thread) => thread.body.includes(incidentMarker(arrival.identity)));
  const known = await Promise.all(
    incidents.map(async (thread) => ({ ...thread, quietUntil: await quietNow(thread, board.now, ports) })),
  );
  const created = board.threads.filter((thread) => isIncidentBody(thread.body)).map((thread) => thread.createdAt);
  const room = hasRoom(created, board.config.limits.incidentsPerHour, board.now);
  const opening = openingOf(arrival.signal, known, board.config, { now: board.now, room });
  switch (opening.do) {
    case 'nothing':
    case 'wait':
      return { did: opening.do, ...NOTHING };
    case 'open':
      return openNew(arrival, board, ports);
    default: {
      const thread = incidents.find((one) => one.number === opening.issue);
      if (!thread) return { did: 'nothing', ...NOTHING };
      const target = targetName(board.config, arrival.signal);
      const again = { how: opening.do, thread, arrival, target, onCommand: board.onCommand };
      return { did: opening.do, issue: thread.number, ...(await repeatIncident(again, ports)) };
    }
  }
}

/** The issue alone: its first comment, which carries the marks, is the answer. The body's marker is enough to find it again. */
async function openNew(arrival: Arrival, board: Board, ports: OpenPorts): Promise<Opened> {
  const { identity, signal } = arrival;
  const { runbooks } = await ports.config.runbooks(board.policy.commit);
  const match = matchRunbook(
    signal,
    runbooks.map((file) => file.runbook),
  );
  const target = targetName(board.config, signal);
  const title = incidentTitle(target, match.found === 'one' ? match.runbook.title : null, identity, signal.alertname);
  const body = shownBody(identity, signal, firstSighting(arrival));
  const thread = await ports.issues.open(title, body, ['sluice']);
  board.threads.unshift(thread);
  return { did: 'open', issue: thread.number, owed: openedOnly(arrival, target), proposed: [] };
}

export function targetName(config: Pick<Config, 'targets'>, signal: Signal): string | null {
  const match = matchTarget(config.targets, signal);
  return match.kind === 'target' ? match.target.name : null;
}
