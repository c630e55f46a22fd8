import { foldHistory } from '../core/history.ts';
import { incidentIdentity } from '../core/incident.ts';
import { type Opening, openingOf } from '../core/opening.ts';
import { matchRunbook } from '../core/runbook.ts';
import { matchTarget } from '../core/target.ts';
import type { Config } from '../model/config.ts';
import type { HistoryEntry, IncidentState } from '../model/history.ts';
import type { Signal } from '../model/signal.ts';
import type { Clock, ConfigReader, HistoryLog, IssueReader, IssueWriter, Policy } from '../ports.ts';
import { incidentBody, incidentMarker, incidentTitle } from '../render/incident.ts';
import { page } from '../render/text.ts';

export interface OpenPorts {
  readonly clock: Clock;
  readonly issues: IssueReader & IssueWriter;
  readonly config: ConfigReader;
  readonly history: HistoryLog;
  readonly repository: string;
}

/** What was read, so that whoever goes on from here need not read it again. */
export interface Opened {
  readonly policy: Policy;
  /** The history of an incident just opened; null of an older one. */
  readonly state: IncidentState | null;
  readonly did: Opening['do'];
  readonly issue: number | null;
  readonly identity: string;
}

/** How incidents are told apart where the repository has no readable configuration: nothing is lost, nothing is changed. */
const WITHOUT_CONFIG: Pick<Config, 'identityLabels' | 'reopenWithinHours' | 'targets'> = {
  identityLabels: ['job_id', 'job_name', 'consumergroup', 'topic', 'stream'],
  reopenWithinHours: 24,
  targets: [],
};

/** One signal becomes, or joins, one incident. Finding the issue by its identity first makes a second delivery harmless. */
export async function openIncident(signal: Signal, ports: OpenPorts): Promise<Opened> {
  const policy = await ports.config.config();
  const config = policy.ok ? policy.value : WITHOUT_CONFIG;
  const identity = incidentIdentity(ports.repository, signal, config.identityLabels);
  const [known, now] = await Promise.all([ports.issues.findByMarker(incidentMarker(identity)), ports.clock.now()]);
  const at = now.toISOString();
  const opening = openingOf(signal, known, config, at);
  switch (opening.do) {
    case 'nothing':
      return { did: 'nothing', issue: null, identity, policy, state: null };
    case 'open': {
      const issue = await openNew(signal, identity, config, policy.commit, ports);
      const entries: readonly HistoryEntry[] = [
        { what: 'opened', at, identity, target: targetName(config, signal) },
        { what: 'signal', at, signal },
      ];
      await note(issue, entries, 'Opened from this alert.', ports);
      return { did: 'open', issue, identity, policy, state: foldHistory(entries) };
    }
    case 'reopen':
      await ports.issues.update(opening.issue, { state: 'open', body: incidentBody(identity, signal) });
      await note(
        opening.issue,
        [
          { what: 'reopened', at },
          { what: 'signal', at, signal },
        ],
        'The same alert is back: reopened.',
        ports,
      );
      return { did: 'reopen', issue: opening.issue, identity, policy, state: null };
    case 'resolve':
      await ports.issues.update(opening.issue, { body: incidentBody(identity, signal) });
      return { did: 'resolve', issue: opening.issue, identity, policy, state: null };
    case 'join':
      return { did: 'join', issue: opening.issue, identity, policy, state: null };
  }
}

async function openNew(
  signal: Signal,
  identity: string,
  config: Pick<Config, 'targets'>,
  commit: string,
  ports: OpenPorts,
): Promise<number> {
  const { runbooks } = await ports.config.runbooks(commit);
  const match = matchRunbook(
    signal,
    runbooks.map((file) => file.runbook),
  );
  const title = incidentTitle(targetName(config, signal), match.found === 'one' ? match.runbook.title : null, identity);
  const thread = await ports.issues.open(title, incidentBody(identity, signal), ['sluice']);
  return thread.number;
}

function targetName(config: Pick<Config, 'targets'>, signal: Signal): string | null {
  const match = matchTarget(config.targets, signal);
  return match.kind === 'target' ? match.target.name : null;
}

async function note(issue: number, entries: readonly HistoryEntry[], text: string, ports: OpenPorts): Promise<void> {
  await ports.issues.comment(issue, page(text, ports.history.mark(issue, entries)));
}
