import { describe, expect, test } from 'vitest';
import { decideGate } from '../../../src/core/gate/gate.ts';
import { stopReasons } from '../../../src/core/gate/standing.ts';
import type { Person } from '../../../src/model/gate.ts';
import { known, unknown } from '../../../src/model/known.ts';
import { approval, BASE, bot, facts, HEAD, omar, type World, wendy } from '../../support/gate.ts';

const workflow: Person = { id: 41898282, login: 'github-actions[bot]', type: 'Bot' };
const renovate: Person = { id: 29139614, login: 'renovate[bot]', type: 'Bot' };
const named = (login: string): Person => ({ id: 77, login, type: 'Bot' });
const byHand: Partial<World> = { record: null, pull: { author: wendy } };
const pushed = (actor: Person | null, mergesBase = false) => ({
  ...{ actor, before: '0'.repeat(40), after: HEAD, at: '2026-11-23T03:10:00Z', mergesBase },
});
const push = (actor: Person | null) => known([pushed(actor)]);
const commit = (...people: readonly (Person | null)[]) => known([{ sha: HEAD, parents: [BASE], people, mergesBase: false }]);
const codes = (world: Partial<World>) => decideGate(facts(world)).reasons.map((one) => one.code);

describe('whose hands a change went through', () => {
  test.each<readonly [string, Partial<World>, boolean]>([
    ['a push by somebody known', { ...byHand, change: { pushes: push(wendy) } }, true],
    ['a push by nobody', { ...byHand, change: { pushes: push(null) } }, false],
    ['a push by a workflow, which is everybody', { ...byHand, change: { pushes: push(workflow) } }, false],
    ['a push by another bot, which is somebody', { ...byHand, change: { pushes: push(renovate) } }, true],
    ['a workflow’s merge of the base', { ...byHand, change: { pushes: known([pushed(wendy), pushed(workflow, true)]) } }, true],
    ['a commit by a workflow', { ...byHand, change: { commits: commit(workflow, wendy) } }, false],
    ['a commit by an address without an account', { ...byHand, change: { commits: commit(wendy, null) } }, false],
    ['a pull request by a workflow', { record: null, pull: { author: workflow } }, false],
    [
      'a bot whose name ends in that of the workflows',
      { ...byHand, change: { pushes: push(named('my-github-actions[bot]')) } },
      true,
    ],
    ['a bot whose name starts with it', { ...byHand, change: { pushes: push(named('github-actions-x[bot]')) } }, true],
    ['a push by a workflow under its other name', { ...byHand, change: { pushes: push(named('github-actions')) } }, false],
    ['a record proposed by a workflow where Sluice has an App', { pull: { author: workflow } }, false],
    ['a record proposed by a workflow where Sluice has no App', { config: { door: 'action' }, pull: { author: workflow } }, true],
    [
      'a person’s change by a workflow, whatever the door',
      { record: null, config: { door: 'action' }, pull: { author: workflow } },
      false,
    ],
  ])('%s', (_, world, passes) => {
    expect(codes(world)).toEqual(passes ? [] : ['commit_unattributable']);
  });

  test('a person who took the name of the workflows’ account is that person', () => {
    expect(codes({ ...byHand, change: { pushes: push({ id: 9, login: 'github-actions', type: 'User' }) } })).toEqual([]);
  });
});

describe('a policy that cannot be read', () => {
  const policies = (unconfigured?: boolean) => {
    const given = facts({ record: null, comments: [] });
    const [policy] = given.change.policies;
    if (!policy) throw new Error('no policy');
    const config = unknown('502 Bad Gateway');
    return { ...given, change: { ...given.change, policies: [{ ...policy, config, ...(unconfigured && { unconfigured }) }] } };
  };

  test('leaves open whether a target is touched, so the gate has to say something', () => {
    expect(decideGate(policies())).toMatchObject({ verdict: 'wait', applies: true });
  });

  test('is told from a repository that has none', () => {
    expect(decideGate(policies(true))).toMatchObject({ applies: false });
  });
});

describe('lifting a hold', () => {
  const hold = approval({ id: 60, author: wendy, body: '/hold', createdAt: '2026-11-23T03:50:00Z' });
  const retry = (change: object) =>
    approval({ id: 61, author: wendy, body: '/retry', createdAt: '2026-11-23T03:52:00Z', ...change });
  test.each<readonly [string, object, boolean]>([
    ['the person’s own words', {}, true],
    ['an App that speaks for them', { viaApp: true }, false],
    ['an e-mail', { createdViaEmail: true }, false],
    ['words that were edited', { lastEditedAt: '2026-11-23T03:53:00Z' }, false],
  ])('%s', (_, change, lifts) => {
    expect(codes({ comments: [approval({ createdAt: '2026-11-23T03:55:00Z' }), hold, retry(change)] }).includes('hold')).toBe(
      !lifts,
    );
  });
});

test('a bot that may write holds, and only a person lifts', () => {
  const hold = approval({ id: 60, author: renovate, body: '/hold' });
  expect(codes({ comments: [approval(), hold, approval({ id: 61, author: renovate, body: '/retry' })] })).toEqual(['hold']);
});

describe('what was begun earlier', () => {
  const stops = (world: Partial<World>) => stopReasons(facts({ moment: 'apply', ...world })).map((one) => one.code);
  const deleted = known([{ what: 'comment_deleted' as const, at: '2026-11-23T03:59:00Z', actor: wendy }]);
  const edited = approval({
    id: 60,
    author: omar,
    body: 'fine',
    createdAt: '2026-11-23T03:50:00Z',
    lastEditedAt: '2026-11-23T03:58:00Z',
    former: unknown('a version was deleted'),
  });
  const retry = approval({ id: 61, body: '/retry', createdAt: '2026-11-23T04:05:00Z' });

  test.each<readonly [string, Partial<World>, readonly string[]]>([
    ['nothing stops it', {}, []],
    ['a comment deleted after the merge', { change: { timeline: deleted } }, ['hold']],
    [
      'a comment deleted before the merge',
      { change: { timeline: known([{ what: 'comment_deleted', at: '2026-11-23T03:00:00Z', actor: wendy }]) } },
      [],
    ],
    ['a timeline that cannot be read', { change: { timeline: unknown('502') } }, ['facts_unavailable']],
    ['comments that cannot be read', { change: { comments: unknown('502') } }, ['facts_unavailable']],
    ['an edited comment whose former words are hidden', { comments: [approval(), edited] }, ['hold']],
    ['a deleted comment, and an owner’s retry after it', { comments: [approval(), retry], change: { timeline: deleted } }, []],
    [
      'a deleted comment, and a stranger’s retry',
      { comments: [approval(), { ...retry, author: wendy }], change: { timeline: deleted } },
      ['hold'],
    ],
    ['a bot’s edited comment', { comments: [approval(), { ...edited, author: bot }] }, []],
  ])('%s', (_, world, expected) => {
    expect(stops(world)).toEqual(expected);
  });
});
