import { beforeAll, describe, expect, test } from 'vitest';
import { build, document, folder, sluice } from './sluice.ts';

const CODEOWNERS = '# who\n* @olga\n/jobs/ @acme/data @omar\n/jobs/free/\n';

beforeAll(build);

describe('sluice owners', () => {
  test('names the owners of each path and the line that says so', async () => {
    const cwd = folder({ '.github/CODEOWNERS': CODEOWNERS });

    const ended = await sluice(['owners', 'jobs/a.json', '/README.md', 'jobs/free/b.json', '--json'], { cwd });

    expect(ended.code).toBe(0);
    expect(document(ended)).toEqual({
      codeowners: '.github/CODEOWNERS',
      paths: [
        { path: 'jobs/a.json', owners: ['@acme/data', '@omar'], rule: { line: 3, pattern: '/jobs/' } },
        { path: '/README.md', owners: ['@olga'], rule: { line: 2, pattern: '*' } },
        { path: 'jobs/free/b.json', owners: [], rule: { line: 4, pattern: '/jobs/free/' } },
      ],
    });
  });

  test('a path that no line matches has no owner and no rule', async () => {
    const file = `${folder({ CODEOWNERS: '/jobs/ @olga\n' })}/CODEOWNERS`;

    const ended = await sluice(['owners', 'README.md', '--codeowners', file, '--json']);

    expect(document(ended)).toEqual({ codeowners: file, paths: [{ path: 'README.md', owners: [], rule: null }] });
  });

  test('says it in words to a person', async () => {
    const { stdout } = await sluice(['owners', 'jobs/free/b.json'], { cwd: folder({ CODEOWNERS }) });

    expect(stdout).toBe('jobs/free/b.json  nobody  (CODEOWNERS:4 /jobs/free/)\n');
  });

  test.each([
    ['one invalid line', '* @olga\n!no @omar\n* not-an-owner\n', ['README.md'], 1, 'owners_unreadable', 2],
    ['a file of 3 MB', `# ${'x'.repeat(3_000_000)}\n`, ['README.md'], 1, 'owners_too_large', undefined],
    ['a path outside of the repository', '* @olga\n', ['../x'], 2, 'usage', undefined],
  ])('%s refuses the whole answer', async (_, text, paths, code, reason, line) => {
    const ended = await sluice(['owners', ...paths, '--json'], { cwd: folder({ CODEOWNERS: text }) });

    expect(ended.code).toBe(code);
    expect(document(ended).error).toMatchObject({ code: reason, ...(line && { line, file: 'CODEOWNERS' }) });
  });

  test.each([
    ['no CODEOWNERS at all', []],
    ['a named file that is not there', ['--codeowners', 'nowhere']],
  ])('%s is a missing file', async (_, options) => {
    const ended = await sluice(['owners', 'a', ...options, '--json'], { cwd: folder() });

    expect(ended.code).toBe(2);
    expect(document(ended).error).toMatchObject({ code: 'file_missing', fix: expect.any(String) });
  });
});
