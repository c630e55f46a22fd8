import { type Doer, recordEvent, tellPull } from '../events.ts';
import { unmet } from '../mergeability.ts';
import type { Issue, Pull } from '../nouns.ts';
import { enterQueue, entryOf, leaveQueue } from '../queue.ts';
import { rulesFor } from '../requirements.ts';
import { nodeId } from '../shapes/account.ts';
import type { World } from '../world.ts';
import { actorNode } from './commit.ts';
import { check, type Graph, refuse, WRITE_PULL, WRITE_QUEUE } from './graph.ts';
import { queueEntryNode } from './queue.ts';

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
    dequeuePullRequest: ({ input }: { input: Parameters<typeof dequeue>[1] }) => dequeue(graph, input),
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

/** A pull request may join once it meets everything that the base wants of it but to be up to date, which the queue sees to. */
function enqueue(graph: Graph, input: PullInput['input']) {
  const { world, actor } = graph;
  const { issue, pull } = queueable(graph, input.pullRequestId);
  const refusal = (why: string) => refuse('UNPROCESSABLE', why);
  if (rulesFor(world, pull.baseRef)?.mergeQueue === undefined)
    throw refusal('Pull request Merge queue is not enabled on the base branch');
  if (input.expectedHeadOid !== undefined && input.expectedHeadOid !== pull.headSha)
    throw refusal('Head branch was modified. Review and try the merge again.');
  if (issue.state === 'closed' || pull.draft) throw refusal(`Pull request is ${pull.draft ? 'in draft' : 'closed'}`);
  if (entryOf(world, pull) !== null) throw refusal('Pull request is already in the merge queue');
  const [missing] = unmet(world, pull);
  if (missing !== undefined) throw refusal(`Pull request ${missing}`);
  const by = doer(graph);
  const entry = enterQueue(world, by, issue, pull);
  return {
    clientMutationId: input.clientMutationId ?? null,
    mergeQueueEntry: queueEntryNode(graph, entry),
    actor: actorNode(world, actor.account),
  };
}

function dequeue(graph: Graph, input: { readonly id: string; readonly clientMutationId?: string }) {
  const { world } = graph;
  const { pull } = queueable(graph, input.id);
  const entry = entryOf(world, pull);
  if (entry === null) throw refuse('UNPROCESSABLE', 'Pull request is not in the merge queue');
  const shown = queueEntryNode(graph, entry);
  leaveQueue(world, doer(graph), entry, 'MANUAL');
  return { clientMutationId: input.clientMutationId ?? null, mergeQueueEntry: shown };
}

/** Joining leads to a merge: it takes a right of its own. */
function queueable({ world, actor }: Graph, id: string): Found {
  check(actor, WRITE_QUEUE);
  const found = findPull(world, id);
  if (found === null) throw refuse('NOT_FOUND', `Could not resolve to a node with the global id of '${id}'`);
  return found;
}

function doer({ actor }: Graph): Doer {
  if (actor.account === null) throw refuse('FORBIDDEN', 'Resource not accessible by integration');
  return { actor, account: actor.account };
}
