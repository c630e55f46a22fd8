import * as z from 'zod/mini';
import type { QueueFacts } from '../model/merge-queue.ts';
import type { CheckFact, ProtectionFacts, RequiredCheck } from '../model/protection.ts';
import { Actor, PageInfo, personOf } from './github-conversation.ts';

const Run = z.object({
  __typename: z.literal('CheckRun'),
  name: z.string(),
  status: z.string(),
  conclusion: z.nullable(z.string()),
  startedAt: z.nullable(z.string()),
  isRequired: z.boolean(),
  checkSuite: z.object({ app: z.nullable(z.object({ databaseId: z.nullable(z.number()), slug: z.string() })) }),
});
const Status = z.object({
  __typename: z.literal('StatusContext'),
  context: z.string(),
  createdAt: z.string(),
  statusState: z.string(),
  isRequired: z.boolean(),
  creator: z.nullable(z.object({ login: z.string() })),
});
const Rollup = z.nullable(
  z.object({
    commit: z.nullable(z.object({ oid: z.string() })),
    contexts: z.object({
      totalCount: z.number(),
      pageInfo: PageInfo,
      nodes: z.nullable(z.array(z.nullable(z.discriminatedUnion('__typename', [Run, Status])))),
    }),
  }),
);
const Parameters = z.object({
  strictRequiredStatusChecksPolicy: z.optional(z.boolean()),
  requiredStatusChecks: z.optional(z.array(z.object({ context: z.string(), integrationId: z.nullable(z.number()) }))),
});
const Rules = z.object({
  totalCount: z.number(),
  nodes: z.nullable(z.array(z.nullable(z.object({ parameters: z.nullable(Parameters) })))),
});
const Protection = z.object({
  mergeable: z.string(),
  mergeStateStatus: z.string(),
  reviewDecision: z.nullable(z.string()),
  baseRef: z.nullable(z.object({ rules: z.nullable(Rules) })),
  statusCheckRollup: Rollup,
  isMergeQueueEnabled: z.boolean(),
  mergeQueueEntry: z.nullable(z.object({ enqueuer: Actor })),
  removals: z.object({ nodes: z.array(z.object({ createdAt: z.string(), actor: Actor })) }),
});

/** One report on the head, and when it began: a rerun is another report of the same name. */
export interface Report extends CheckFact {
  readonly at: string;
}

export interface ReportPage {
  readonly reports: readonly Report[];
  readonly total: number;
  /** Where the next page begins; null: there is none. */
  readonly next: string | null;
}

/** What GitHub wants before a merge, with the first page of what was reported. Throws for what cannot be told. */
export interface SeenProtection extends Omit<ProtectionFacts, 'checks'> {
  readonly first: ReportPage;
}

/** Read from the answer that holds the open pull request. `head` is what its reports must be about. */
export function parseProtection(answer: unknown): SeenProtection {
  const Answer = z.object({
    repository: z.object({ pullRequest: z.nullable(z.extend(Protection, { headRefOid: z.string() })) }),
  });
  const node = Answer.parse(answer).repository.pullRequest;
  if (!node) throw new Error('no such pull request');
  const state = node.mergeStateStatus;
  if (!node.baseRef) throw new Error('its base branch is gone');
  const { rules, strict } = rulesOf(node.baseRef.rules);
  return {
    review: reviewOf(node.reviewDecision),
    conflicts: node.mergeable === 'CONFLICTING' || state === 'DIRTY',
    // GitHub says so only where a head must not be behind, and where nothing else blocks.
    behind: state === 'BEHIND',
    strict: strict || state === 'BEHIND',
    rules,
    queue: queueOf(node),
    first: pageOf(node.statusCheckRollup, node.headRefOid),
  };
}

/** A further page of what was reported on `head`. */
export function parseReports(answer: unknown, head: string): ReportPage {
  const Answer = z.object({ repository: z.object({ pullRequest: z.object({ statusCheckRollup: Rollup }) }) });
  return pageOf(Answer.parse(answer).repository.pullRequest.statusCheckRollup, head);
}

