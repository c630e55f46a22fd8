import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decideGate } from '../../../src/core/gate/gate.ts';
import { ownersOfPaths, owns, pathsToOwn } from '../../../src/core/gate/owners.ts';
import type { GateFacts, Person, PolicyFacts } from '../../../src/model/gate.ts';
import { known, unknown } from '../../../src/model/known.ts';
import type { ChangeRecord } from '../../../src/model/record.ts';
import { approval, configOf, deltaOf, facts, JOB_FILE, olga, omar, record, wendy } from '../../support/gate.ts';

const nobody = {
  people: {},
  teams: {},
  blobs: [],
  beside: known({ files: [], names: [] }),
  record: known(null),
  undone: known(null),
  ancestors: known([]),
};

function reasonsFor(codeowners: PolicyFacts['codeowners']) {
  const policy = { commit: '0123456789abcdef0123', codeowners, config: unknown('not asked') };
  return ownersOfPaths(policy, ['jobs/a.json'], nobody).reasons.map(({ code, subject, expected, observed }) => [
    code,
    subject,
    `${expected}; ${observed}`,
  ]);
}

const by = (author: Person) => approval({ id: 51, author });
const file = (text: string) => known({ path: '.github/CODEOWNERS', text });

describe('what makes the owners of a change impossible to tell is said with the file, the line and what to write', () => {
  test.each([
    [
      'no CODEOWNERS file',
      known(null),
      'owners_missing',
      'CODEOWNERS',
      /^one of \.github\/CODEOWNERS, CODEOWNERS, docs\/CODEOWNERS on the default branch \(at 0123456789ab\), with an owner/,
    ],
    ['an unreadable one', unknown('503'), 'owners_unreadable', 'CODEOWNERS', /readable; 503/],
    [
      'a file that owns nothing',
      file(''),
      'owners_missing',
      'jobs/a.json',
      /a last line such as \/jobs\/a\.json @owner; no line/,
    ],
    ['a line without owners', file('# c\n/jobs/\n'), 'owners_missing', 'jobs/a.json', /; line 2 \(\/jobs\/\) names nobody$/],
  ])('%s', (_, codeowners, code, subject, words) => {
    expect(reasonsFor(codeowners)).toEqual([[code, subject, expect.stringMatching(words)]]);
  });

  test('an invalid line', () => {
    expect(reasonsFor(file('* user@example.com\n![x] @y\n'))).toContainEqual([
      'owners_unreadable',
      '.github/CODEOWNERS:2',
      'a line such as: /jobs/ @acme/data-oncall; a pattern cannot be negated with !',
    ]);
  });
});

describe('the paths whose owners decide', () => {
  const [orders] = configOf().targets;
  if (!orders) throw new Error('no target');
  const other = { ...orders, name: 'other', files: ['jobs/other.json'] };
  const policy = { commit: 'x', codeowners: known(null), config: known(configOf({ targets: [orders, other] })) };
  const own = '.sluice/changes/7-1.json';
  const fact = (change: Partial<ChangeRecord> = {}) => ({ path: own, text: '', record: record(change) });
  const paths = (...names: readonly string[]) => deltaOf(names.map((path) => ({ path, before: 'a', after: 'b' })));
  const run = { action: { do: 'repair', runId: '7' } } as const;

  test.each([
    ['a person’s change: all of it', null, paths('a', 'b'), ['a', 'b']],
    ['a change with a record that nobody can judge, which is refused by itself: all else', null, paths('a', own), ['a']],
    ['a record’s change: all but the record', fact(), paths('a', own), ['a']],
    ['a record alone: its target’s files', fact(), paths(own), [JOB_FILE]],
    ['a record that asks for a run: its target’s files too', fact(run), paths('a', own), ['a', JOB_FILE]],
    ['a record of a target’s file: that file, once', fact(run), paths(JOB_FILE, own), [JOB_FILE]],
    ['a record alone of an unknown target: none', fact({ target: 'else' }), paths(own), []],
  ])('are of %s', (_, record, delta, expected) => {
    expect(pathsToOwn(policy, delta, record)).toEqual(expected);
  });

  test('are none of a target where the policy cannot be read', () => {
    expect(pathsToOwn({ ...policy, config: unknown('503') }, paths(own), fact())).toEqual([]);
  });
});

