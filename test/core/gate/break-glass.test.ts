import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lift } from '../../../src/core/gate/break-glass.ts';
import { followUpOf } from '../../../src/core/gate/follow-up.ts';
import { decideGate } from '../../../src/core/gate/gate.ts';
import type { ApprovalPolicy, Config } from '../../../src/model/config.ts';
import type { CommentFact, GateFacts, Person, PolicyFacts } from '../../../src/model/gate.ts';
import { known, unknown } from '../../../src/model/known.ts';
import { GATE_REASONS, type GateReasonCode } from '../../../src/model/reason.ts';
import {
  approval,
  BASE,
  bot,
  configOf,
  deltaOf,
  facts,
  HEAD,
  olga,
  omar,
  pushFact,
  record,
  type World,
  wendy,
} from '../../support/gate.ts';

const older = 'd'.repeat(40);

function policyOf(...breakGlass: readonly string[]): ApprovalPolicy {
  return { ...configOf().approvals, breakGlass };
}

/** Glass broken by these people, a minute apart. */
function broken(...people: readonly Person[]): CommentFact[] {
  return people.map((author, index) =>
    approval({
      id: 50 + index,
      author,
      body: `/approve ${HEAD} --break-glass prod is down`,
      createdAt: `2026-11-23T03:${30 + index}:00Z`,
    }),
  );
}

const FREEZE: Partial<Config> = { freezes: [{ name: 'november', from: '2026-11-20', to: '2026-11-30', zone: 'UTC' }] };
const OFFICE: Partial<Config> = { windows: [{ name: 'office', days: ['mon'], from: '09:00', to: '16:00', zone: 'UTC' }] };

/** A file that nobody owns, in a freeze, and two named people who own nothing of it. */
function emergency(world: Partial<World> = {}): GateFacts {
  return facts({
    codeowners: '/docs/ @olga\n',
    comments: broken(omar, wendy),
    ...world,
    config: { ...FREEZE, approvals: policyOf('omar', 'wendy'), ...world.config },
  });
}

const codesOf = (given: GateFacts) => decideGate(given).reasons.map((one) => one.code);

describe('two people named in the policy', () => {
  test('let a change pass without owners and in a freeze, and it is said what they lifted and why', () => {
    const verdict = decideGate(emergency());
    expect([verdict.verdict, verdict.reasons, verdict.counted, verdict.dropped]).toEqual(['allow', [], [], []]);
    expect(verdict.brokenGlass?.people).toEqual([
      { login: 'omar', reason: 'prod is down' },
      { login: 'wendy', reason: 'prod is down' },
    ]);
    expect(verdict.brokenGlass?.lifted.map((one) => one.code).sort()).toEqual([
      'approval_missing',
      'freeze_active',
      'owners_missing',
    ]);
  });

  test('let it pass outside a window, and no window is waited for any more', () => {
    const verdict = decideGate(emergency({ codeowners: '* @olga\n', config: { ...OFFICE, freezes: [] } }));
    expect([verdict.verdict, verdict.opensAt]).toEqual(['allow', null]);
  });

  test('change nothing where owners approved in time', () => {
    const comments = [approval({ id: 40 }), ...broken(omar, wendy)];
    const verdict = decideGate(facts({ comments, config: { approvals: policyOf('omar', 'wendy') } }));
    expect([verdict.verdict, verdict.brokenGlass]).toEqual(['allow', null]);
  });

  test('are asked for by name only where somebody broke the glass', () => {
    expect(followUpOf(emergency().change).logins).toEqual(['omar', 'wendy']);
    expect(followUpOf(emergency({ comments: [approval()] }).change).logins).toEqual([]);
  });

  test('have their reasons kept up to 500 characters', () => {
    const comments = broken(omar, wendy).map((one) => ({ ...one, body: `${one.body} ${'x'.repeat(600)}` }));
    const verdict = decideGate(emergency({ comments }));
    expect(verdict.brokenGlass?.people.map(({ reason }) => reason.length)).toEqual([500, 500]);
  });

  test('may say other things afterwards', () => {
    const comments = [...broken(omar, wendy), approval({ id: 60, author: omar, body: '/status' })];
    expect(decideGate(emergency({ comments })).verdict).toBe('allow');
  });

  test('may name an older head that differs by merges of the base alone', () => {
    const { delta } = emergency().change;
    const comments = broken(omar, wendy).map((one) => ({ ...one, body: one.body.replace(HEAD, older) }));
    const same = known([{ sha: older, onlyBaseMerges: true, delta: delta.known ? delta.value : [] }]);
    expect(decideGate(emergency({ comments, followUp: { ancestors: same } })).verdict).toBe('allow');
    const other = known([{ sha: older, onlyBaseMerges: true, delta: [] }]);
    expect(decideGate(emergency({ comments, followUp: { ancestors: other } })).dropped.map((one) => one.code)).toEqual([
      'approval_stale',
      'approval_stale',
    ]);
  });
});

