import { foldHistory } from '../core/history.ts';
import { obstacleOf } from '../core/obstacle.ts';
import { starterConfig } from '../core/suggestion.ts';
import { matchTarget } from '../core/target.ts';
import type { Policy } from '../model/config.ts';
import type { Actor, HistoryEntry, IncidentState } from '../model/history.ts';
import type { Fault, Reason } from '../model/reason.ts';
import type { Target } from '../model/target.ts';
import type { Proposal } from '../model/thread.ts';
import type { ConfigReader, ContentReader, InvestigationReads, IssueReader } from '../ports.ts';
import { blockedText, type Suggestion } from '../render/incident.ts';
import { marked } from '../render/text.ts';
import { investigate } from './investigate.ts';
import type { ProposePorts } from './propose.ts';
import { prefaceOf, tell } from './tell.ts';

export interface RespondPorts extends ProposePorts {
  readonly issues: ProposePorts['issues'] & IssueReader;
  readonly config: ConfigReader;
  readonly content: ContentReader;
  readonly reads: (workspace: string | null) => InvestigationReads;
}

/** Who wants an answer, and what whoever asks for it has just read or still has to note. */
export interface Request {
  /** Null: an alert. */
  readonly asker: Actor | null;
  readonly hint: string | null;
  /** Entries that nothing has noted yet; the answer's marks carry them. */
  readonly entries?: readonly HistoryEntry[];
  /** The history with those entries in it. */
  readonly state?: IncidentState;
  readonly policy?: Policy;
}

export interface Responded {
  readonly outcome: 'blocked' | 'healthy' | 'told' | 'proposed';
  readonly proposal: Proposal | null;
  /** False when an earlier attempt had opened the proposal. */
  readonly fresh: boolean;
}

/**
 * Investigates one incident and says on its issue, in one comment, what was found: no trouble (and closes it), a plan (and, where the mode
 * allows, its pull request), advice, or what stands in the way.
 */
export async function respond(incident: number, request: Request, ports: RespondPorts): Promise<Responded> {
  const state = request.state ?? (await stateOf(incident, request, ports));
  const stopped = (why: string, stop: Partial<Stop> = {}) => blocked(incident, request, { ...NO_STOP, ...stop, why }, ports);
  const { signal } = state;
  if (!signal)
    return stopped('The alert of this incident cannot be read from its marks. When it is told again, it is taken up from there.');
  const policy = request.policy ?? (await ports.config.config());
  if (!policy.ok) {
    const missing = policy.faults.some((fault) => fault.code === 'config_missing');
    const suggestion = missing ? { what: 'config' as const, yaml: starterConfig(signal) } : null;
    return stopped('The repository does not say what Sluice may do.', { faults: policy.faults, suggestion });
  }
  const match = matchTarget(policy.value.targets, signal);
  const { runbooks, faults } = await ports.config.runbooks(policy.commit);
  const target = match.kind === 'target' ? match.target : null;
  const files = await filesOf(target, policy.commit, ports);
  const input = { signal, target, runbooks, files: files.found, config: policy.value };
  const investigation = await investigate(input, ports.reads(target?.workspace ?? null), ports.clock);
  const stop = obstacleOf(match, investigation.match, files, signal.alertname);
  const suggestion = match.kind === 'unknown' ? { what: 'target' as const, yaml: match.suggestion } : null;
  if (stop) return stopped(stop.why, { ...stop, faults: [...stop.faults, ...faults], suggestion });
  const found = { signal, config: policy.value, commit: policy.commit, target, investigation };
  return tell({ incident, request, state, ...found }, ports);
}

async function stateOf(incident: number, { entries = [] }: Request, ports: RespondPorts): Promise<IncidentState> {
  return foldHistory([...(await ports.history.read(incident)).entries, ...entries]);
}

async function filesOf(target: Target | null, commit: string, ports: RespondPorts) {
  const read = await Promise.all(
    (target?.files ?? []).map(async (path) => ({ path, file: await ports.content.read(path, commit) })),
  );
  return {
    found: read.flatMap(({ path, file }) => (file ? [{ path, text: file.text }] : [])),
    missing: read.filter(({ file }) => !file).map(({ path }) => path),
  };
}

interface Stop {
  readonly why: string;
  readonly reasons: readonly Reason[];
  readonly faults: readonly Fault[];
  readonly suggestion: Suggestion | null;
}

const NO_STOP: Omit<Stop, 'why'> = { reasons: [], faults: [], suggestion: null };

async function blocked(incident: number, request: Request, stop: Stop, ports: RespondPorts): Promise<Responded> {
  const { why, reasons, faults, suggestion } = stop;
  const at = (await ports.clock.now()).toISOString();
  const code = reasons[0]?.code ?? faults[0]?.code ?? 'facts_unavailable';
  const entries: readonly HistoryEntry[] = [...(request.entries ?? []), { what: 'blocked', at, code }];
  const text = blockedText(why, reasons, faults, suggestion);
  await ports.issues.comment(incident, marked(ports.history.mark(incident, entries), prefaceOf(request), text));
  return { outcome: 'blocked', proposal: null, fresh: false };
}