describe('who owns a path', () => {
  const people = {
    olga: known({ person: olga, permission: 'maintain' as const }),
    omar: known({ person: omar, permission: 'read' as const }),
    gone: known(null),
    hidden: unknown('503'),
  };
  const teams = {
    'a/writers': known({ members: [wendy, olga], isSecret: false, permission: 'admin' as const }),
    'a/readers': known({ members: [omar], isSecret: false, permission: 'read' as const }),
    'a/gone': known(null),
    'a/hidden': unknown('503'),
  };
  const owned = (owners: string) => {
    const policy = { commit: 'x', codeowners: file(`* ${owners}`), config: unknown('not asked') };
    return ownersOfPaths(policy, ['a'], { ...nobody, people, teams }).paths;
  };

  test.each([
    ['@olga', [olga.id]],
    ['@omar @gone @hidden @unasked', []],
    ['@a/writers @olga', [wendy.id, olga.id]],
    ['@a/readers @a/gone @a/hidden @a/unasked', []],
    ['xolga@example.com', []],
  ])('of %s: whoever may write', (owners, ids) => {
    expect(owned(owners)).toEqual([{ path: 'a', owners: owners.split(' '), people: ids }]);
  });

  test('owns the change when one of its paths is theirs', () => {
    const paths = [...owned('@olga'), ...owned('@a/readers')];
    expect([owns(olga, paths), owns(omar, paths)]).toEqual([true, false]);
  });
});

test('an owner less never opens the gate, nor makes an owner of anybody', () => {
  const names = fc.uniqueArray(fc.constantFrom('@olga', '@omar', '@wendy', '@acme/data'), { minLength: 1 });
  const comments = fc
    .subarray([olga, omar, wendy])
    .map((people) => people.map((author, index) => approval({ id: 50 + index, author })));
  const owned = ({ change, followUp }: GateFacts) =>
    change.policies.flatMap((policy) => ownersOfPaths(policy, [JOB_FILE], followUp).paths.flatMap((path) => path.people));
  fc.assert(
    fc.property(names, fc.nat(3), comments, (owners, place, said) => {
      const fewer = owners.filter((_, index) => index !== place % owners.length);
      const [more, less] = [owners, fewer].map((list) => facts({ codeowners: `/jobs/ ${list.join(' ')}\n`, comments: said }));
      if (!more || !less) throw new Error('no facts');
      expect(owned(more)).toEqual(expect.arrayContaining(owned(less)));
      if (decideGate(more).verdict !== 'allow') expect(decideGate(less).verdict).not.toBe('allow');
    }),
  );
});

test('an owner that cannot be resolved blocks with its line, whoever else owns the path and approved', () => {
  const bad = fc.constantFrom('@gone', '@acme/none', 'me@example.com', '@unasked');
  const others = fc.subarray(['@olga', '@omar', '@acme/data']);
  fc.assert(
    fc.property(bad, others, fc.nat(3), fc.nat(5), (owner, names, place, line) => {
      const owners = names.toSpliced(place, 0, owner).join(' ');
      const given = facts({ codeowners: `${'# why\n'.repeat(line)}/jobs/ ${owners}\n`, comments: [approval(), by(omar)] });
      const people = { ...given.followUp.people, gone: known(null) };
      const teams = { ...given.followUp.teams, 'acme/none': known(null) };
      const verdict = decideGate({ ...given, followUp: { ...given.followUp, people, teams } });
      expect(verdict.verdict).not.toBe('allow');
      expect(verdict.reasons.map(({ subject }) => subject)).toContain(`${owner} (.github/CODEOWNERS:${line + 1})`);
    }),
  );
});