describe('one of two', () => {
  test('waits for a second, also where an owner alone would be no help', () => {
    const verdict = decideGate(emergency({ comments: broken(omar) }));
    expect([verdict.verdict, verdict.brokenGlass]).toEqual(['wait', null]);
    expect(verdict.reasons).toContainEqual({
      code: 'approval_missing',
      subject: 'break-glass',
      expected: 'a second of: @wendy, with /approve <sha> --break-glass <reason>',
      observed: '@omar alone',
    });
  });

  test('is told all the others', () => {
    const config = { ...FREEZE, approvals: policyOf('wendy', 'omar', 'olga') };
    expect(decideGate(emergency({ comments: broken(omar), config })).reasons.map((one) => one.expected)).toContain(
      'a second of: @wendy @olga, with /approve <sha> --break-glass <reason>',
    );
  });

  test('holds up nothing that owners let pass', () => {
    const comments = [approval({ id: 40 }), ...broken(omar)];
    expect(decideGate(facts({ comments, config: { approvals: policyOf('omar', 'wendy') } })).verdict).toBe('allow');
  });

  test('saying it twice is one', () => {
    expect(decideGate(emergency({ comments: broken(omar, omar) })).verdict).toBe('wait');
  });

  test('does not make up for what needs a new change', () => {
    expect(decideGate(emergency({ comments: broken(omar), pull: { headRepositoryId: 99 } })).verdict).toBe('deny');
  });
});

/** What is wrong with one of the two, and the code it is told with. */
const BARRED: readonly (readonly [string, Partial<World>, GateReasonCode, RegExp])[] = [
  ['where the policy names nobody', { config: { approvals: policyOf() } }, 'break_glass_denied', /is off/],
  ['where the policy names one', { config: { approvals: policyOf('omar') } }, 'break_glass_denied', /is off/],
  ['of somebody not named', { config: { approvals: policyOf('omar', 'olga') } }, 'break_glass_denied', /no such account/],
  [
    'of a name without write access',
    people('wendy', { person: wendy, permission: 'read' }),
    'break_glass_denied',
    /write access/,
  ],
  [
    'of a name that nobody asked about',
    { followUp: { people: { omar: known({ person: omar, permission: 'maintain' }) } } },
    'break_glass_denied',
    /no such account/,
  ],
  ['of a name that is no account', people('wendy', null), 'break_glass_denied', /no such account/],
  [
    'of a name that another account has now',
    people('wendy', { person: { ...wendy, id: 77 }, permission: 'write' }),
    'break_glass_denied',
    /no such account/,
  ],
  ['of the pull request’s author', { pull: { author: wendy } }, 'break_glass_denied', /opened this pull request/],
  ['of a commit’s author', { change: committed(wendy) }, 'break_glass_denied', /wrote or committed/],
  ['of who pushed', { change: pushed(wendy) }, 'break_glass_denied', /pushed/],
  ['of who shaped it', { live: { asked: known({ shapers: [wendy.id], askers: [] }) } }, 'break_glass_denied', /shaped/],
  [
    'of who asked for it at high risk',
    { live: { asked: known({ shapers: [], askers: [wendy.id] }) }, record: record({ risk: 'high' }) },
    'break_glass_denied',
    /asked for it/,
  ],
  ['for no reason', second({ body: `/approve ${HEAD} --break-glass \u200b!` }), 'break_glass_denied', /says nothing/],
  ['for another commit', second({ body: `/approve ${older} --break-glass prod` }), 'approval_wrong_sha', /is not/],
  ['that was edited', second({ includesCreatedEdit: true }), 'approval_edited', /edited/],
  ['by e-mail', second({ createdViaEmail: true }), 'approval_edited', /e-mail/],
  ['by an App for a person', second({ viaApp: true }), 'approval_bot', /people/],
  ['by a bot', second({ author: bot }), 'approval_bot', /people/],
  ['by nobody', second({ author: null }), 'approval_bot', /people/],
  ['that is too old', second({ createdAt: '2026-11-19T03:30:00Z' }), 'approval_expired', /valid for 72 h/],
  [
    'before a comment was deleted',
    { change: { timeline: known([{ what: 'comment_deleted', at: '2026-11-23T03:45:00Z', actor: olga, author: olga }]) } },
    'approval_deleted',
    /was deleted/,
  ],
  [
    'where a hold was edited away',
    { comments: [...broken(omar, wendy), approval({ id: 60, body: '/hold', lastEditedAt: '2026-11-23T03:20:00Z' })] },
    'approval_deleted',
    /was edited/,
  ],
];

