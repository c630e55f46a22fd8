import { CODEOWNERS_PATHS } from '../core/codeowners.ts';
import type { Config } from '../model/config.ts';
import type { HistoryEntry, IncidentState } from '../model/history.ts';
import type { Investigation, Plan } from '../model/plan.ts';
import type { Signal } from '../model/signal.ts';
import type { Target } from '../model/target.ts';
import type { ContentReader } from '../ports.ts';
import { askedText } from '../render/command.ts';
import { OWNERLESS, REOPENED } from '../render/incident.ts';
import { investigationText, proposedText } from '../render/proposal.ts';
import { marked } from '../render/text.ts';
import { openProposal, type Proposed } from './propose.ts';
import { readJobId } from './reads.ts';
import type { Request, Responded, RespondPorts } from './respond.ts';

export interface Finding {
  readonly incident: number;
  readonly request: Request;
  readonly state: IncidentState;
  readonly signal: Signal;
  readonly config: Config;
  /** The commit of the default branch that everything was read at. */
  readonly commit: string;
  readonly target: Target | null;
  readonly investigation: Investigation;
}

type ActingPlan = Exclude<Plan, { kind: 'advice' }>;

/**
 * Says what was found: the proposal first, then one comment with the investigation, the link and every mark. Killed in between, the next
 * attempt finds no marks and the proposal by its branch, so it ends the same.
 */
export async function tell(finding: Finding, ports: RespondPorts): Promise<Responded> {
  const { incident, request, investigation } = finding;
  const { outcome, causes } = investigation.diagnosis;
  const at = (await ports.clock.now()).toISOString();
  const order = actingOn(finding);
  const ownerless = order !== null && !(await hasOwners(finding.commit, ports.content));
  const proposed = order && !ownerless ? await propose(finding, order, ports) : null;
  const { asker, hint } = request;
  const found = { what: 'investigated' as const, at, outcome, cause: causes[0]?.id ?? null, asker, hint, acting: order !== null };
  const healthy = outcome === 'healthy';
  const entries: readonly HistoryEntry[] = [
    ...(request.entries ?? []),
    found,
    ...(proposed ? [proposed.entry] : []),
    ...(order && !proposed ? [{ what: 'blocked' as const, at, code: ownerless ? 'owners_missing' : 'facts_unavailable' }] : []),
    ...(healthy ? [{ what: 'closed' as const, at, why: 'healthy' as const }] : []),
  ];
  const last = ownerless ? OWNERLESS : lastWords(finding, order, proposed);
  const text = marked(ports.history.mark(incident, entries), prefaceOf(request), investigationText(investigation), last);
  await ports.issues.comment(incident, text);
  if (healthy) await ports.issues.update(incident, { state: 'not_planned' });
  if (healthy) return { outcome: 'healthy', proposal: null, fresh: false };
  if (!order) return { outcome: 'told', proposal: null, fresh: false };
  return { outcome: proposed ? 'proposed' : 'blocked', proposal: proposed?.proposal ?? null, fresh: proposed?.fresh ?? false };
}

/** A proposal that nobody can approve is only in the way. */
async function hasOwners(commit: string, content: ContentReader): Promise<boolean> {
  for (const path of CODEOWNERS_PATHS) if (await content.read(path, commit)) return true;
  return false;
}

/** Why this is looked at now; nothing where an incident is fresh. */
export function prefaceOf({ asker, hint, entries = [] }: Request): string | null {
  if (asker) return askedText(asker.login, hint);
  return entries.some((entry) => entry.what === 'reopened') ? REOPENED : null;
}

/** The plan that a pull request is opened for, and its target; null where there is none, or the mode or an earlier proposal forbids it. */
function actingOn({ investigation, target, config, state }: Finding): { plan: ActingPlan; target: Target } | null {
  const { plan, diagnosis } = investigation;
  if (plan === null || plan.kind === 'advice' || target === null || config.mode === 'shadow') return null;
  // What was dismissed was closed with it; when the alert comes back, it gets a proposal of its own.
  const standing = state.proposals.filter(({ pull }) => !state.withdrawn.includes(pull));
  if (diagnosis.outcome === 'healthy' || standing.some((one) => one.kind !== 'rollback')) return null;
  return { plan, target };
}

async function propose(
  { incident, investigation, config, commit, signal, state }: Finding,
  { plan, target }: { readonly plan: ActingPlan; readonly target: Target },
  ports: RespondPorts,
): Promise<Proposed | null> {
  const workspace = ports.reads(target.workspace).workspace;
  const jobId = await readJobId(workspace, target, signal.labels);
  const job = { host: workspace?.host ?? null, jobId: jobId.known ? jobId.value : null };
  const sequence = state.proposals.length + 1;
  return openProposal({ incident, investigation, plan, target, config, base: commit, sequence, shaper: null, ...job }, ports);
}

function lastWords({ investigation, config }: Finding, order: object | null, proposed: Proposed | null): string | null {
  const { plan, diagnosis } = investigation;
  if (diagnosis.outcome === 'healthy') return 'Nothing is wrong now, so nothing is changed and this is closed.';
  if (proposed) return proposedText(proposed.proposal.number, proposed.ownPlan);
  if (order) return '**Sluice stopped here.** Every branch name that Sluice would use is taken by somebody else.';
  return plan === null ? null : shadowNote(config, plan.kind);
}

function shadowNote(config: Config, kind: string): string {
  if (kind === 'advice') return 'Sluice changes nothing on this evidence; the advice above says who must act.';
  if (config.mode !== 'shadow') return 'This incident has a proposal already: one step at a time.';
  return `Mode \`${config.mode}\`: this is what Sluice would propose. Set \`mode: propose\` or \`mode: execute\` in \`.github/sluice.yml\` to get a pull request.`;
}
