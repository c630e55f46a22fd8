import { foldHistory } from '../core/history.ts';
import { obstacleOf } from '../core/obstacle.ts';
import { matchTarget } from '../core/target.ts';
import type { Config } from '../model/config.ts';
import type { Actor, HistoryEntry, IncidentState } from '../model/history.ts';
import type { Investigation } from '../model/plan.ts';
import type { Fault, Reason } from '../model/reason.ts';
import type { Signal } from '../model/signal.ts';
import type { Target } from '../model/target.ts';
import type { Proposal } from '../model/thread.ts';
import type { ConfigReader, ContentReader, InvestigationReads, IssueReader, Policy } from '../ports.ts';
import { blockedText } from '../render/incident.ts';
import { investigationText } from '../render/proposal.ts';
import { page } from '../render/text.ts';
import { investigate } from './investigate.ts';
import { type ProposePorts, propose } from './propose.ts';
import { readJobId } from './reads.ts';

export interface RespondPorts extends ProposePorts {
  readonly issues: ProposePorts['issues'] & IssueReader;
  readonly config: ConfigReader;
  readonly content: ContentReader;
  readonly reads: (workspace: string | null) => InvestigationReads;
}

/** What an alert's opening has just read or written. */
export interface AlreadyRead {
  readonly state?: IncidentState;
  readonly policy?: Policy;
}

export interface Responded {
  readonly outcome: 'blocked' | 'healthy' | 'told' | 'proposed';
  readonly proposal: Proposal | null;
}

/**
 * Investigates one incident and says on its issue what was found: no trouble (and closes it), a plan (and, where the mode allows,
 * its pull request), advice, or what stands in the way. `asker` is whoever asked for it by command; null for an alert.
 */
export async function respond(
  incident: number,
  asker: Actor | null,
  ports: RespondPorts,
  read: AlreadyRead = {},
): Promise<Responded> {
  const state = read.state ?? foldHistory((await ports.history.read(incident)).entries);
  const signal = state.signal;
  if (!signal) return blocked(incident, 'The alert of this incident can no longer be read from its marks.', [], [], null, ports);
  const policy = read.policy ?? (await ports.config.config());
  if (!policy.ok) return blocked(incident, 'The repository does not say what Sluice may do.', [], policy.faults, null, ports);
  const match = matchTarget(policy.value.targets, signal);
  const { runbooks, faults } = await ports.config.runbooks(policy.commit);
  const target = match.kind === 'target' ? match.target : null;
  const files = await filesOf(target, policy.commit, ports);
  const input = { signal, target, runbooks, files: files.found, config: policy.value };
  const investigation = await investigate(input, ports.reads(target?.workspace ?? null), ports.clock);
  const stop = obstacleOf(match, investigation.match, files);
  if (stop) return blocked(incident, stop.why, stop.reasons, faults, match.kind === 'unknown' ? match.suggestion : null, ports);
  return tell({ incident, asker, state, signal, config: policy.value, commit: policy.commit, target, investigation }, ports);
}

/** Answers an incident that an earlier attempt opened and then lost; one that was answered is left alone. */
export async function respondUnanswered(incident: number, ports: RespondPorts, policy: Policy): Promise<void> {
  const state = foldHistory((await ports.history.read(incident)).entries);
  if (state.owed || (state.investigations === 0 && state.blocked === null))
    await respond(incident, null, ports, { policy, state });
}

interface Finding {
  readonly incident: number;
  readonly asker: Actor | null;
  readonly state: IncidentState;
  readonly signal: Signal;
  readonly config: Config;
  /** The commit of the default branch that everything was read at. */
  readonly commit: string;
  readonly target: Target | null;
  readonly investigation: Investigation;
}

async function tell(finding: Finding, ports: RespondPorts): Promise<Responded> {
  const { incident, asker, investigation, config, target, state } = finding;
  const { diagnosis, plan } = investigation;
  const at = (await ports.clock.now()).toISOString();
  const healthy = diagnosis.outcome === 'healthy';
  const acting =
    plan !== null &&
    plan.kind !== 'advice' &&
    target !== null &&
    config.mode !== 'shadow' &&
    !state.proposals.some((one) => one.kind !== 'rollback');
  const investigated: HistoryEntry = {
    what: 'investigated',
    at,
    outcome: diagnosis.outcome,
    cause: diagnosis.causes[0]?.id ?? null,
    asker,
    acting,
  };
  const entries: readonly HistoryEntry[] = healthy ? [investigated, { what: 'closed', at, why: 'healthy' }] : [investigated];
  const last = healthy
    ? 'Nothing is wrong now, so nothing is changed and this is closed.'
    : acting || plan === null
      ? null
      : shadowNote(config, plan.kind);
  await ports.issues.comment(incident, page(investigationText(investigation), last, ports.history.mark(incident, entries)));
  if (healthy) await ports.issues.update(incident, { state: 'not_planned' });
  if (healthy) return { outcome: 'healthy', proposal: null };
  if (!acting) return { outcome: 'told', proposal: null };
  const workspace = ports.reads(target.workspace).workspace;
  const jobId = await readJobId(workspace, target, finding.signal.labels);
  const order = {
    incident,
    investigation,
    plan,
    target,
    config,
    base: finding.commit,
    sequence: state.proposals.length + 1,
    host: workspace?.host ?? null,
    jobId: jobId.known ? jobId.value : null,
  };
  const proposal = await propose(order, ports);
  if (proposal) return { outcome: 'proposed', proposal };
  return blocked(incident, 'Every branch name that Sluice would use is taken by somebody else.', [], [], null, ports);
}

function shadowNote(config: Config, kind: string): string {
  if (kind === 'advice') return 'No configuration change helps here; the advice above says who must act.';
  if (config.mode !== 'shadow') return 'This incident has a proposal already: one step at a time.';
  return `Mode \`${config.mode}\`: this is what Sluice would propose. Set \`mode: propose\` or \`mode: execute\` in \`.github/sluice.yml\` to get a pull request.`;
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

async function blocked(
  incident: number,
  why: string,
  reasons: readonly Reason[],
  faults: readonly Fault[],
  suggestion: string | null,
  ports: RespondPorts,
): Promise<Responded> {
  const at = (await ports.clock.now()).toISOString();
  const code = reasons[0]?.code ?? faults[0]?.code ?? 'facts_unavailable';
  await ports.issues.comment(
    incident,
    page(blockedText(why, reasons, faults, suggestion), ports.history.mark(incident, [{ what: 'blocked', at, code }])),
  );
  return { outcome: 'blocked', proposal: null };
}
