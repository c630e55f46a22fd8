import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { build, document, folder, sluice } from './sluice.ts';

const JOB =
  '{"name": "a", "tasks": [{"task_key": "t", "job_cluster_key": "main"}], "job_clusters": [{"job_cluster_key": "main", "new_cluster": {}}]}\n';
const SOUND = {
  '.github/sluice.yml':
    'targets:\n  - {name: a, match: {job: a}, files: [jobs/a.json], kind: job-json, workspace: prod, job: {id: "7"}, task: t}\n',
  '.github/CODEOWNERS': '* @olga\n',
  'jobs/a.json': JOB,
  'runbooks/oom.md': readFileSync('runbooks/databricks-job-oom.md', 'utf8'),
};

beforeAll(build);

async function checked(change: Readonly<Record<string, string>>, without: readonly string[] = []) {
  const files = Object.entries({ ...SOUND, ...change }).filter(([path]) => !without.includes(path));
  return sluice(['check', folder(Object.fromEntries(files)), '--json']);
}

describe('sluice check', () => {
  test('a sound checkout has no faults', async () => {
    const ended = await checked({});

    expect(document(ended)).toEqual({ faults: [] });
    expect(ended.code).toBe(0);
  });

  test('this repository has no faults', async () => {
    const ended = await sluice(['check', '.']);

    expect(ended.stdout).toMatch(/^no faults; looked at/);
    expect(ended.code).toBe(0);
  });

  test.each([
    ['an unknown key of the config', { '.github/sluice.yml': 'targets: []\nmodus: x\n' }, { code: 'config_invalid', line: 2 }],
    [
      'a runbook that cannot be read',
      { 'runbooks/x.md': 'no front matter\n' },
      { code: 'runbook_unreadable', file: 'runbooks/x.md' },
    ],
    [
      'a placeholder of a suggestion that was left in the config',
      { '.github/sluice.yml': SOUND['.github/sluice.yml'].replace('name: a', 'name: REPLACE-WITH-NAME') },
      { code: 'config_invalid', line: 2, message: 'a value still says REPLACE-WITH-NAME' },
    ],
    [
      'a job file that is not JSON',
      { 'jobs/b.json': '{\n"a": 1,\n"b"}' },
      { code: 'parse_failed', file: 'jobs/b.json', line: 3, message: 'column 4: a colon is missing after the key' },
    ],
    [
      'a job file that is not YAML',
      { 'jobs/b.yml': 'a: [\n' },
      { code: 'parse_failed', file: 'jobs/b.yml', line: 2, message: expect.stringMatching(/^column 1: Flow sequence/) },
    ],
    [
      'a key that stands twice in JSON',
      { 'jobs/b.json': '{"a": [{"k": 1,\n"k": 2}]}' },
      { code: 'key_duplicate', line: 2, message: expect.stringContaining('/a/0/k') },
    ],
    ['a key that stands twice in YAML', { 'jobs/b.yml': 'a: 1\nb: 2\na: 3\n' }, { file: 'jobs/b.yml', line: 3 }],
    [
      'a target’s file that is not there',
      { '.github/sluice.yml': SOUND['.github/sluice.yml'].replace('a.json', 'z.json') },
      { code: 'file_missing', line: 2 },
    ],
    [
      'a target’s task that is not there',
      { '.github/sluice.yml': SOUND['.github/sluice.yml'].replace('task: t', 'task: u') },
      { code: 'pointer_missing', line: 2 },
    ],
    ['an invalid line of CODEOWNERS', { '.github/CODEOWNERS': '* @olga\n![x] y\n' }, { code: 'owners_unreadable', line: 2 }],
    [
      'a runbook that nobody owns',
      { '.github/CODEOWNERS': '* @olga\n/runbooks/\n' },
      { code: 'owners_missing', line: 2, message: expect.stringContaining('runbooks/oom.md') },
    ],
    [
      'a config that nobody owns',
      { '.github/CODEOWNERS': '/jobs/ @olga\n/runbooks/ @olga\n/.github/CODEOWNERS @olga\n' },
      { code: 'owners_missing', line: null, message: expect.stringContaining('.github/sluice.yml') },
    ],
  ])('%s is a fault with its place and a fix', async (_, change, fault) => {
    const ended = await checked(change);

    expect(ended.code).toBe(1);
    const { faults } = document(ended);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatchObject({ ...fault, fix: expect.stringMatching(/./) });
  });

  test('all faults are named at once, in the order of files and lines', async () => {
    const ended = await checked({ 'jobs/b.json': '{' }, ['.github/CODEOWNERS', '.github/sluice.yml']);

    expect(document(ended).faults.map(({ code, file }: { code: string; file: string }) => `${file} ${code}`)).toEqual([
      '.github/CODEOWNERS owners_missing',
      '.github/sluice.yml config_missing',
      'jobs/b.json parse_failed',
    ]);
  });

  test('repeated settings of a .conf file are no fault: Spark reads the last', async () => {
    expect(document(await checked({ 'jobs/s.conf': 'a 1\na 2\n' }))).toEqual({ faults: [] });
  });

  test('a folder that is not there is wrong usage', async () => {
    const ended = await sluice(['check', '/nowhere', '--json']);

    expect([ended.code, document(ended).error.code]).toEqual([2, 'file_missing']);
  });
});
