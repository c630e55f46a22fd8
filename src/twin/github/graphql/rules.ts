import { type Fields, fieldsOf, isFields, isList, type Json, textOf } from '../json.ts';
import { nodeId } from '../shapes/account.ts';
import { rulesOf } from '../shapes/rules.ts';
import type { World } from '../world.ts';
import { connection, type Slice } from './connection.ts';

/** GraphQL's name of the parameters of each rule that has any. */
const PARAMETERS: Readonly<Record<string, string>> = {
  merge_queue: 'MergeQueueParameters',
  pull_request: 'PullRequestParameters',
  required_status_checks: 'RequiredStatusChecksParameters',
};

/** The rules of a branch: what REST lists, in GraphQL's spelling. */
export function rulesNode(world: World, branch: string, slice: Slice) {
  return connection(rulesOf(world, branch), slice, (rule) => {
    const type = textOf(rule.type) ?? '';
    const named = PARAMETERS[type];
    return {
      __typename: 'RepositoryRule',
      id: nodeId('RRU', `${branch} ${type}`),
      type: type.toUpperCase(),
      parameters: named === undefined ? null : { __typename: named, ...parametersOf(fieldsOf(rule.parameters)) },
    };
  });
}

function parametersOf(parameters: Fields): Fields {
  return { doNotEnforceOnCreate: false, ...camel(parameters) };
}

function camel(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).map(([key, value]) => [spelled(key), camelJson(value)]));
}

function camelJson(value: Json): Json {
  if (isList(value)) return value.map(camelJson);
  return isFields(value) ? camel(value) : value;
}

function spelled(key: string): string {
  return key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
