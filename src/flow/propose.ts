import { type ProposalContext, type ProposalFiles, proposalOf } from '../core/proposal.ts';
import type { Config } from '../model/config.ts';
import type { Actor, HistoryEntry } from '../model/history.ts';
import type { Investigation, Plan } from '../model/plan.ts';
import type { Target } from '../model/target.ts';
import type { Proposal } from '../model/thread.ts';
import type { Clock, ContentReader, HistoryLog, IssueWriter, ProposalWriter } from '../ports.ts';
import { planComment, proposalBody, proposedText, remarksOf, shapedText } from '../render/proposal.ts';
import { marked, page } from '../render/text.ts';
import { publish } from './publish.ts';

export interface ProposePorts {
  readonly clock: Clock;
  readonly issues: IssueWriter;
  readonly content: ContentReader;
  readonly proposals: ProposalWriter;
  readonly history: HistoryLog;
  readonly repositoryId: number;
}

export interface ProposeOrder {
  readonly incident: number;
  readonly investigation: Investigation;
  readonly plan: Exclude<Plan, { kind: 'advice' }>;
  readonly target: Target;
  readonly config: Config;
  /** The commit that the files were read at: the proposal grows from there. */
  readonly base: string;
  /** Counts the incident's proposals from 1. */
  readonly sequence: number;
  readonly host: string | null;
  readonly jobId: string | null;
  /** Who handed the content in through MCP, in the App's name; null: nobody did. */
  readonly shaper: Actor | null;
}

export interface Proposed {
  readonly proposal: Proposal;
  readonly entry: Extract<HistoryEntry, { what: 'proposed' }>;
  /** True when this attempt opened it. */
  readonly fresh: boolean;
  /** True when an earlier attempt had posted its plan there already: that one is approved, not the one just made. */
  readonly ownPlan: boolean;
}

/**
 * Opens the pull request of a plan: one commit with the edited files and the record, and one review that names the full SHA, holds the plan
 * and remarks on the changed lines. Every step looks for what an earlier attempt left, so a second attempt finishes the first. Whoever asks
 * notes the entry on the incident. Null when no branch name is free.
 */
export async function openProposal(order: ProposeOrder, ports: ProposePorts): Promise<Proposed | null> {
  const now = await ports.clock.now();
  const title = `Sluice #${order.incident}: ${order.plan.kind} for ${order.target.name}`;
  const words = {
    title,
    body: proposalBody(order.incident, order.plan),
    message: `${title}\n\nProposed for #${order.incident}; its record says why.`,
    draft: order.config.mode === 'propose',
  };
  const filesOf = (sequence: number) => proposalOf(order.plan, contextOf(order, sequence, now, ports));
  const published = await publish(filesOf, order.sequence, order.base, words, ports);
  if (!published) return null;
  const { proposal, files, fresh, planned } = published;
  const at = now.toISOString();
  if (!planned) await postPlan(order, files, proposal, at, ports);
  const record = files.files.at(-1)?.path ?? '';
  const { number: pull, headSha: head } = proposal;
  const entry = { what: 'proposed' as const, at, pull, branch: files.branch, head, record, kind: files.record.kind };
  return { proposal, entry, fresh, ownPlan: planned };
}

/** The same, noted on the incident in a comment of its own. */
export async function propose(order: ProposeOrder, ports: ProposePorts): Promise<Proposal | null> {
  const proposed = await openProposal(order, ports);
  if (!proposed) return null;
  const { proposal, entry, ownPlan } = proposed;
  const mark = ports.history.mark(order.incident, [entry]);
  await ports.issues.comment(order.incident, page(proposedText(proposal.number, ownPlan), shapedText(order.shaper), mark));
  return proposal;
}

function contextOf(order: ProposeOrder, sequence: number, now: Date, ports: ProposePorts): ProposalContext {
  const { incident, target, host, jobId, shaper } = order;
  const expiresAt = new Date(now.getTime() + order.config.proposalTtlHours * 3_600_000).toISOString();
  return { incident, sequence, target, repositoryId: ports.repositoryId, host, jobId, expiresAt, shaper: shaper?.id ?? null };
}

async function postPlan(
  order: ProposeOrder,
  files: ProposalFiles,
  proposal: Proposal,
  at: string,
  ports: ProposePorts,
): Promise<void> {
  const entry = { what: 'planned' as const, at, pull: proposal.number, head: proposal.headSha };
  const plan = marked(ports.history.mark(proposal.number, [entry]), planComment(order.investigation, proposal.headSha));
  await ports.proposals.explain(proposal.number, proposal.headSha, plan, remarksOf(order.plan, files.files));
}
