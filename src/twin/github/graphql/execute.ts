import { buildSchema, type DocumentNode, execute, GraphQLError, parse, validate } from 'graphql';
import { fieldsOf, type Json, parseJson, textOf } from '../json.ts';
import type { Actor } from '../nouns.ts';
import { Refusal } from '../refusal.ts';
import type { Answer } from '../route.ts';
import type { World } from '../world.ts';
import { check, type Graph, READ_PULL } from './graph.ts';
import { findPull, mutations } from './mutations.ts';
import { checkRepository, repositoryNode } from './repository.ts';
import { SDL } from './sdl.ts';
import { organizationNode } from './team.ts';
import { pullNode } from './thread.ts';

/** Every world has the same schema. */
const schema = buildSchema(SDL);

export function createGraphql(world: World): (actor: Actor, body: Json) => Promise<Answer> {
  return async (actor, body) => {
    if (actor.account === null) throw new Refusal(401, 'This endpoint requires you to be authenticated.');
    const asked = fieldsOf(body);
    const source = textOf(asked.query);
    if (source === null) throw new Refusal(400, 'A query attribute must be specified and must be a string.');
    const variableValues = fieldsOf(asked.variables);
    const operationName = textOf(asked.operationName);
    const document = documentOf(source);
    const done =
      'errors' in document
        ? document
        : await execute({ schema, document, rootValue: root(world, actor), variableValues, operationName });
    return { status: 200, body: parseJson(JSON.stringify({ data: done.data ?? null, ...errorsOf(done.errors) })) ?? null };
  };
}

interface Faulty {
  readonly data?: null;
  readonly errors: readonly GraphQLError[];
}

/** Clients ask the same questions again and again: reading and checking one costs more than answering it. */
const documents = new Map<string, DocumentNode>();
const MOST_DOCUMENTS = 200;

function documentOf(source: string): DocumentNode | Faulty {
  const known = documents.get(source);
  if (known !== undefined) return known;
  try {
    const document = parse(source);
    const errors = validate(schema, document);
    if (errors.length > 0) return { errors };
    if (documents.size >= MOST_DOCUMENTS) documents.clear();
    documents.set(source, document);
    return document;
  } catch (problem) {
    if (problem instanceof GraphQLError) return { errors: [problem] };
    throw problem;
  }
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

function root(world: World, actor: Actor) {
  const graph: Graph = {
    world,
    actor,
    repository: () => repositoryNode(graph),
    pull: (issue, pull) => pullNode(graph, issue, pull),
  };
  return {
    repository: (named: { owner: string; name: string }) => {
      checkRepository(graph, named);
      return repositoryNode(graph);
    },
    organization: ({ login }: { login: string }) => organizationNode(graph, login),
    node: ({ id }: { id: string }) => {
      const found = findPull(world, id);
      check(actor, READ_PULL);
      return found === null ? null : pullNode(graph, found.issue, found.pull);
    },
    ...mutations(graph),
  };
}
