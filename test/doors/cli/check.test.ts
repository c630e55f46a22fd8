import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { build, document, folder, sluice } from './sluice.ts';

const JOB =
  '{"name": "a", "tasks": [{"task_key": "t", "job_cluster_key": "main"}], "job_clusters": [{"job_cluster_key": "main", "new_cluster": {"cluster_log_conf": {"dbfs": {"destination": "dbfs:/logs"}}}}]}\n';
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

    expect(document(ended)).toEqual({ faults: [], warnings: [] });
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

  const LAG_QUERY = 'kafka_exporter: sum(kafka_consumergroup_lag{';
  const FACTOR = 'edit: {spark_conf: spark.sql.adaptive.skewJoin.skewedPartitionFactor}';
  const AQE_GUARD = `"spark.sql.adaptive.enabled" in job.spark_conf\n      && `;

  test.each([
    {
      what: 'a misspelt metric',
      runbook: 'kafka-consumer-lag',
      change: [LAG_QUERY, 'kafka_exporter: sum(kafka_consumergroup_lagg{'],
      at: 'kafka_consumergroup_lagg',
      message: /kafka_exporter gives no metric kafka_consumergroup_lagg$/,
      fix: /Did you mean kafka_consumergroup_lag\?/,
    },
    {
      what: 'PromQL that is not closed',
      runbook: 'kafka-consumer-lag',
      change: [LAG_QUERY, 'kafka_exporter: sum((kafka_consumergroup_lag{'],
      at: 'sum((',
      message: /one \( is not closed$/,
      fix: /expression browser/,
    },
    {
      what: 'a rule that never holds',
      runbook: 'kafka-consumer-lag',
      change: ['when: consumed <= 0.0 && produced > 0.0', 'when: consumed <= 0.0 && false'],
      at: '&& false',
      message: /rule consumer-stopped can never hold/,
      fix: /Take it out/,
    },
    {
      what: 'a remedy that sets a default',
      runbook: 'spark-stage-skew',
      change: [`${FACTOR}\n    value: "5.0"`, 'edit: {spark_conf: spark.memory.fraction}\n    value: "0.6"'],
      at: 'value: "0.6"',
      message: /remedy factor-to-default does nothing: spark\.memory\.fraction is 0\.6 already/,
      fix: /Choose another value/,
    },
    {
      what: 'adaptive execution turned on where it is on',
      runbook: 'spark-stage-skew',
      change: [AQE_GUARD, ''],
      at: 'value: "true"',
      message: /remedy aqe-on does nothing: spark\.sql\.adaptive\.enabled is true already/,
      fix: /"spark\.sql\.adaptive\.enabled" in job\.spark_conf/,
    },
    {
      what: 'a conflict that names no cause',
      runbook: 'databricks-job-oom',
      change: ['- cause: hot-partition', '- cause: hot-partitoin'],
      at: 'hot-partitoin',
      message: /hot-partitoin is no cause/,
      fix: /Name one of/,
    },
  ])('$what in a runbook is a fault at its line, with what to write instead', async ({ runbook, change, at, message, fix }) => {
    const sound = readFileSync(`runbooks/${runbook}.md`, 'utf8');
    const broken = sound.replace(change[0] ?? '', change[1] ?? '');
    const ended = await checked({ 'runbooks/x.md': broken });

    expect(broken).not.toBe(sound);
    expect(ended.code).toBe(1);
    const line = broken.split('\n').findIndex((text) => text.includes(at)) + 1;
    const words = { message: expect.stringMatching(message), fix: expect.stringMatching(fix) };
    expect(document(ended).faults).toEqual([{ code: 'runbook_unreadable', file: 'runbooks/x.md', line, ...words }]);
  });

  test.each([
    ['its cluster sends its logs nowhere', '{}', /cluster has no log destination/],
    [
      'its cluster sends its logs to S3',
      '{"cluster_log_conf": {"s3": {"destination": "s3://x"}}}',
      /no log destination that the workspace/,
    ],
  ])('a target whose stages nobody can read is a warning, not a fault: %s', async (_, cluster, message) => {
    const ended = await checked({ 'jobs/a.json': JOB.replace(/"new_cluster": .*(?=\}\]\})/, `"new_cluster": ${cluster}`) });

    expect(document(ended)).toEqual({
      faults: [],
      warnings: [
        {
          code: 'setting_missing',
          file: '.github/sluice.yml',
          line: 2,
          message: expect.stringMatching(message),
          fix: expect.stringMatching(/cluster_log_conf/),
        },
      ],
    });
    expect(ended.code).toBe(0);
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
    expect(document(await checked({ 'jobs/s.conf': 'a 1\na 2\n' }))).toEqual({ faults: [], warnings: [] });
  });

  test('a folder that is not there is wrong usage', async () => {
    const ended = await sluice(['check', '/nowhere', '--json']);

    expect([ended.code, document(ended).error.code]).toEqual([2, 'file_missing']);
  });
});
