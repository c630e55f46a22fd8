import { resolveExpression } from '../git/revision.ts';
import { nodeId } from '../shapes/account.ts';
import { check, type Graph, READ_CONTENT, READ_ISSUE, READ_PULL, READ_QUEUE, refuse } from './graph.ts';
import { queueNode } from './queue.ts';
import { objectNode, refNode } from './ref.ts';
import { issueNode } from './thread.ts';

interface Named {
  readonly owner: string;
  readonly name: string;
}

interface ObjectName {
  readonly expression?: string | null;
  readonly oid?: string | null;
}

/** Refuses every name but the repository's own, and people who cannot see it. */
export function checkRepository({ world, actor }: Graph, { owner, name }: Named): void {
  const same = owner.toLowerCase() === world.owner.toLowerCase() && name.toLowerCase() === world.repo.toLowerCase();
  const seen = actor.kind === 'user' ? actor.role !== 'none' : true;
  if (!same || !seen) throw refuse('NOT_FOUND', `Could not resolve to a Repository with the name '${owner}/${name}'.`);
}

export function repositoryNode(graph: Graph) {
  const { world } = graph;
  return {
    __typename: 'Repository',
    id: nodeId('R', world.repositoryId),
    databaseId: world.repositoryId,
    name: world.repo,
    nameWithOwner: `${world.owner}/${world.repo}`,
    ...threads(graph),
    ...contents(graph),
  };
}

function threads(graph: Graph) {
  const { world, actor } = graph;
  const missing = (kind: string, number: number) =>
    refuse('NOT_FOUND', `Could not resolve to ${kind} with the number of ${number}.`);
  const issue = (number: number) => {
    const found = world.issues.get(number);
    if (found === undefined || found.pull !== null) throw missing('an Issue', number);
    check(actor, READ_ISSUE);
    return issueNode(graph, found);
  };
  const pull = (number: number) => {
    const found = world.issues.get(number);
    if (found === undefined || found.pull === null) throw missing('a PullRequest', number);
    check(actor, READ_PULL);
    return graph.pull(found, found.pull);
  };
  return {
    issue: ({ number }: { number: number }) => issue(number),
    pullRequest: ({ number }: { number: number }) => pull(number),
    issueOrPullRequest: ({ number }: { number: number }) =>
      world.issues.get(number)?.pull == null ? issue(number) : pull(number),
  };
}

function contents(graph: Graph) {
  const { world, actor } = graph;
  const ref = (name: string) => {
    check(actor, READ_CONTENT);
    return refNode(graph, name);
  };
  return {
    mergeQueue: ({ branch }: { branch?: string | null }) => {
      check(actor, READ_QUEUE);
      return queueNode(graph, branch ?? 'main');
    },
    defaultBranchRef: () => ref('refs/heads/main'),
    ref: ({ qualifiedName }: { qualifiedName: string }) => ref(qualifiedName),
    object: ({ expression, oid }: ObjectName) => {
      check(actor, READ_CONTENT);
      if (oid != null) return objectNode(graph, oid, '');
      const found = resolveExpression(world.git, expression ?? '');
      return found === null ? null : objectNode(graph, found.sha, found.path);
    },
  };
}
