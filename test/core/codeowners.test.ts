import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CODEOWNERS_PATHS, ownersOf, parseCodeowners } from '../../src/core/codeowners.ts';
import cases from './codeowners.cases.json' with { type: 'json' };

function owns(pattern: string, path: string): boolean {
  return ownersOf(parseCodeowners(`${pattern} @o`), path).rule !== null;
}

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-owners-'));
  execFileSync('git', ['init', '-q', folder]);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The paths that git would ignore by this one pattern: where both rules agree, an independent judge. */
function ignoredByGit(pattern: string, paths: readonly string[]): readonly string[] {
  writeFileSync(join(folder, '.gitignore'), `${pattern}\n`);
  try {
    const options = [
      '-c',
      'core.ignoreCase=false',
      '-c',
      'core.excludesFile=/dev/null',
      'check-ignore',
      '--no-index',
      '-z',
      '--stdin',
    ];
    const output = execFileSync('git', options, { cwd: folder, input: paths.join('\0'), encoding: 'utf8', stdio: 'pipe' });
    return output.split('\0').filter((path) => path !== '');
  } catch {
    return [];
  }
}

describe('a pattern', () => {
  test.each(cases)('$name: $pattern', ({ pattern, owned, free }) => {
    expect(parseCodeowners(`${pattern} @o`).faults).toEqual([]);
    expect([...owned, ...free].filter((path) => owns(pattern, path))).toEqual(owned);
  });

  test.each(cases.filter((one) => one.git !== false))('git agrees: $name', ({ pattern, owned, free }) => {
    expect([...ignoredByGit(pattern, [...owned, ...free])].sort()).toEqual([...owned].sort());
  });

  test('matches what git ignores, where the two agree', () => {
    const name = fc.constantFrom('a', 'b', 'ab', 'a.b', '*', '**', 'a*', '*.b', '?', '?b', '*a*');
    const written = fc
      .tuple(fc.boolean(), fc.array(name, { minLength: 1, maxLength: 4 }), fc.boolean())
      // docs/* stops at the direct children only for GitHub.
      .filter(([, names, isFolder]) => isFolder || names.at(-1) !== '*')
      .map(([rooted, names, isFolder]) => `${rooted ? '/' : ''}${names.join('/')}${isFolder ? '/' : ''}`);
    const path = fc
      .array(fc.constantFrom('a', 'b', 'ab', 'a.b', 'c'), { minLength: 1, maxLength: 4 })
      .map((parts) => parts.join('/'));
    fc.assert(
      fc.property(written, fc.uniqueArray(path, { minLength: 20, maxLength: 40 }), (pattern, paths) => {
        expect(paths.filter((one) => owns(pattern, one)).sort()).toEqual([...ignoredByGit(pattern, paths)].sort());
      }),
      { numRuns: 300 },
    );
  });
});

describe('a CODEOWNERS file', () => {
  test('gives a path to the last line that matches', () => {
    const parsed = parseCodeowners('* @all\n/jobs/ @data @org/team\n*.json me@example.com # inline\n/jobs/free.json\n');

    expect(ownersOf(parsed, 'a')).toEqual({ owners: ['@all'], rule: { line: 1, pattern: '*', owners: ['@all'] } });
    expect(ownersOf(parsed, 'jobs/a.yml').owners).toEqual(['@data', '@org/team']);
    expect(ownersOf(parsed, 'jobs/a.json').owners).toEqual(['me@example.com']);
    expect(ownersOf(parsed, 'jobs/free.json')).toEqual({ owners: [], rule: { line: 4, pattern: '/jobs/free.json', owners: [] } });
  });

  test('has no rule for a path that no line matches', () => {
    expect(ownersOf(parseCodeowners('/a @o\n'), 'b')).toEqual({ owners: [], rule: null });
    expect(ownersOf(parseCodeowners(''), 'b')).toEqual({ owners: [], rule: null });
  });

  test('takes comments, blank lines, indentation, tabs and CRLF', () => {
    const parsed = parseCodeowners('# c\r\n\r\n  \t\r\n  /a\t@x\t @y \r\n   # d\r\n/b # only a comment\r\n/c @x #y\r\n');

    expect(parsed.faults).toEqual([]);
    expect(parsed.rules).toEqual([
      { line: 4, pattern: '/a', owners: ['@x', '@y'] },
      { line: 6, pattern: '/b', owners: [] },
      { line: 7, pattern: '/c', owners: ['@x'] },
    ]);
  });

  test.each([
    '!a @o',
    '/a[bc] @o',
    'a] @o',
    '\\#a @o',
    '/a\\[b @o',
    'a#b @o',
    '/a o',
    '/a @',
    '/a @o/',
    '/a @o/t/x',
    '/a @-o',
    '/a @o,@p',
    '/a user@',
    '/a @o @@p',
    '/a x@y',
    '/a @o#c',
    '/a\\',
    '/a\\/b @o',
    '\ufeff/a @o',
    '/a @o\u00a0@p',
    '/a\u0007 @o',
    '/a é',
  ])('%j is a fault and no rule', (line) => {
    const parsed = parseCodeowners(`* @all\n${line}\n`);

    expect(parsed.faults).toMatchObject([{ line: 2 }]);
    expect(parsed.rules).toHaveLength(1);
  });

  test.each(['@o', '@o-p', '@o_corp', '@1', '@o/t', '@o/t.x_y-z', 'a.b+c@d.example'])('%s is an owner', (owner) => {
    expect(parseCodeowners(`* ${owner}`)).toMatchObject({ faults: [], rules: [{ owners: [owner] }] });
  });

  test('of 3 MB is too large, counted in bytes', () => {
    expect(parseCodeowners(`# ${'é'.repeat(1_500_000)}`)).toMatchObject({ rules: [], tooLarge: true });
    expect(parseCodeowners(`# ${'e'.repeat(1_500_000)}`)).toMatchObject({ tooLarge: false });
  });

  test('is looked for in the order of GitHub', () => {
    expect(CODEOWNERS_PATHS).toEqual(['.github/CODEOWNERS', 'CODEOWNERS', 'docs/CODEOWNERS']);
  });
});

describe('the index', () => {
  const pattern = fc.constantFrom(...cases.map((one) => one.pattern));
  const path = fc.constantFrom(...cases.flatMap((one) => [...one.owned, ...one.free]));

  test('finds the same rule as asking line by line', () => {
    fc.assert(
      fc.property(fc.array(pattern, { maxLength: 30 }), path, (patterns, asked) => {
        const parsed = parseCodeowners(patterns.map((one, index) => `${one} @o${index}`).join('\n'));
        expect(ownersOf(parsed, asked).rule?.line ?? 0).toBe(patterns.findLastIndex((one) => owns(one, asked)) + 1);
      }),
    );
  });

  test('a line that matches nothing changes nothing', () => {
    fc.assert(
      fc.property(fc.array(pattern), path, fc.nat(), (patterns, asked, at) => {
        const lines = patterns.map((one, index) => `${one} @o${index}`);
        const more = lines.toSpliced(at % (lines.length + 1), 0, '/never/there @nobody');
        expect(ownersOf(parseCodeowners(more.join('\n')), asked).owners).toEqual(
          ownersOf(parseCodeowners(lines.join('\n')), asked).owners,
        );
      }),
    );
  });
});
