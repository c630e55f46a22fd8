import { recordEvent, tellPull } from '../events.ts';
import type { Issue, Pull } from '../nouns.ts';
import { rulesFor } from '../requirements.ts';
import { nodeId } from '../shapes/account.ts';
import type { World } from '../world.ts';
import { actorNode } from './commit.ts';
import { check, type Graph, refuse, WRITE_PULL } from './graph.ts';

interface PullInput {
  readonly input: { readonly pullRequestId: string; readonly clientMutationId?: string; readonly expectedHeadOid?: string };
}

interface Found {
  readonly issue: Issue;
  readonly pull: Pull;
}

export function mutations(graph: Graph) {
  return {
    markPullRequestReadyForReview: ({ input }: PullInput) => setDraft(graph, input, false),
    convertPullRequestToDraft: ({ input }: PullInput) => setDraft(graph, input, true),
    enablePullRequestAutoMerge: ({ input }: PullInput) => {
      pullOf(graph, input.pullRequestId);
      throw refuse('UNPROCESSABLE', 'Auto merge is not allowed for this repository');
    },
    enqueuePullRequest: ({ input }: PullInput) => enqueue(graph, input),
  };
}

export function findPull(world: World, id: string): Found | null {
  for (const issue of world.issues.values())
    if (issue.pull !== null && nodeId('PR', issue.pull.id) === id) return { issue, pull: issue.pull };
  return null;
}

function pullOf({ world, actor }: Graph, id: string): Found {
  const found = findPull(world, id);
  if (found === null) throw refuse('NOT_FOUND', `Could not resolve to a node with the global id of '${id}'`);
  const own = actor.kind === 'user' && found.issue.author.id === actor.account?.id;
  if (!own) check(actor, WRITE_PULL);
  return found;
}

function setDraft(graph: Graph, input: PullInput['input'], draft: boolean) {
  const { world, actor } = graph;
  const { issue, pull } = pullOf(graph, input.pullRequestId);
  if (issue.state === 'closed') throw refuse('UNPROCESSABLE', 'Pull request is closed');
  if (pull.draft !== draft && actor.account !== null) {
    pull.draft = draft;
    const by = { actor, account: actor.account };
    recordEvent(world, by, issue, draft ? 'convert_to_draft' : 'ready_for_review');
    tellPull(world, by, draft ? 'converted_to_draft' : 'ready_for_review', issue, pull);
  }
  return { clientMutationId: input.clientMutationId ?? null, pullRequest: graph.pull(issue, pull) };
}

/** The queue accepts and waits: merging by it is not part of the twin. */
function enqueue(graph: Graph, input: PullInput['input']) {
  const { world, actor } = graph;
  const { issue, pull } = pullOf(graph, input.pullRequestId);
  if (rulesFor(world, pull.baseRef)?.mergeQueue !== true)
    throw refuse('UNPROCESSABLE', 'Pull request Merge queue is not enabled on the base branch');
  if (input.expectedHeadOid !== undefined && input.expectedHeadOid !== pull.headSha)
    throw refuse('UNPROCESSABLE', 'Head branch was modified. Review and try the merge again.');
  const entry = { __typename: 'MergeQueueEntry', id: nodeId('MQE', pull.id), enqueuedAt: world.now(), position: 1 };
  return {
    clientMutationId: input.clientMutationId ?? null,
    mergeQueueEntry: { ...entry, pullRequest: graph.pull(issue, pull) },
    actor: actorNode(world, actor.account),
  };
}
