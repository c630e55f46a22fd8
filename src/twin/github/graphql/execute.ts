import { buildSchema, GraphQLError, graphql } from 'graphql';
import { recordEvent, tellPull } from '../events.ts';
import { fieldsOf, type Json, parseJson, textOf } from '../json.ts';
import { rulesFor } from '../mergeability.ts';
import type { Actor, Issue, Pull } from '../nouns.ts';
import { allows } from '../permissions.ts';
import { Refusal } from '../refusal.ts';
import { type Answer, type Need, needs } from '../route.ts';
import { nodeId } from '../shapes/account.ts';
import type { World } from '../world.ts';
import { actorNode } from './commit.ts';
import { SDL } from './sdl.ts';
import { issueNode, pullNode } from './thread.ts';

interface PullInput {
  readonly input: { readonly pullRequestId: string; readonly clientMutationId?: string; readonly expectedHeadOid?: string };
}

interface Named {
  readonly owner: string;
  readonly name: string;
}

const READ_ISSUE = needs('read', 'issues:read');
const READ_PULL = needs('read', 'pull_requests:read');
const WRITE_PULL = needs('write', 'pull_requests:write');

export function createGraphql(world: World): (actor: Actor, body: Json) => Promise<Answer> {
  const schema = buildSchema(SDL);
  return async (actor, body) => {
    if (actor.account === null) throw new Refusal(401, 'This endpoint requires you to be authenticated.');
    const asked = fieldsOf(body);
    const source = textOf(asked.query);
    if (source === null) throw new Refusal(400, 'A query attribute must be specified and must be a string.');
    const variableValues = fieldsOf(asked.variables);
    const operationName = textOf(asked.operationName);
    const done = await graphql({ schema, source, rootValue: root(world, actor), variableValues, operationName });
    return { status: 200, body: parseJson(JSON.stringify({ data: done.data ?? null, ...errorsOf(done.errors) })) ?? null };
  };
}

function errorsOf(errors: readonly GraphQLError[] | undefined) {
  if (errors === undefined) return {};
  return {
    errors: errors.map((error) => ({
      ...error.toJSON(),
      ...(error.extensions.type === undefined ? {} : { type: error.extensions.type }),
    })),
  };
}

function refuse(type: string, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { type } });
}

function check(actor: Actor, need: Need): void {
  if (!allows(actor, need)) throw refuse('FORBIDDEN', 'Resource not accessible by integration');
}

function root(world: World, actor: Actor) {
  return {
    repository: ({ owner, name }: Named) => repositoryNode(world, actor, { owner, name }),
    node: ({ id }: { id: string }) => {
      const found = findPull(world, id);
      check(actor, READ_PULL);
      return found === null ? null : pullNode(world, found.issue, found.pull);
    },
    markPullRequestReadyForReview: ({ input }: PullInput) => setDraft(world, actor, input, false),
    convertPullRequestToDraft: ({ input }: PullInput) => setDraft(world, actor, input, true),
    enablePullRequestAutoMerge: ({ input }: PullInput) => {
      pullOf(world, actor, input.pullRequestId);
      throw refuse('UNPROCESSABLE', 'Auto merge is not allowed for this repository');
    },
    enqueuePullRequest: ({ input }: PullInput) => enqueue(world, actor, input),
  };
}

function repositoryNode(world: World, actor: Actor, { owner, name }: Named) {
  const same = owner.toLowerCase() === world.owner.toLowerCase() && name.toLowerCase() === world.repo.toLowerCase();
  const seen = actor.kind === 'user' ? actor.role !== 'none' : true;
  if (!same || !seen) throw refuse('NOT_FOUND', `Could not resolve to a Repository with the name '${owner}/${name}'.`);
  const missing = (kind: string, number: number) =>
    refuse('NOT_FOUND', `Could not resolve to ${kind} with the number of ${number}.`);
  const issue = (number: number) => {
    const found = world.issues.get(number);
    if (found === undefined || found.pull !== null) throw missing('an Issue', number);
    check(actor, READ_ISSUE);
    return issueNode(world, found);
  };
  const pull = (number: number) => {
    const found = world.issues.get(number);
    if (found === undefined || found.pull === null) throw missing('a PullRequest', number);
    check(actor, READ_PULL);
    return pullNode(world, found, found.pull);
  };
  return {
    id: nodeId('R', world.repositoryId),
    databaseId: world.repositoryId,
    name: world.repo,
    nameWithOwner: `${world.owner}/${world.repo}`,
    issue: ({ number }: { number: number }) => issue(number),
    pullRequest: ({ number }: { number: number }) => pull(number),
    issueOrPullRequest: ({ number }: { number: number }) =>
      world.issues.get(number)?.pull == null ? issue(number) : pull(number),
  };
}

function findPull(world: World, id: string): { issue: Issue; pull: Pull } | null {
  for (const issue of world.issues.values())
    if (issue.pull !== null && nodeId('PR', issue.pull.id) === id) return { issue, pull: issue.pull };
  return null;
}

function pullOf(world: World, actor: Actor, id: string): { issue: Issue; pull: Pull } {
  const found = findPull(world, id);
  if (found === null) throw refuse('NOT_FOUND', `Could not resolve to a node with the global id of '${id}'`);
  const own = actor.kind === 'user' && found.issue.author.id === actor.account?.id;
  if (!own) check(actor, WRITE_PULL);
  return found;
}

function setDraft(world: World, actor: Actor, input: PullInput['input'], draft: boolean) {
  const { issue, pull } = pullOf(world, actor, input.pullRequestId);
  if (issue.state === 'closed') throw refuse('UNPROCESSABLE', 'Pull request is closed');
  if (pull.draft !== draft && actor.account !== null) {
    pull.draft = draft;
    const by = { actor, account: actor.account };
    recordEvent(world, by, issue, draft ? 'convert_to_draft' : 'ready_for_review');
    tellPull(world, by, draft ? 'converted_to_draft' : 'ready_for_review', issue, pull);
  }
  return { clientMutationId: input.clientMutationId ?? null, pullRequest: pullNode(world, issue, pull) };
}

/** The queue accepts and waits: merging by it is not part of the twin. */
function enqueue(world: World, actor: Actor, input: PullInput['input']) {
  const { issue, pull } = pullOf(world, actor, input.pullRequestId);
  if (rulesFor(world, pull.baseRef)?.mergeQueue !== true)
    throw refuse('UNPROCESSABLE', 'Pull request Merge queue is not enabled on the base branch');
  if (input.expectedHeadOid !== undefined && input.expectedHeadOid !== pull.headSha)
    throw refuse('UNPROCESSABLE', 'Head branch was modified. Review and try the merge again.');
  const entry = { __typename: 'MergeQueueEntry', id: nodeId('MQE', pull.id), enqueuedAt: world.now(), position: 1 };
  const pullRequest = pullNode(world, issue, pull);
  return {
    clientMutationId: input.clientMutationId ?? null,
    mergeQueueEntry: { ...entry, pullRequest },
    actor: actorNode(world, actor.account),
  };
}
