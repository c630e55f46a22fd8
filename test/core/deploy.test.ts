import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { BundleFile } from '../../src/core/bundle/bundle.ts';
import { bundleJobName } from '../../src/core/bundle/name.ts';
import { type DeployFacts, deploymentOf } from '../../src/core/deploy.ts';
import { known, unknown } from '../../src/model/known.ts';
import { bundleIn, IN_JOB, JOB, jobFile, override, ROOT, rootFile, use, WORKERS } from '../support/bundle.ts';
import { targetOf } from '../support/rehearsal.ts';

const FILE = 'jobs/bundle/resources/ledger.yml';
const PARTITIONS = 'job_clusters[job_cluster_key=main].new_cluster.spark_conf["spark.sql.shuffle.partitions"]';
const bundle = targetOf('bundle', {
  kind: 'bundle',
  appliedBy: 'pipeline',
  job: { by: 'bundle', resource: 'ledger', bundleTarget: 'prod' },
});
const inBundle = (selector: string) => `resources.jobs.ledger.${selector}`;

function live(conf: string, workers = '4'): DeployFacts['job'] {
  const cluster = `{"num_workers":${workers},"spark_conf":{${conf}}}`;
  const settings = `{"name":"ledger","job_clusters":[{"job_cluster_key":"main","new_cluster":${cluster}}]}`;
  return known({ id: '1', name: 'ledger', settings, managedBy: 'bundle' });
}

function facts(change: Partial<DeployFacts> & { readonly new?: string | null; readonly selector?: string }): DeployFacts {
  const { new: next = '"800"', selector = PARTITIONS, ...rest } = change;
  return {
    target: bundle,
    bundle:
      (rest.target ?? bundle).kind === 'bundle'
        ? known({ resource: 'ledger', bundleTarget: 'prod', files: [], names: null })
        : null,
    changes: [{ file: FILE, selector: inBundle(selector), old: '"200"', new: next }],
    job: live('"spark.sql.shuffle.partitions":"800"'),
    mergedAt: '2026-11-20T03:00:00Z',
    withinMinutes: 60,
    now: '2026-11-20T03:10:00Z',
    ...rest,
  };
}

const lexemes: readonly (readonly [string, string, string | null, DeployFacts['job'], 'deployed' | 'awaited'])[] = [
  ['the same text', PARTITIONS, '"800"', live('"spark.sql.shuffle.partitions":"800"'), 'deployed'],
  ['a YAML text without quotes', PARTITIONS, 'auto', live('"spark.sql.shuffle.partitions":"auto"'), 'deployed'],
  [
    'a YAML number in spark_conf, which the API keeps as a text',
    PARTITIONS,
    '800',
    live('"spark.sql.shuffle.partitions":"800"'),
    'deployed',
  ],
  ['a number outside spark_conf', WORKERS, '8', live('', '8'), 'deployed'],
  ['a text where a number is live', WORKERS, '"8"', live('', '8'), 'awaited'],
  ['the old value', PARTITIONS, '"800"', live('"spark.sql.shuffle.partitions":"200"'), 'awaited'],
  ['a third value', PARTITIONS, '"800"', live('"spark.sql.shuffle.partitions":"801"'), 'awaited'],
  ['no such key', PARTITIONS, '"800"', live(''), 'awaited'],
  ['a key that was taken out', PARTITIONS, null, live(''), 'deployed'],
  ['a key that was to be taken out', PARTITIONS, null, live('"spark.sql.shuffle.partitions":"200"'), 'awaited'],
  [
    'a map that was added with one key in it',
    'job_clusters[job_cluster_key=main].new_cluster.spark_conf',
    '{ a: 1 }',
    live('"a":"1"'),
    'deployed',
  ],
  [
    'a cluster that was added, with what the server adds',
    'job_clusters[job_cluster_key=main]',
    '{ job_cluster_key: main, new_cluster: { spark_conf: { a: 1 } } }',
    live('"a":"1"'),
    'deployed',
  ],
  [
    'a cluster that was added with another value',
    'job_clusters[job_cluster_key=main]',
    '{ job_cluster_key: main, new_cluster: { num_workers: 5 } }',
    live(''),
    'awaited',
  ],
  ['a cluster that was taken out', 'job_clusters[job_cluster_key=other]', null, live(''), 'deployed'],
  ['a cluster that was to be taken out', 'job_clusters[job_cluster_key=main]', null, live(''), 'awaited'],
  ['a job that cannot be read', PARTITIONS, '"800"', unknown('unreadable: 503'), 'awaited'],
  ['two clusters of that key', PARTITIONS, '"800"', twice(), 'awaited'],
];

