import { commitsBetween } from '../git/history.ts';
import { fieldsOf, textOf } from '../json.ts';
import { type Mergeability, mergeability, reviewDecision } from '../mergeability.ts';
import type { Issue, Pull, TimelineEvent } from '../nouns.ts';
import { entryOf } from '../queue.ts';
import { rulesFor } from '../requirements.ts';
import { nodeId } from '../shapes/account.ts';
import { commentsOf } from '../shapes/issue.ts';
import { accountOf } from '../world.ts';
import { commentNode } from './comment.ts';
import { actorNode, commitNode } from './commit.ts';
import { connection, type Slice } from './connection.ts';
import { check, type Graph, READ_CONTENT, READ_QUEUE } from './graph.ts';
import { queueEntryNode, queueNode } from './queue.ts';
import { refNode } from './ref.ts';
import { rollupNode } from './rollup.ts';

interface TimelineSlice extends Slice {
  readonly itemTypes?: readonly string[] | null;
  readonly since?: string | null;
  readonly skip?: number | null;
}

/** GraphQL's name of each timeline event that the subset knows. */
const TYPES: Readonly<Record<string, string>> = {
  added_to_merge_queue: 'AddedToMergeQueueEvent',
  base_ref_changed: 'BaseRefChangedEvent',
  closed: 'ClosedEvent',
  comment_deleted: 'CommentDeletedEvent',
  convert_to_draft: 'ConvertToDraftEvent',
  head_ref_force_pushed: 'HeadRefForcePushedEvent',
  labeled: 'LabeledEvent',
  merged: 'MergedEvent',
  ready_for_review: 'ReadyForReviewEvent',
  removed_from_merge_queue: 'RemovedFromMergeQueueEvent',
  renamed: 'RenamedTitleEvent',
  reopened: 'ReopenedEvent',
  unlabeled: 'UnlabeledEvent',
};

function shared(graph: Graph, issue: Issue) {
  const { world } = graph;
  return {
    number: issue.number,
    title: issue.title,
    body: issue.body ?? '',
    author: actorNode(world, issue.author),
    createdAt: issue.createdAt,
    updatedAt: issue.updatedAt,
    closedAt: issue.closedAt,
    comments: (slice: Slice) => connection(commentsOf(world, issue.number), slice, (one) => commentNode(world, issue, one)),
    timelineItems: (slice: TimelineSlice) => timeline(graph, issue, slice),
  };
}

export function issueNode(graph: Graph, issue: Issue) {
  return {
    __typename: 'Issue',
    id: nodeId('I', issue.id),
    databaseId: issue.id,
    state: issue.state.toUpperCase(),
    stateReason: issue.reason?.toUpperCase() ?? null,
    ...shared(graph, issue),
  };
}

export function pullNode(graph: Graph, issue: Issue, pull: Pull) {
  const { world } = graph;
  let seen: Mergeability | null = null;
  const asked = () => {
    seen ??= mergeability(world, issue, pull, true);
    return seen;
  };
  return {
    __typename: 'PullRequest',
    id: nodeId('PR', pull.id),
    databaseId: pull.id,
    fullDatabaseId: String(pull.id),
    ...shared(graph, issue),
    state: pull.merge === null ? issue.state.toUpperCase() : 'MERGED',
    isDraft: pull.draft,
    ...queueOf(graph, pull),
    merged: pull.merge !== null,
    mergedAt: pull.merge?.at ?? null,
    mergedBy: actorNode(world, pull.merge?.by ?? null),
    mergeCommit: pull.merge === null ? null : commitNode(graph, pull.merge.sha),
    mergeable: () => {
      const shown = asked().mergeable;
      return shown === null ? 'UNKNOWN' : shown ? 'MERGEABLE' : 'CONFLICTING';
    },
    mergeStateStatus: () => asked().state.toUpperCase(),
    statusCheckRollup: () => rollupNode(graph, pull.headSha),
    reviewDecision: reviewDecision(world, pull),
    headRefName: pull.headRef,
    headRefOid: pull.headSha,
    baseRef: () => {
      check(graph.actor, READ_CONTENT);
      return refNode(graph, `refs/heads/${pull.baseRef}`);
    },
    baseRefName: pull.baseRef,
    baseRefOid: pull.baseSha,
    isCrossRepository: false,
    ...{ baseRepository: graph.repository, headRepository: graph.repository },
    commits: (slice: Slice) => connection(shas(graph, pull), slice, (sha) => pullCommit(graph, issue, pull, sha)),
  };
}

