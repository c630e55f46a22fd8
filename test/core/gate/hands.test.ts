import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decideGate } from '../../../src/core/gate/gate.ts';
import { stopReasons } from '../../../src/core/gate/standing.ts';
import type { Person } from '../../../src/model/gate.ts';
import { known, unknown } from '../../../src/model/known.ts';
import {
  approval,
  BASE,
  bot,
  configOf,
  facts,
  HEAD,
  JOB_FILE,
  olga,
  omar,
  pushFact,
  type World,
  wendy,
} from '../../support/gate.ts';

const workflow: Person = { id: 41898282, login: 'github-actions[bot]', type: 'Bot' };
const renovate: Person = { id: 29139614, login: 'renovate[bot]', type: 'Bot' };
const named = (login: string): Person => ({ id: 77, login, type: 'Bot' });
const byHand: Partial<World> = { record: null, pull: { author: wendy } };
const pushed = (actor: Person | null, mergesBase = false) => pushFact({ actor, mergesBase });
const push = (actor: Person | null) => known([pushed(actor)]);
const commit = (...people: readonly (Person | null)[]) => known([{ sha: HEAD, parents: [BASE], people, mergesBase: false }]);
const codes = (world: Partial<World>) => decideGate(facts(world)).reasons.map((one) => one.code);

const NOBODY = ['commit_unattributable'];
/** A second owner. */
const TWO = ['approval_missing'];

describe('whose hands a change went through', () => {
  test.each<readonly [string, Partial<World>, readonly string[]]>([
    ['a push by somebody known', { ...byHand, change: { pushes: push(wendy) } }, []],
    ['a push by nobody', { ...byHand, change: { pushes: push(null) } }, NOBODY],
    ['a push by a workflow, which is everybody', { ...byHand, change: { pushes: push(workflow) } }, NOBODY],
    ['a push by another bot, which is somebody', { ...byHand, change: { pushes: push(renovate) } }, TWO],
    ['a workflow’s merge of the base', { ...byHand, change: { pushes: known([pushed(wendy), pushed(workflow, true)]) } }, []],
    ['a commit by a workflow', { ...byHand, change: { commits: commit(workflow, wendy) } }, NOBODY],
    ['a commit by an address without an account', { ...byHand, change: { commits: commit(wendy, null) } }, NOBODY],
    ['a pull request by a workflow', { record: null, pull: { author: workflow } }, NOBODY],
    [
      'a bot whose name ends in that of the workflows',
      { ...byHand, change: { pushes: push(named('my-github-actions[bot]')) } },
      TWO,
    ],
    ['a bot whose name starts with it', { ...byHand, change: { pushes: push(named('github-actions-x[bot]')) } }, TWO],
    ['a push by a workflow under its other name', { ...byHand, change: { pushes: push(named('github-actions')) } }, NOBODY],
    ['a record proposed by a workflow where Sluice has an App', { pull: { author: workflow } }, NOBODY],
    ['a record proposed by a workflow where Sluice has no App', { config: { door: 'action' }, pull: { author: workflow } }, TWO],
    [
      'a person’s change by a workflow, whatever the door',
      { record: null, config: { door: 'action' }, pull: { author: workflow } },
      NOBODY,
    ],
  ])('%s', (_, world, expected) => {
    expect(codes(world)).toEqual(expected);
  });

  test('a person who took the name of the workflows’ account is that person', () => {
    expect(codes({ ...byHand, change: { pushes: push({ id: 9, login: 'github-actions', type: 'User' }) } })).toEqual([]);
  });
});

