import { entriesOf, entryOf } from '../queue.ts';
import type { QueueEntry } from '../queue-entry.ts';
import { rulesFor } from '../requirements.ts';
import { nodeId } from '../shapes/account.ts';
import { pageUrl } from '../shapes/repository.ts';
import { actorNode, commitNode } from './commit.ts';
import { connection, type Slice } from './connection.ts';
import type { Graph } from './graph.ts';

/** The queue of a branch; null where no rule asks for one. */
export function queueNode(graph: Graph, branch: string) {
  const { world } = graph;
  if (rulesFor(world, branch)?.mergeQueue === undefined) return null;
  const resourcePath = `/${world.owner}/${world.repo}/queue/${branch}`;
  return {
    __typename: 'MergeQueue',
    id: nodeId('MQ', branch),
    repository: graph.repository,
    resourcePath,
    url: `${pageUrl(world)}/queue/${branch}`,
    entries: (slice: Slice) => connection(entriesOf(world, branch), slice, (entry) => queueEntryNode(graph, entry)),
  };
}

export function queueEntryNode(graph: Graph, entry: QueueEntry): unknown {
  const { world } = graph;
  const { group, pull, issue } = entry;
  return {
    __typename: 'MergeQueueEntry',
    id: nodeId('MQE', entry.id),
    enqueuedAt: entry.enqueuedAt,
    enqueuer: actorNode(world, entry.enqueuer),
    position: entriesOf(world, pull.baseRef).indexOf(entryOf(world, pull) ?? entry) + 1,
    state: group === null ? 'QUEUED' : 'AWAITING_CHECKS',
    ...{ jump: false, solo: false },
    baseCommit: () => group && commitNode(graph, group.parent),
    headCommit: () => group && commitNode(graph, group.sha),
    mergeQueue: () => queueNode(graph, pull.baseRef),
    pullRequest: () => graph.pull(issue, pull),
  };
}