function twice(): DeployFacts['job'] {
  const cluster = '{"job_cluster_key":"main","new_cluster":{"spark_conf":{"spark.sql.shuffle.partitions":"800"}}}';
  return known({ id: '1', name: 'ledger', settings: `{"job_clusters":[${cluster},${cluster}]}`, managedBy: 'bundle' });
}

describe('a deployment', () => {
  test.each(lexemes)('%s', (_, selector, next, job, is) => {
    expect(deploymentOf(facts({ selector, new: next, job })).is).toBe(is);
  });

  test('is awaited until the pipeline has had its time, counted from the merge', () => {
    const job = live('');

    expect(deploymentOf(facts({ job, now: '2026-11-20T04:00:00Z' }))).toEqual({
      is: 'awaited',
      until: '2026-11-20T04:00:00.000Z',
    });
    expect(deploymentOf(facts({ job, now: '2026-11-20T04:00:01Z' }))).toEqual({
      is: 'missing',
      reason: { code: 'deploy_missing', subject: inBundle(PARTITIONS), expected: '"800"', observed: 'absent' },
    });
  });

  test('is missing at once where nobody knows when it was merged', () => {
    expect(deploymentOf(facts({ job: live(''), mergedAt: null })).is).toBe('missing');
  });

  test('counts only when every change has arrived', () => {
    const { changes } = facts({});
    const second = { file: FILE, selector: inBundle(WORKERS), old: '4', new: '8' };

    expect(deploymentOf(facts({ changes: [...changes, second] })).is).toBe('awaited');
  });

  test.each([
    ['another resource of the bundle', `resources.jobs.other.${PARTITIONS}`, bundle],
    ['a conf file', 'spark.sql.shuffle.partitions', targetOf('conf', { kind: 'spark-conf', appliedBy: 'pipeline' })],
    ['a file of another kind', PARTITIONS, targetOf('conf', { kind: 'file', appliedBy: 'pipeline', job: null })],
  ])('of %s cannot be seen, so it never counts', (_, selector, target) => {
    const changes = [{ file: FILE, selector, old: '"200"', new: '"800"' }];

    expect(deploymentOf(facts({ target, changes })).is).toBe('awaited');
  });

  test('of job JSON is looked for at the same place', () => {
    const changes = [{ file: 'jobs/a.json', selector: PARTITIONS, old: '"200"', new: '"800"' }];

    expect(deploymentOf(facts({ target: targetOf('oom', { appliedBy: 'pipeline' }), changes })).is).toBe('deployed');
  });

  test('never counts while the live value is another number', () => {
    fc.assert(
      fc.property(fc.nat(100_000), fc.nat(100_000), fc.boolean(), (wanted, found, quoted) => {
        const job = live(`"spark.sql.shuffle.partitions":"${found}"`);
        const { is } = deploymentOf(facts({ job, new: quoted ? `"${wanted}"` : `${wanted}` }));
        expect(is === 'deployed').toBe(wanted === found);
      }),
    );
  });
});

