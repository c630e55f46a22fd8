import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CODEOWNERS_PATHS, ownersOf, parseCodeowners } from '../../src/core/codeowners.ts';
import { indexRules, type RuleIndex } from '../../src/core/codeowners-index.ts';
import { compilePattern } from '../../src/core/codeowners-pattern.ts';
import cases from './codeowners.cases.json' with { type: 'json' };

function owns(pattern: string, path: string): boolean {
  return ownersOf(parseCodeowners(`${pattern} @o`), path).rule !== null;
}

/** Where the one rule of an index is found. */
function placeOf({ root, names, extensions, others }: RuleIndex<unknown>): string {
  const below: string[] = [];
  let at = root;
  while (at.candidates.length === 0 && at.folders.size === 1)
    for (const [name, next] of at.folders) {
      below.push(name);
      at = next;
    }
  const places = [
    ...(at.candidates.length > 0 ? [`below ${below.join(', ')}`] : []),
    ...[...names.keys()].map((name) => `by the name ${name}`),
    ...[...extensions.keys()].map((extension) => `by the extension ${extension}`),
    ...others.map(() => 'with all others'),
  ];
  return places.join(' and ');
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
    ['a negation', '!a @o', 'a pattern cannot be negated with !'],
    ['a character range', '/a[bc] @o', 'character ranges [ ] do not work'],
    ['half a character range', 'a] @o', 'character ranges [ ] do not work'],
    ['an escaped bracket', '/a\\[b @o', 'character ranges [ ] do not work'],
    ['an escaped number sign at the start', '\\#a @o', 'a pattern cannot start with an escaped #'],
    ['a comment without white space before it', 'a#b @o', 'a comment starts after white space'],
    ['a comment after an escaped backslash', '\\\\#b @o', 'a comment starts after white space'],
    ['a backslash at the end', '/a\\', 'nothing follows the last backslash'],
    ['a backslash alone', '\\', 'nothing follows the last backslash'],
    ['an odd number of backslashes at the end', '/a\\\\\\', 'nothing follows the last backslash'],
    ['an escaped slash', '/a\\/b @o', 'a slash cannot be escaped'],
    ['a byte order mark', '\ufeff/a @o', 'a pattern with invisible characters'],
    ['an escaped byte order mark', '/a\\\ufeffb @o', 'a pattern with invisible characters'],
    ['a control character', '/a\u0007 @o', 'a pattern with invisible characters'],
    ['a hard space at the start', '\u00a0/a @o', 'a pattern with invisible characters'],
    ['a name without its at sign', '/a o', 'not an owner: o'],
    ['an at sign alone', '/a @', 'not an owner: @'],
    ['a team without a name', '/a @o/', 'not an owner: @o/'],
    ['a team in a team', '/a @o/t/x', 'not an owner: @o/t/x'],
    ['a name that starts with a hyphen', '/a @-o', 'not an owner: @-o'],
    ['a comma between owners', '/a @o,@p', 'not an owner: @o,@p'],
    ['an address without a host', '/a user@', 'not an owner: user@'],
    ['two at signs', '/a @o @@p', 'not an owner: @@p'],
    ['a host without a dot', '/a x@y', 'not an owner: x@y'],
    ['a comment glued to an owner', '/a @o#c', 'not an owner: @o#c'],
    ['a hard space between owners', '/a @o\u00a0@p', 'not an owner: @o\u00a0@p'],
    ['a line end of old between owners', '/a @o\r@p', 'not an owner: @o\r@p'],
    ['a hard space before a comment', '/a @o\u00a0#c', 'not an owner: @o\u00a0#c'],
    ['a letter beyond ASCII', '/a é', 'not an owner: é'],
    ['an owner that fills the line, cut short', `/a ${'x'.repeat(90)}`, `not an owner: ${'x'.repeat(80)}`],
  ])('%s is a fault and no rule: %j', (_, line, message) => {
    const parsed = parseCodeowners(`* @all\n${line}\n`);

    expect(parsed.faults).toEqual([{ line: 2, message }]);
    expect(parsed.rules).toHaveLength(1);
  });

  test.each(['@o', '@o-p', '@o_corp', '@1', '@o/t', '@o/t.x_y-z', 'a.b+c@d.example'])('%s is an owner', (owner) => {
    expect(parseCodeowners(`* ${owner}`)).toMatchObject({ faults: [], rules: [{ owners: [owner] }] });
  });

  test.each([
    ['of 3 MB is too large, counted in bytes', `# ${'é'.repeat(1_499_999)}`, true],
    ['of one byte less is not', `# ${'é'.repeat(1_499_998)}e`, false],
  ])('%s', (_, text, tooLarge) => {
    expect(parseCodeowners(text)).toMatchObject({ rules: [], faults: [], tooLarge });
  });

  test('is looked for in the order of GitHub', () => {
    expect(CODEOWNERS_PATHS).toEqual(['.github/CODEOWNERS', 'CODEOWNERS', 'docs/CODEOWNERS']);
  });
});

describe('the index', () => {
  test.each([
    ['a file at the root', '/jobs/orders.json', 'below jobs, orders.json'],
    ['a folder at the root', '/jobs/team/', 'below jobs, team'],
    ['a folder with a wildcard after it', '/jobs/*/conf', 'below jobs'],
    ['a bare name', 'Makefile', 'by the name Makefile'],
    ['a name below any folder', '/*/conf/x', 'by the name conf'],
    ['an extension', '*.js', 'by the extension js'],
    ['an extension below any folder', '/**/a?.min.js', 'by the extension js'],
    ['an extension with a wildcard', '*.j?', 'with all others'],
    ['a wildcard without an extension', 'test_*', 'with all others'],
    ['everything', '*', 'with all others'],
  ])('holds %s against few paths: %s lies %s', (_, written, place) => {
    expect(placeOf(indexRules([{ rule: 1, pattern: compilePattern(written) }]))).toBe(place);
  });

  test.each([
    ['of one name', '**/logs @a\n**/logs/old @b', 'x/logs/a', '@a'],
    ['of one extension', '*.js @a\na*.js @b', 'b.js', '@a'],
    ['of one folder', '/jobs/*.js @a\n/jobs/*.ts @b', 'jobs/b.js', '@a'],
    ['of one folder at other depths', '/jobs/ @a\n/jobs/x/ @b', 'jobs/a', '@a'],
  ])('of two lines %s, one that does not match hides nothing', (_, text, path, owner) => {
    expect(ownersOf(parseCodeowners(text), path).owners).toEqual([owner]);
  });

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
