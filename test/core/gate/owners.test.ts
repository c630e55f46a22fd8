import { describe, expect, test } from 'vitest';
import { ownersOfPaths } from '../../../src/core/gate/owners.ts';
import type { PolicyFacts } from '../../../src/model/gate.ts';
import { known, unknown } from '../../../src/model/known.ts';

const nobody = { people: {}, teams: {}, blobs: [], record: known(null), undone: known(null), ancestors: known([]) };

function reasonsFor(codeowners: PolicyFacts['codeowners']) {
  const policy = { commit: '0123456789abcdef0123', codeowners, config: unknown('not asked') };
  return ownersOfPaths(policy, ['jobs/a.json'], nobody).reasons.map(({ code, subject, expected, observed }) => [
    code,
    subject,
    `${expected}; ${observed}`,
  ]);
}

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