describe('a deployment over the bundle’s own ways', () => {
  const workers = (main: string, side = '4') =>
    known({
      ...{ id: '1', name: 'ledger', managedBy: 'bundle' as const },
      settings: `{"job_clusters":[{"job_cluster_key":"main","new_cluster":{"num_workers":${main}}},{"job_cluster_key":"side","new_cluster":{"num_workers":${side}}}]}`,
    });
  const is = (selector: string, next: string | null, job: DeployFacts['job'], ...files: readonly BundleFile[]) =>
    deploymentOf({
      ...facts({ job, bundle: known(bundleIn(...files)) }),
      changes: [{ file: ROOT, selector, old: '4', new: next }],
    }).is;
  const named = `"${use('n')}"`;
  const twice = { path: JOB, text: jobFile(named).text.replace('"320"}', `"320"}, num_workers: ${named}`) };
  const overridden = rootFile('{n: {default: 8}}', override('5'));
  const own = rootFile('{n: {default: 3}}', '{variables: {n: 8}}');

  test.each<readonly [string, string, string | null, DeployFacts['job'], readonly BundleFile[], 'deployed' | 'awaited']>([
    [
      'an override is live',
      `targets.prod.${IN_JOB}.${WORKERS}`,
      '8',
      workers('8'),
      [rootFile('{}', override('8')), jobFile('4')],
      'deployed',
    ],
    [
      'an override is not',
      `targets.prod.${IN_JOB}.${WORKERS}`,
      '8',
      workers('4'),
      [rootFile('{}', override('8')), jobFile('4')],
      'awaited',
    ],
    [
      'another target’s override is nowhere',
      `targets.dev.${IN_JOB}.${WORKERS}`,
      '8',
      workers('8'),
      [rootFile('{}'), jobFile('4')],
      'awaited',
    ],
    ['a default is live', 'variables.n.default', '8', workers('8'), [rootFile('{n: {default: 8}}'), jobFile(named)], 'deployed'],
    [
      'a default as a text is no number',
      'variables.n.default',
      '"8"',
      workers('8'),
      [rootFile('{n: {default: "8"}}'), jobFile(named)],
      'awaited',
    ],
    [
      'a default is live at every use',
      'variables.n.default',
      '8',
      workers('8', '8'),
      [rootFile('{n: {default: 8}}'), twice],
      'deployed',
    ],
    [
      'a default is live at one use of two',
      'variables.n.default',
      '8',
      workers('8', '4'),
      [rootFile('{n: {default: 8}}'), twice],
      'awaited',
    ],
    ['a default is replaced by the target', 'variables.n.default', '8', workers('8'), [own, jobFile(named)], 'awaited'],
    ['a default has its only use overridden', 'variables.n.default', '8', workers('8'), [overridden, jobFile(named)], 'awaited'],
    ['a default has one of two uses overridden', 'variables.n.default', '8', workers('5', '8'), [overridden, twice], 'deployed'],
    ['the target’s own value is live', 'targets.prod.variables.n', '8', workers('8'), [own, jobFile(named)], 'deployed'],
    [
      'an override is gone, and the base is live',
      `targets.prod.${IN_JOB}.${WORKERS}`,
      null,
      workers('4'),
      [rootFile('{}'), jobFile('4')],
      'deployed',
    ],
    [
      'an override is gone, and still live',
      `targets.prod.${IN_JOB}.${WORKERS}`,
      null,
      workers('8'),
      [rootFile('{}'), jobFile('4')],
      'awaited',
    ],
    [
      'the target’s own value is gone, and the default is live',
      'targets.prod.variables.n',
      null,
      workers('3'),
      [rootFile('{n: {default: 3}}'), jobFile(named)],
      'deployed',
    ],
  ])('%s', (_, selector, next, job, files, wanted) => {
    expect(is(selector, next, job, ...files)).toBe(wanted);
  });

  test('is not seen while the bundle’s files are not', () => {
    const told = deploymentOf({ ...facts({ bundle: unknown('the wire broke') }), now: '2026-11-21T00:00:00Z' });
    expect(told).toMatchObject({ is: 'missing', reason: { observed: 'the wire broke' } });
  });
});

describe('the name of a bundle’s job', () => {
  const file = (text: string) => [{ path: FILE, text }];
  const job = (name: string) => `resources:\n  jobs:\n    ledger:\n${name}      max_concurrent_runs: 1\n`;

  test('is what the file says, with or without quotes', () => {
    expect(bundleJobName(file(job('      name: ledger-rollup\n')), 'ledger')).toEqual({ ok: true, value: 'ledger-rollup' });
    expect(bundleJobName(file(job('      name: "ledger rollup"\n')), 'ledger')).toEqual({ ok: true, value: 'ledger rollup' });
  });

  test.each([
    ['no name', file(job('')), 'none'],
    ['a variable in it', file(job(`      name: ledger-\${bundle.target}\n`)), `string:ledger-\${bundle.target}`],
    ['a number', file(job('      name: 12\n')), 'number:12'],
    ['two files that name it', [...file(job('      name: a\n')), ...file(job('      name: a\n'))], '2 of them'],
    ['the key twice', file(job('      name: a\n      name: b\n')), `${FILE}: key_duplicate`],
    ['another resource', file(job('      name: a\n').replace('ledger', 'other')), 'none'],
  ])('is refused for %s', (_, files, observed) => {
    expect(bundleJobName(files, 'ledger')).toMatchObject({ ok: false, reason: { code: 'target_mismatch', observed } });
  });
});
