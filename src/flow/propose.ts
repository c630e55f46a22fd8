import { foldHistory } from '../core/history.ts';
import { type ProposalContext, type ProposalFiles, proposalOf } from '../core/proposal.ts';
import type { Config } from '../model/config.ts';
import type { Investigation, Plan } from '../model/plan.ts';
import type { Target } from '../model/target.ts';
import type { Proposal } from '../model/thread.ts';
import type { Clock, HistoryLog, IssueWriter, ProposalWriter } from '../ports.ts';
import { planComment, proposalBody, remarksOf } from '../render/proposal.ts';
import { page } from '../render/text.ts';

export interface ProposePorts {
  readonly clock: Clock;
  readonly issues: IssueWriter;
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
}

/**
 * Opens the pull request of a plan: one commit with the edited files and the record, remarks on the changed lines, and the plan
 * comment that names the full SHA. Every step looks for its own mark first, so a second attempt finishes the first.
 */
export async function propose(order: ProposeOrder, ports: ProposePorts): Promise<Proposal> {
  const now = await ports.clock.now();
  const files = proposalOf(order.plan, contextOf(order, now, ports));
  const found = await ports.proposals.find(files.branch);
  const proposal = found ?? (await openProposal(order, files, ports));
  const at = now.toISOString();
  const planned = found ? foldHistory((await ports.history.read(found.number)).entries).plannedHeads : [];
  if (!planned.includes(proposal.headSha)) await postPlan(order, files, proposal, at, ports);
  const { kind } = files.record;
  const record = files.files.at(-1)?.path ?? '';
  const entry = {
    what: 'proposed' as const,
    at,
    pull: proposal.number,
    branch: files.branch,
    head: proposal.headSha,
    record,
    kind,
  };
  await ports.issues.comment(
    order.incident,
    page(`Proposed in #${proposal.number}.`, ports.history.mark(order.incident, [entry])),
  );
  return proposal;
}

function contextOf(order: ProposeOrder, now: Date, ports: ProposePorts): ProposalContext {
  const { incident, sequence, target, host, jobId } = order;
  const expiresAt = new Date(now.getTime() + order.config.proposalTtlHours * 3_600_000).toISOString();
  return { incident, sequence, target, repositoryId: ports.repositoryId, host, jobId, expiresAt };
}

async function openProposal(order: ProposeOrder, files: ProposalFiles, ports: ProposePorts): Promise<Proposal> {
  const title = `Sluice #${order.incident}: ${order.plan.kind} for ${order.target.name}`;
  await ports.proposals.commit(
    files.branch,
    order.base,
    files.files,
    `${title}\n\nProposed for #${order.incident}; see the record ${files.files.at(-1)?.path}.`,
  );
  return ports.proposals.open(files.branch, title, proposalBody(order.incident, order.plan), order.config.mode === 'propose');
}

async function postPlan(
  order: ProposeOrder,
  files: ProposalFiles,
  proposal: Proposal,
  at: string,
  ports: ProposePorts,
): Promise<void> {
  const remarks = remarksOf(order.plan, files.files);
  if (remarks.length > 0) await ports.proposals.explain(proposal.number, proposal.headSha, remarks);
  const entry = { what: 'planned' as const, at, pull: proposal.number, head: proposal.headSha };
  await ports.issues.comment(
    proposal.number,
    page(planComment(order.investigation, proposal.headSha), ports.history.mark(proposal.number, [entry])),
  );
}