function people(login: string, found: { readonly person: Person; readonly permission: 'write' | 'read' } | null): Partial<World> {
  return { followUp: { people: { ...facts().followUp.people, [login]: known(found) } } };
}

function second(change: Partial<CommentFact>): Partial<World> {
  const [one, other] = broken(omar, wendy);
  return { comments: [{ ...other!, ...change }, one!] };
}

function committed(person: Person): Partial<World['change']> {
  return { commits: known([{ sha: HEAD, parents: [BASE], people: [person, bot], mergesBase: false }]) };
}

function pushed(person: Person): Partial<World['change']> {
  return { pushes: known([pushFact({ actor: person })]) };
}

describe('break-glass does not count', () => {
  test.each(BARRED)('%s', (_, world, code, detail) => {
    const verdict = decideGate(emergency(world));
    expect(verdict.dropped).toContainEqual(expect.objectContaining({ code, detail: expect.stringMatching(detail) }));
    expect(verdict.verdict).not.toBe('allow');
    expect(verdict.brokenGlass).toBeNull();
  });

  test('of an account that is gone, which is told as such', () => {
    const [dropped] = decideGate(emergency(second({ author: null }))).dropped;
    expect(dropped).toEqual({ commentId: 51, login: 'ghost', code: 'approval_bot', detail: 'only people approve' });
  });

  test('once it is taken back', () => {
    const taken = approval({ id: 60, author: wendy, body: '/unapprove', createdAt: '2026-11-23T03:50:00Z' });
    expect(decideGate(emergency({ comments: [...broken(omar, wendy), taken] })).verdict).toBe('wait');
  });

  test.each(['.github/sluice.yml', '.github/CODEOWNERS', '.github/workflows/x.yml', 'runbooks/a.md'])(
    'for a change of %s, which decides who decides',
    (path) => {
      const verdict = decideGate(emergency({ record: null, extra: deltaOf([{ path, before: 'a', after: 'b' }]) }));
      expect(verdict.dropped.map((one) => one.code)).toEqual(['break_glass_denied', 'break_glass_denied']);
      expect(verdict.dropped[0]?.detail).toBe(
        `the change touches ${path}, which decides who decides: only its owner lets that pass`,
      );
      expect(verdict.verdict).toBe('deny');
    },
  );

  test('while the policy at HEAD cannot be read, though the other names them', () => {
    const given = emergency({ moment: 'apply' });
    const policies = given.change.policies.map((one, index) => (index === 0 ? one : { ...one, config: unknown('faulty') }));
    const verdict = decideGate({ ...given, change: { ...given.change, policies } });
    expect([verdict.verdict, verdict.dropped, verdict.brokenGlass]).toEqual(['deny', [], null]);
  });

  test('while a policy cannot be read, and nobody is told that it does not', () => {
    const policy: PolicyFacts = { commit: BASE, codeowners: known(null), config: unknown('faulty') };
    const verdict = decideGate(emergency({ change: { policies: [policy] } }));
    expect([verdict.verdict, verdict.dropped]).toEqual(['wait', []]);
  });
});

