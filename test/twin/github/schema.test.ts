import { schema as published } from '@octokit/graphql-schema';
import {
  buildSchema,
  type GraphQLField,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isRequiredArgument,
  isUnionType,
} from 'graphql';
import { expect, test } from 'vitest';
import { SDL } from '../../../src/twin/github/graphql/sdl.ts';
import { stage } from '../../support/github.ts';

type Typed = { readonly name: string; readonly type: { toString(): string } };

function field(one: GraphQLField<unknown, unknown>): string {
  return String(one.type);
}

test('every type, field and argument of the GraphQL subset is one of GitHub', () => {
  // The published schema defines two fields of an enterprise twice, which has nothing to do with ours.
  const github = buildSchema(published.idl, { assumeValidSDL: true }).getTypeMap();
  const faults: string[] = [];
  const compare = (place: string, ours: Typed, theirs: Typed | undefined) => {
    if (theirs === undefined || String(ours.type) !== String(theirs.type))
      faults.push(`${place}: ${String(ours.type)} is ${String(theirs?.type)}`);
  };
  for (const [name, ours] of Object.entries(buildSchema(SDL).getTypeMap())) {
    const theirs = github[name];
    if (name.startsWith('__')) continue;
    if (theirs === undefined) faults.push(`${name}: GitHub has no such type`);
    else if ((isObjectType(ours) && isObjectType(theirs)) || (isInterfaceType(ours) && isInterfaceType(theirs))) {
      const known = theirs.getFields();
      for (const one of Object.values(ours.getFields())) {
        const found = known[one.name];
        if (found === undefined || field(found) !== field(one)) faults.push(`${name}.${one.name}: ${field(one)}`);
        for (const argument of one.args) {
          const known = found?.args.find((other) => other.name === argument.name);
          compare(`${name}.${one.name}(${argument.name})`, argument, known);
          expect(argument.defaultValue, `${name}.${one.name}(${argument.name})`).toEqual(known?.defaultValue);
        }
        for (const argument of found?.args ?? [])
          if (isRequiredArgument(argument)) expect(one.args.map((known) => known.name)).toContain(argument.name);
      }
      const promised = theirs.getInterfaces().map((one) => one.name);
      for (const one of ours.getInterfaces()) if (!promised.includes(one.name)) faults.push(`${name} implements ${one.name}`);
    } else if (isInputObjectType(ours) && isInputObjectType(theirs)) {
      expect(Object.keys(ours.getFields()).sort()).toEqual(Object.keys(theirs.getFields()).sort());
      for (const one of Object.values(ours.getFields())) compare(`${name}.${one.name}`, one, theirs.getFields()[one.name]);
    } else if (isEnumType(ours) && isEnumType(theirs)) {
      for (const value of ours.getValues()) if (theirs.getValue(value.name) == null) faults.push(`${name}.${value.name}`);
    } else if (isUnionType(ours) && isUnionType(theirs)) {
      const members = theirs.getTypes().map((one) => one.name);
      for (const one of ours.getTypes()) if (!members.includes(one.name)) faults.push(`${name} | ${one.name}`);
    }
  }
  expect(faults).toEqual([]);
});

test('the validator sees what is wrong in an answer, and that the right one is right', async () => {
  const on = await stage();
  await on.app.rest.issues.create({ ...on.at, title: 'x' });
  expect(on.validator.violations).toEqual([]);
  expect(on.validator.checked()).toBeGreaterThan(3);
  on.validator.judge({
    method: 'GET',
    path: '/x',
    route: '/repos/{owner}/{repo}/issues',
    status: 200,
    requestBody: null,
    responseBody: [{ number: 'one' }],
  });
  on.validator.judge({
    method: 'GET',
    path: '/x',
    route: '/repos/{owner}/{repo}/issues',
    status: 418,
    requestBody: null,
    responseBody: null,
  });
  expect(on.validator.violations).toHaveLength(2);
  on.validator.violations.length = 0;
});