function rulesOf(rules: z.infer<typeof Rules> | null): { readonly rules: readonly RequiredCheck[]; readonly strict: boolean } {
  // Where none are shown, GitHub still enforces what it wants, and a ruleset that our config asks for is missing.
  if (!rules) return { rules: [], strict: false };
  const listed = (rules.nodes ?? []).flatMap((node) => (node ? [node] : []));
  if (listed.length !== rules.totalCount) throw new Error(`${rules.totalCount} rules of the base branch, not all listed`);
  const checks = listed.flatMap(({ parameters }) => parameters?.requiredStatusChecks ?? []);
  return {
    rules: checks.map(({ context, integrationId }) => ({ name: context, appId: integrationId })),
    strict: listed.some(({ parameters }) => parameters?.strictRequiredStatusChecksPolicy === true),
  };
}

function queueOf(node: z.infer<typeof Protection>): QueueFacts | null {
  if (!node.isMergeQueueEnabled) return null;
  const removed = node.removals.nodes.at(-1);
  return {
    entered: node.mergeQueueEntry && { by: personOf(node.mergeQueueEntry.enqueuer)?.id ?? null },
    removed: removed ? { at: removed.createdAt, by: personOf(removed.actor)?.id ?? null } : null,
  };
}

function reviewOf(decision: string | null): ProtectionFacts['review'] {
  if (decision === null) return null;
  if (decision === 'APPROVED') return 'approved';
  if (decision === 'CHANGES_REQUESTED') return 'changes_requested';
  // A decision of a kind that came later is no approval.
  return 'review_required';
}

function pageOf(rollup: z.infer<typeof Rollup>, head: string): ReportPage {
  if (!rollup) return { reports: [], total: 0, next: null };
  const { commit, contexts } = rollup;
  if (commit?.oid !== head) throw new Error(`the checks are those of ${commit?.oid ?? 'no commit'}, not of ${head}`);
  const reports = (contexts.nodes ?? []).flatMap((node) => (node ? [reportOf(node)] : []));
  if (reports.length !== contexts.nodes?.length) throw new Error('not every check can be read');
  const { hasNextPage, endCursor } = contexts.pageInfo;
  return { reports, total: contexts.totalCount, next: hasNextPage ? endCursor : null };
}

function reportOf(node: z.infer<typeof Run> | z.infer<typeof Status>): Report {
  if (node.__typename === 'StatusContext') {
    const { context: name, createdAt: at, isRequired: required, statusState } = node;
    const said = statusState.toLowerCase();
    return { name, kind: 'status', appId: null, writer: node.creator?.login ?? 'ghost', required, ...standing(said), at };
  }
  const { name, isRequired: required, conclusion, status, startedAt } = node;
  const { app } = node.checkSuite;
  const said = (status === 'COMPLETED' ? (conclusion ?? status) : status).toLowerCase();
  const [appId, writer] = [app?.databaseId ?? null, app?.slug ?? 'ghost'];
  return { name, kind: 'run', appId, writer, required, ...standing(said), at: startedAt ?? '' };
}

/** Skipped and neutral pass, as GitHub has it; a word of a kind that came later settles nothing. */
const STANDINGS: Readonly<Record<string, CheckFact['standing']>> = {
  success: 'passed',
  neutral: 'passed',
  skipped: 'passed',
  failure: 'failed',
  error: 'failed',
  timed_out: 'failed',
  cancelled: 'failed',
  action_required: 'failed',
  startup_failure: 'failed',
  stale: 'failed',
};

function standing(said: string): Pick<CheckFact, 'standing' | 'said'> {
  return { standing: (Object.hasOwn(STANDINGS, said) ? STANDINGS[said] : undefined) ?? 'unsettled', said };
}