describe('at apply', () => {
  /** The policy at the merge's first parent and at HEAD. */
  function at(base: readonly string[], head: readonly string[]): GateFacts {
    const given = emergency({ moment: 'apply' });
    const policies = given.change.policies.map((policy, index) => ({
      ...policy,
      config: known(configOf({ ...FREEZE, approvals: policyOf(...(index === 0 ? base : head)) })),
    }));
    return { ...given, change: { ...given.change, policies } };
  }

  test('both are named then and now, in whatever spelling', () => {
    expect(decideGate(at(['omar', 'wendy'], ['Wendy', 'olga', 'OMAR'])).verdict).toBe('allow');
  });

  test.each([
    ['no longer', ['omar', 'wendy'], ['omar', 'olga']],
    ['not yet', ['omar', 'olga'], ['omar', 'wendy']],
    ['never', ['olga', 'omar'], ['olga', 'omar']],
  ])('it is refused where one of them is named %s', (_, base, head) => {
    const verdict = decideGate(at(base, head));
    expect(verdict.verdict).not.toBe('allow');
    expect(verdict.dropped.map((one) => [one.login, one.code])).toContainEqual(['wendy', 'break_glass_denied']);
  });

  test.each([
    [1, 72],
    [72, 1],
  ])('the shorter of two ages (%i h, %i h) decides', (base, head) => {
    const given = emergency({ moment: 'apply', live: { now: '2026-11-23T05:00:00.000Z' } });
    const policies = given.change.policies.map((one, index) => {
      const approvals = { ...policyOf('omar', 'wendy'), expireAfterHours: index === 0 ? base : head };
      return { ...one, config: known(configOf({ ...FREEZE, approvals })) };
    });
    const verdict = decideGate({ ...given, change: { ...given.change, policies } });
    expect(verdict.dropped.map((one) => one.code)).toEqual(['approval_expired', 'approval_expired']);
    expect(verdict.verdict).not.toBe('allow');
  });

  test('a change that is no merge of it is refused whoever broke the glass', () => {
    expect(codesOf(emergency({ moment: 'apply', pull: { mergeSha: older } }))).toEqual(['merge_mismatch']);
  });
});

/** Every code, whether two people lift it, and why. */
const EVERY: Readonly<Record<GateReasonCode, readonly [boolean, string]>> = {
  approval_missing: [true, 'owner coverage'],
  approval_expired: [true, 'owner coverage: an owner’s word that is too old is none'],
  owners_missing: [true, 'owner coverage: nobody could give it'],
  owners_unreadable: [true, 'owner coverage: who owns the file is what is waived'],
  owners_too_large: [true, 'owner coverage: the same'],
  team_missing: [true, 'owner coverage: the same'],
  team_unreadable: [true, 'owner coverage: the same'],
  outside_window: [true, 'a window'],
  freeze_active: [true, 'a freeze'],
  window_unreadable: [false, 'the policy that names the two is faulty'],
  config_unreadable: [false, 'nobody can tell who is named'],
  facts_unavailable: [false, 'could not tell is never yes'],
  files_incomplete: [false, 'nobody can tell what they looked at'],
  commit_unattributable: [false, 'four eyes: whose hands it went through must be known'],
  hold: [false, 'somebody says no'],
  recovered: [false, 'there is no emergency'],
  expired: [false, 'the evidence is old: a new proposal takes minutes'],
  mode_not_execute: [false, 'the policy wants nobody to merge or apply by Sluice'],
  policy_unapproved: [false, 'who may break the glass is itself a question of who wrote the policy'],
  superseded: [false, 'something newer is in force'],
  record_mismatch: [false, 'content'],
  target_mismatch: [false, 'content'],
  merge_mismatch: [false, 'content: it is not what they saw'],
  file_kind_forbidden: [false, 'content'],
  path_forbidden: [false, 'content'],
  key_forbidden: [false, 'a limit of what agents change'],
  limit_exceeded: [false, 'a limit of what agents change'],
  fork: [false, 'content of another repository'],
  check_failed: [false, 'GitHub enforces it by itself'],
  check_unknown: [false, 'GitHub enforces it by itself'],
  check_forged: [false, 'somebody lies'],
  github_review_missing: [false, 'GitHub enforces it by itself'],
  protection_missing: [false, 'the policy wants it before anything passes'],
  base_moved: [false, 'GitHub enforces it by itself'],
  approval_stale: [false, 'only ever said of one approval'],
  approval_not_owner: [false, 'only ever said of one approval'],
  approval_self: [false, 'only ever said of one approval'],
  approval_committer: [false, 'only ever said of one approval'],
  approval_asked: [false, 'only ever said of one approval'],
  approval_bot: [false, 'only ever said of one approval'],
  approval_edited: [false, 'only ever said of one approval'],
  approval_deleted: [false, 'only ever said of one approval'],
  approval_wrong_sha: [false, 'only ever said of one approval'],
  break_glass_denied: [false, 'only ever said of one approval'],
};