describe('what a bot had a hand in needs two owners, because one of them may be whoever runs the bot', () => {
  const copilot: Person = { id: 198982749, login: 'copilot-swe-agent[bot]', type: 'Bot' };
  const shaped: readonly (readonly [string, Partial<World>])[] = [
    ['it opened the pull request', { record: null, pull: { author: copilot } }],
    ['it wrote a commit', { ...byHand, change: { commits: commit(wendy, copilot) } }],
    ['it pushed', { ...byHand, change: { pushes: push(copilot) } }],
    ['it pushed onto our own proposal', { change: { pushes: known([pushed(bot), pushed(copilot)]) } }],
    ['it is neither a person nor a bot', { ...byHand, change: { pushes: push({ ...copilot, type: 'Mannequin' }) } }],
  ];
  const both = { comments: [approval(), approval({ id: 51, author: omar })] };
  const twice = { comments: [approval(), approval({ id: 51 })] };
  const told = (world: Partial<World>) =>
    decideGate(facts(world)).reasons.map(({ code, subject, expected, observed }) =>
      [code, subject, expected, observed].join(' | '),
    );
  const words = (login: string, observed: number) =>
    `approval_missing | @${login} | 2 owners whatever the risk, because a bot had a hand in it and one of them may be whoever runs the bot | ${observed}`;

  test.each(shaped)('where %s', (_, world) => {
    expect(told(world)).toEqual([words(copilot.login, 1)]);
    expect(told({ ...world, ...twice })).toEqual([words(copilot.login, 1)]);
    expect(decideGate(facts({ ...world, ...both }))).toMatchObject({ verdict: 'allow', required: 2 });
  });

  test('at apply as well', () => {
    const world: Partial<World> = { ...byHand, moment: 'apply', change: { pushes: push(copilot) } };
    expect(told(world)).toEqual([words(copilot.login, 1)]);
    expect(decideGate(facts({ ...world, ...both })).verdict).toBe('allow');
  });

  test('where a workflow proposes for Sluice: a workflow of any branch can propose the same', () => {
    const world: Partial<World> = { config: { door: 'action' }, pull: { author: workflow }, change: { pushes: push(workflow) } };
    expect(told(world)).toEqual([words(workflow.login, 1)]);
    expect(told({ ...world, moment: 'apply' })).toEqual([words(workflow.login, 1)]);
    expect(decideGate(facts({ ...world, ...both })).verdict).toBe('allow');
  });

  test('our own App among them where nobody said which account it is, and the sentence says how', () => {
    const live = { ours: [] };
    const fix = '; where it is Sluice’s own App, SLUICE_BOT_ID has to say so';
    expect(told({ live })).toEqual([words(bot.login, 1).replace(' | 1', `${fix} | 1`)]);
    expect(decideGate(facts({ ...both, live })).verdict).toBe('allow');
    expect(told({ live, config: { door: 'action' }, pull: { author: workflow } })[0]).not.toContain('SLUICE_BOT_ID');
  });

  test('and each bot is named once', () => {
    const world = {
      record: null,
      pull: { author: copilot },
      change: { pushes: known([pushed(copilot), pushed(renovate)]) },
      comments: [],
    };
    expect(told(world)).toEqual([
      `approval_missing | ${JOB_FILE} | /approve by one of @olga @acme/data | none that counts`,
      words(`${copilot.login} @${renovate.login}`, 0),
    ]);
  });

  test.each<readonly [string, Partial<World>]>([
    ['our own App', {}],
    ['a merge of the base that it pushed', { ...byHand, change: { pushes: known([pushed(wendy), pushed(copilot, true)]) } }],
    [
      'a merge of the base that it made',
      { ...byHand, change: { commits: known([{ sha: HEAD, parents: [BASE], people: [copilot], mergesBase: true }]) } },
    ],
    ['commits and pushes by people', { ...byHand, change: { commits: commit(wendy), pushes: push(wendy) } }],
  ])('but for %s one is enough', (_, world) => {
    expect(decideGate(facts(world))).toMatchObject({ verdict: 'allow', required: 1 });
  });

  test('and no fewer than the risk asks anyway, which is then the reason', () => {
    const owners = (high: number) => ({ approvals: { ...configOf().approvals, owners: { low: 1, medium: high, high } } });
    const world = { ...byHand, change: { pushes: push(copilot) } };
    expect(told({ ...world, config: owners(2) })).toEqual(['approval_missing | medium risk | 2 owners | 1']);
    expect(told({ ...world, ...both, config: owners(3) })).toEqual(['approval_missing | medium risk | 3 owners | 2']);
  });

  test('and an old one is told as such', () => {
    const world = {
      ...byHand,
      moment: 'apply' as const,
      change: { pushes: push(copilot) },
      live: { now: '2026-11-26T04:00:00.000Z' },
    };
    const comments = [approval(), approval({ id: 51, author: omar, createdAt: '2026-11-26T03:00:00Z' })];
    expect(told({ ...world, comments })).toEqual([
      `approval_expired | @${copilot.login} | 2 owners whatever the risk, because a bot had a hand in it and one of them may be whoever runs the bot, younger than 72 h | 1`,
    ]);
  });

  test('where commits and pushes cannot be read, the author alone is asked', () => {
    const change = { commits: unknown('503'), pushes: unknown('503') };
    expect(decideGate(facts({ change })).required).toBe(1);
    expect(decideGate(facts({ record: null, pull: { author: copilot }, change })).required).toBe(2);
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
  const deleted = known([{ what: 'comment_deleted' as const, at: '2026-11-23T03:59:00Z', actor: wendy, author: wendy }]);
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
      { change: { timeline: known([{ what: 'comment_deleted', at: '2026-11-23T03:00:00Z', actor: wendy, author: wendy }]) } },
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

test('another hand never opens the gate', () => {
  const copilot = named('copilot-swe-agent[bot]');
  const hand = fc.constantFrom(bot, olga, omar, wendy, renovate, copilot, workflow, null);
  const shaped = fc.record({ people: fc.array(hand, { maxLength: 3 }), actor: hand, mergesBase: fc.boolean() });
  const comments = [approval(), approval({ id: 51, author: omar })];
  const decided = (people: readonly (Person | null)[], actors: readonly (Person | null)[], mergesBase: boolean) => {
    const commits = known([{ sha: HEAD, parents: [BASE], people, mergesBase }]);
    const pushes = known(actors.map((actor) => pushFact({ actor, mergesBase })));
    return decideGate(facts({ comments, change: { commits, pushes } }));
  };
  fc.assert(
    fc.property(shaped, hand, fc.boolean(), ({ people, actor, mergesBase }, another, pushed) => {
      const before = decided(people, [actor], mergesBase);
      const after = pushed ? decided(people, [actor, another], mergesBase) : decided([...people, another], [actor], mergesBase);
      if (before.verdict !== 'allow') expect(after.verdict).not.toBe('allow');
      expect(after.required).toBeGreaterThanOrEqual(before.required);
    }),
  );
});
