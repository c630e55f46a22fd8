import type { CommentFact, Person } from '../../../../src/model/gate.ts';
import { known } from '../../../../src/model/known.ts';
import type { CheckFact } from '../../../../src/model/protection.ts';
import { approval, BASE, bot, checkFact, deltaOf, facts, HEAD, type World, wendy } from '../../../support/gate.ts';

export const older = 'd'.repeat(40);
export const approvesOlder = approval({ body: `/approve ${older}` });

/** Comments in this order, a minute apart. */
export function said(...words: readonly (readonly [Person, string])[]): readonly CommentFact[] {
  return words.map(([author, body], index) =>
    approval({ id: 50 + index, author, body, createdAt: `2026-11-23T03:${30 + index}:00Z` }),
  );
}

export function approved(...people: readonly Person[]): readonly CommentFact[] {
  return said(...people.map((person) => [person, `/approve ${HEAD}`] as const));
}

/** The head has moved on since the approval, by something else than merges of the base. */
export function pushedSince(): Partial<World> {
  return {
    comments: [approvesOlder],
    followUp: { ancestors: known([{ sha: older, onlyBaseMerges: false, delta: [] }]) },
  };
}

/** The head has moved on by merges of the base alone, and the change is the same. */
export function mergedBaseSince(): Partial<World> {
  const { delta } = facts().change;
  return {
    comments: [approvesOlder],
    followUp: { ancestors: known([{ sha: older, onlyBaseMerges: true, delta: delta.known ? delta.value : [] }]) },
  };
}

export function committedBy(...people: readonly Person[]): Partial<World['change']> {
  return { commits: known([{ sha: HEAD, parents: [BASE], people: [...people, bot], mergesBase: false }]) };
}

export function checked(change: Partial<CheckFact>): Partial<World> {
  return { protection: { rules: [{ name: 'build', appId: null }], checks: [checkFact(change)] } };
}

/** A person's change of the target file and of a file in each of these folders. */
export function filesIn(...folders: readonly string[]): Partial<World> {
  return { record: null, extra: deltaOf(folders.map((folder) => ({ path: `${folder}/file.txt`, before: 'a', after: 'b' }))) };
}

export const frozen: Partial<World> = {
  config: { freezes: [{ name: 'tree', from: '2026-11-20', to: '2026-11-30', zone: 'UTC' }] },
};

/** Wendy owns nothing, but may write. */
export const stranger = wendy;