describe('of all reasons', () => {
  const given = [omar, wendy].map((person) => ({ commentId: 1, person, sha: HEAD, at: '', reason: 'fire' }));
  const glass = { given, dropped: [], named: ['omar', 'wendy'] };
  const reasonOf = (code: GateReasonCode) => ({ code, subject: 'x', expected: 'y', observed: 'z' });

  test.each(GATE_REASONS)('%s is lifted or not', (code) => {
    const [isLifted] = EVERY[code];
    const { reasons, brokenGlass } = lift(glass, [reasonOf(code)]);
    expect(reasons).toEqual(isLifted ? [] : [reasonOf(code)]);
    expect(brokenGlass === null).toBe(!isLifted);
  });

  test('what is not lifted stays beside what is', () => {
    const { reasons, brokenGlass } = lift(glass, [reasonOf('hold'), reasonOf('owners_missing')]);
    expect(reasons).toEqual([reasonOf('hold')]);
    expect(brokenGlass?.lifted).toEqual([reasonOf('owners_missing')]);
  });
});

describe('whatever is said', () => {
  const comment = fc.record({
    author: fc.constantFrom(olga, omar, wendy, bot, null),
    body: fc.constantFrom(
      `/approve ${HEAD} --break-glass prod is down`,
      `/approve ${HEAD.slice(0, 12)} --break-glass x`,
      `/approve ${older} --break-glass prod is down`,
      `/approve ${HEAD}`,
      '/approve --break-glass prod is down',
      '/unapprove',
      '/hold',
      '/retry',
    ),
    lastEditedAt: fc.constantFrom(null, null, null, '2026-11-23T03:50:00Z'),
  });
  const said = fc.array(comment, { maxLength: 8 }).map((all) => all.map((one, index) => approval({ ...one, id: index })));
  const moment = fc.constantFrom('open' as const, 'apply' as const);

  test('without names in the policy no break-glass ever makes a verdict allow', () => {
    fc.assert(
      fc.property(said, moment, fc.boolean(), (comments, when, frozen) => {
        const world: Partial<World> = { moment: when, ...(frozen && { config: FREEZE }) };
        const without = comments.filter((one) => !one.body.includes('--break-glass'));
        const verdict = decideGate(facts({ ...world, comments }));
        if (verdict.verdict === 'allow') expect(decideGate(facts({ ...world, comments: without })).verdict).toBe('allow');
        expect(verdict.brokenGlass).toBeNull();
      }),
    );
  });

  test('an open gate without owners has two named people’s unedited words for this head', () => {
    fc.assert(
      fc.property(said, moment, (comments, when) => {
        const verdict = decideGate(emergency({ comments, moment: when }));
        if (verdict.verdict !== 'allow') return;
        const sound = comments.filter(
          (one) => one.body.includes('--break-glass') && one.body.includes(HEAD.slice(0, 12)) && one.lastEditedAt === null,
        );
        expect(sound.some((one) => one.author === omar) && sound.some((one) => one.author === wendy)).toBe(true);
      }),
    );
  });
});
