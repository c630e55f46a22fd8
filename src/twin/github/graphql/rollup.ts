import type { CheckRun, CommitStatus } from '../nouns.ts';
import { allows } from '../permissions.ts';
import { isRequired, runsOn, statusesOn } from '../requirements.ts';
import { type Need, needs } from '../route.ts';
import { nodeId } from '../shapes/account.ts';
import { suiteId } from '../shapes/check.ts';
import { actorNode, commitNode } from './commit.ts';
import { connection, type Slice } from './connection.ts';
import { type Graph, refuse } from './graph.ts';

const READ_CHECKS = needs('read', 'checks:read');
const READ_STATUSES = needs('read', 'statuses:read');

interface Asking {
  readonly pullRequestNumber?: number | null;
}

/** Everything reported on a commit, runs that a later one replaced among it; null when there is nothing. */
export function rollupNode(graph: Graph, sha: string) {
  const { world } = graph;
  const runs = runsOn(world, sha);
  const statuses = statusesOn(world, sha);
  if (runs.length + statuses.length === 0) return null;
  const shown = [
    ...runs.map((run) => permitted(graph, READ_CHECKS, () => runNode(graph, run))),
    ...statuses.map((status) => permitted(graph, READ_STATUSES, () => statusNode(graph, status))),
  ];
  return {
    __typename: 'StatusCheckRollup',
    id: nodeId('SCR', sha),
    commit: () => commitNode(graph, sha),
    state: () => worst([...runs.map(runState), ...statuses.map(({ state }) => state.toUpperCase())]),
    contexts: (slice: Slice) => connection(shown, slice, (node) => node()),
  };
}

/** What may not be read is a null of its own with an error beside it; the rest of the answer stands. */
function permitted<Node>({ actor }: Graph, need: Need, node: () => Node): () => Node | Error {
  return allows(actor, need) ? node : () => refuse('FORBIDDEN', 'Resource not accessible by integration');
}

function runNode(graph: Graph, run: CheckRun) {
  return {
    __typename: 'CheckRun',
    id: nodeId('CR', run.id),
    name: run.name,
    status: run.status.toUpperCase(),
    conclusion: run.conclusion?.toUpperCase() ?? null,
    startedAt: run.startedAt,
    completedAt: run.completedAt,
    externalId: run.externalId,
    title: run.title,
    checkSuite: {
      __typename: 'CheckSuite',
      id: nodeId('CS', suiteId(run)),
      app: { __typename: 'App', id: nodeId('A', run.app.id), databaseId: run.app.id, name: run.app.slug, slug: run.app.slug },
      commit: () => commitNode(graph, run.sha),
    },
    isRequired: (asking: Asking) => isWanted(graph, asking, run.name, run.app.id),
  };
}

function statusNode(graph: Graph, status: CommitStatus) {
  return {
    __typename: 'StatusContext',
    id: nodeId('SC', status.id),
    context: status.context,
    state: status.state.toUpperCase(),
    description: status.description,
    createdAt: status.createdAt,
    creator: actorNode(graph.world, status.creator),
    isRequired: (asking: Asking) => isWanted(graph, asking, status.context, status.app?.id ?? null),
  };
}

function isWanted({ world }: Graph, { pullRequestNumber }: Asking, name: string, appId: number | null): boolean {
  const pull = world.issues.get(pullRequestNumber ?? 0)?.pull;
  if (pull == null) throw refuse('NOT_FOUND', 'A pull request ID or pull request number is required.');
  return isRequired(world, pull, name, appId);
}

function runState({ status, conclusion }: CheckRun): string {
  if (status !== 'completed') return 'PENDING';
  return ['success', 'neutral', 'skipped'].includes(conclusion ?? '') ? 'SUCCESS' : 'FAILURE';
}

function worst(states: readonly string[]): string {
  return ['ERROR', 'FAILURE', 'PENDING'].find((state) => states.includes(state)) ?? 'SUCCESS';
}