function queueOf(graph: Graph, pull: Pull) {
  const entry = entryOf(graph.world, pull);
  return {
    isInMergeQueue: entry !== null,
    isMergeQueueEnabled: rulesFor(graph.world, pull.baseRef)?.mergeQueue !== undefined,
    mergeQueue: () => {
      check(graph.actor, READ_QUEUE);
      return queueNode(graph, pull.baseRef);
    },
    mergeQueueEntry: () => {
      check(graph.actor, READ_QUEUE);
      return entry && queueEntryNode(graph, entry);
    },
  };
}

function shas(graph: Graph, pull: Pull): readonly string[] {
  return commitsBetween(graph.world.git, pull.baseSha, pull.headSha);
}

function pullCommit(graph: Graph, issue: Issue, pull: Pull, sha: string) {
  return {
    __typename: 'PullRequestCommit',
    id: nodeId('PURC', `${pull.id} ${sha}`),
    commit: commitNode(graph, sha),
    pullRequest: () => graph.pull(issue, pull),
  };
}

function timeline(graph: Graph, issue: Issue, slice: TimelineSlice) {
  const { world } = graph;
  const { pull } = issue;
  const pushed = pull === null ? [] : shas(graph, pull).map((sha) => pullCommit(graph, issue, pull, sha));
  const commits = pushed.map((node) => ({ at: issue.createdAt, id: 0, node }));
  const comments = commentsOf(world, issue.number).map((one) => ({
    at: one.createdAt,
    id: one.id,
    node: commentNode(world, issue, one),
  }));
  const events = issue.events
    .filter((one) => TYPES[one.event] !== undefined)
    .map((one) => ({ at: one.createdAt, id: one.id, node: eventNode(graph, issue, one) }));
  const since = Date.parse(slice.since ?? '') || 0;
  const wanted = slice.itemTypes ?? null;
  const all = [...commits, ...comments, ...events]
    .sort((a, b) => Date.parse(a.at) - Date.parse(b.at) || a.id - b.id)
    .filter((one) => Date.parse(one.at) >= since)
    .map((one) => one.node)
    .filter((node) => wanted === null || wanted.includes(constant(node.__typename)));
  return { ...connection(all.slice(slice.skip ?? 0), slice, (node) => node), updatedAt: issue.updatedAt };
}

function constant(typename: string): string {
  return typename.replace(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase();
}

function eventNode(graph: Graph, issue: Issue, event: TimelineEvent) {
  const { world } = graph;
  const { data } = event;
  const rename = fieldsOf(data.rename);
  const commit = (value: string | null) => (value === null ? null : commitNode(graph, value));
  return {
    __typename: TYPES[event.event] ?? '',
    id: nodeId('EV', event.id),
    databaseId: event.id,
    actor: actorNode(world, event.actor),
    createdAt: event.createdAt,
    deletedCommentAuthor: () => actorNode(world, accountOf(world, textOf(data.author) ?? '')),
    previousRefName: textOf(data.from),
    currentRefName: textOf(data.to),
    beforeCommit: () => commit(textOf(data.before)),
    afterCommit: () => commit(textOf(data.after)),
    commit: () => commit(textOf(data.commit_id)),
    mergeRefName: issue.pull?.baseRef,
    previousTitle: textOf(rename.from),
    currentTitle: textOf(rename.to),
    label: fieldsOf(data.label),
    reason: textOf(data.reason),
    enqueuer: () => (event.actor.type === 'User' ? actorNode(world, event.actor) : null),
    pullRequest: () => issue.pull && graph.pull(issue, issue.pull),
  };
}
