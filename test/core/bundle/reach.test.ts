import { describe, expect, test } from 'vitest';
import type { BundleFile } from '../../../src/core/bundle/bundle.ts';
import { landingsOf, targetsOnDefault } from '../../../src/core/bundle/landing.ts';
import { bundlePlace } from '../../../src/core/bundle/place.ts';
import { reachOf } from '../../../src/core/bundle/reach.ts';
import { formatSelector } from '../../../src/core/selector.ts';
import { bundleIn, IN_JOB, jobFile, override, ROOT, rootFile, stepsOf, use, WORKERS } from '../../support/bundle.ts';

const workers = `"${use('n')}"`;
const ELSEWHERE = `  other:\n    run_as: {service_principal_name: "\${var.n}"}\n`;
const DEFAULT = 'variables.n.default';
const OWN = 'targets.prod.variables.n';

function reach(selector: string, files: readonly BundleFile[], names: readonly string[] | null = null) {
  const reached = reachOf(stepsOf(selector), { ...bundleIn(...files), names });
  return reached.ok ? reached.value.map(formatSelector) : reached.reason.observed;
}

describe('what a place in a bundle’s file means', () => {
  const job = { is: 'job', resource: 'a', bundleTarget: null, steps: [{ key: 'b' }] };
  const variable = { is: 'variable', name: 'x', bundleTarget: null };
  test.each([
    ['resources.jobs.a.b', job],
    ['targets.t.resources.jobs.a.b', { ...job, bundleTarget: 't' }],
    ['environments.t.resources.jobs.a.b', { ...job, bundleTarget: 't' }],
    ['resources.pipelines.a.b', { is: 'other' }],
    ['resources.jobs', { is: 'other' }],
    ['variables.x.default', variable],
    ['targets.t.variables.x', { ...variable, bundleTarget: 't' }],
    ['targets.t.variables.x.default', { ...variable, bundleTarget: 't' }],
    ['variables.x', { is: 'other' }],
    ['variables.x.description', { is: 'other' }],
    ['variables.x.default.y', { is: 'other' }],
    ['targets.t.variables', { is: 'other' }],
    ['targets.t.run_as', { is: 'other' }],
    ['targets.targets.t.variables.x', { is: 'other' }],
    ['bundle.variables.x.default', { is: 'other' }],
  ])('%s', (selector, wanted) => {
    expect(bundlePlace(stepsOf(selector))).toEqual(wanted);
  });
});

describe('what a change of a bundle can change', () => {
  const root = rootFile('{n: {default: 4}}');
  test('is the setting itself', () => {
    expect(reach(`${IN_JOB}.${WORKERS}`, [root])).toEqual([WORKERS]);
    expect(reach(`targets.prod.${IN_JOB}.${WORKERS}`, [root])).toEqual([WORKERS]);
  });

  test.each<readonly [string, string, string | null]>([
    ['another job takes it', 'jobs.ledger.job_clusters[0].new_cluster.num_workers', '/resources/jobs/other/x'],
    ['another job takes a whole part of it', 'jobs.ledger.job_clusters', '/resources/jobs/other/x'],
    ['another job takes all of it', 'jobs.ledger', '/resources/jobs/other/x'],
    ['another way to write that may', 'jobs["ledger"].tags', '/resources/jobs/other/x'],
    ['another job runs it by its id', 'jobs.ledger.id', null],
    ['something shows its name', 'jobs.ledger.name', null],
    ['something takes what is only called alike', 'jobs.ledger.id_of', '/resources/jobs/other/x'],
    ['another job is taken', 'jobs.ledger2.tags', null],
    ['a pipeline of that key is taken', 'pipelines.ledger.tags', null],
  ])('is refused where a setting of the job is another’s: %s', (_, taken, where) => {
    const file = jobFile('4', '', `    other:\n      x: '\${resources.${taken}}'\n`);
    const wanted = where === null ? [WORKERS] : `a use at ${where} of ${file.path}`;
    expect(reach(`${IN_JOB}.${WORKERS}`, [root, file])).toEqual(wanted);
    expect(reach(`targets.prod.${IN_JOB}.${WORKERS}`, [root, file])).toEqual(wanted);
  });

  test('is the setting itself in no file that cannot be read', () => {
    const given = [root, { path: 'a.yml', text: 'a: {{ x }}\n' }];
    expect(reachOf(stepsOf(`${IN_JOB}.${WORKERS}`), bundleIn(...given))).toMatchObject({ ok: false });
  });

  test('is every setting that uses the variable, in whichever job and target', () => {
    const more = `    other:\n      job_clusters: [{job_cluster_key: a, new_cluster: {num_workers: ${workers}}}]\n`;
    const given = [rootFile('{n: {default: 4}}', override(workers)), jobFile(workers, '', more)] as const;
    expect(reach(DEFAULT, [...given])).toEqual([WORKERS, WORKERS, 'job_clusters[job_cluster_key=a].new_cluster.num_workers']);
  });

  test.each<readonly [string, readonly BundleFile[], string]>([
    ['nobody uses', [root, jobFile('4')], 'none'],
    [
      'something that is no job uses',
      [rootFile('{n: {default: 4}}', `{run_as: {user_name: "\${var.n}"}}`), jobFile(workers)],
      `a use at /targets/prod/run_as/user_name of ${ROOT}`,
    ],
    [
      'another variable uses',
      [rootFile(`{n: {default: 4}, m: {default: "\${var.n}"}}`), jobFile(workers)],
      `a use at /variables/m/default of ${ROOT}`,
    ],
    [
      'a longer text uses',
      [root, jobFile(workers, `      description: size \${var.n}\n`)],
      'a use at /resources/jobs/ledger/description of jobs/bundle/resources/ledger.yml',
    ],
    [
      'a list without natural keys uses',
      [root, jobFile(workers, `      libraries: [{jar: "\${var.n}"}]\n`)],
      'a use at /resources/jobs/ledger/libraries/0/jar of jobs/bundle/resources/ledger.yml',
    ],
    [
      'code may use',
      [rootFile('{n: {default: 4}}', '{}', '{}', 'python: {resources: ["a:b"]}\n'), jobFile(workers)],
      `python in ${ROOT}, whose code may read it`,
    ],
    [
      'code may use, by the old key',
      [rootFile('{n: {default: 4}}', '{}', '{}', 'experimental: {pydabs: {enabled: true}}\n'), jobFile(workers)],
      `pydabs in ${ROOT}, whose code may read it`,
    ],
    [
      'a bundle without its root file has',
      [{ path: 'v.yml', text: 'variables: {n: {default: 4}}\n' }, jobFile(workers)],
      'the file that names the bundle is not one of them',
    ],
    [
      'an include that leads out',
      [rootFile('{n: {default: 4}}', '{}', '{}', 'include: [../*.yml]\n'), jobFile(workers)],
      `${ROOT} includes files that cannot be told from it`,
    ],
    [
      'an include by an absolute path',
      [rootFile('{n: {default: 4}}', '{}', '{}', 'include: [/etc/*.yml]\n'), jobFile(workers)],
      `${ROOT} includes files that cannot be told from it`,
    ],
    [
      'an include that escapes a letter',
      [rootFile('{n: {default: 4}}', '{}', '{}', 'include: ["o\\\\ther.yml"]\n'), jobFile(workers)],
      `${ROOT} includes files that cannot be told from it`,
    ],
    [
      'an include that is no list',
      [rootFile('{n: {default: 4}}', '{}', '{}', 'include: "*.yml"\n'), jobFile(workers)],
      `${ROOT} includes files that cannot be told from it`,
    ],
    [
      'a root with keys from an anchor',
      [rootFile('{n: {default: 4}}', '{}', '{}', 'x: &x {include: [a.yml]}\n<<: *x\n'), jobFile(workers)],
      `${ROOT} takes keys from an anchor`,
    ],
    ['a file that cannot be read', [root, { path: 'b.yml', text: 'a: {{ x }}\n' }], expect.stringContaining('template')],
  ])('cannot be told of a variable that %s', (_, files, observed) => {
    expect(reach(DEFAULT, files)).toEqual(observed);
  });

  test.each<readonly [string, string, readonly string[], string | null]>([
    ['resources/*.yml', 'every included file is named', ['jobs/bundle/resources/ledger.yml'], null],
    ['resources/*.yml', 'files beside the include do not matter', ['jobs/bundle/ci.yml', 'resources/other.yml'], null],
    ['resources/*.yml', 'another file is included', ['jobs/bundle/resources/other.yml'], 'jobs/bundle/resources/other.yml'],
    ['./resources/*.yml', 'another file is included', ['jobs/bundle/resources/other.yml'], 'jobs/bundle/resources/other.yml'],
    ...['resources/./*.yml', '././resources/*.yml', 'resources//*.yml', './/resources/.//*.yml'].map(
      (include) =>
        [include, 'another file is included', ['jobs/bundle/resources/other.yml'], 'jobs/bundle/resources/other.yml'] as const,
    ),
    ['**/*.yml', 'a deep one is', ['jobs/bundle/a/b/c.yml'], 'jobs/bundle/a/b/c.yml'],
    [
      'resources/[a-z]?.{yml,yaml}',
      'one that a class takes in is',
      ['jobs/bundle/resources/ab.yaml'],
      'jobs/bundle/resources/ab.yaml',
    ],
    ['other.yml', 'one by its name is', ['jobs/bundle/other.yml', 'jobs/bundle/otherxyml'], 'jobs/bundle/other.yml'],
    ['other.yml', 'a dot is a dot', ['jobs/bundle/otherxyml'], null],
  ])('include %s: %s', (include, _, names, unnamed) => {
    const files = [rootFile('{n: {default: 4}}', '{}', '{}', `include: ["${include}"]\n`), jobFile(workers)];
    const told = reach(DEFAULT, files, names);
    expect(told).toEqual(unnamed === null ? [WORKERS] : `${ROOT} includes ${unnamed}: name it in the target’s files, too`);
  });
});

describe('what a change decides in the target’s own job', () => {
  const lands = (selector: string, ...files: readonly BundleFile[]) =>
    landingsOf(stepsOf(selector), bundleIn(...files)).map(formatSelector);
  const base = `${IN_JOB}.${WORKERS}`;

  test.each<readonly [string, string, readonly BundleFile[], readonly string[]]>([
    ['a setting of the job', base, [rootFile('{}'), jobFile('4')], [WORKERS]],
    ['one that the target overrides', base, [rootFile('{}', override('8')), jobFile('4')], []],
    ['one that another target overrides', base, [rootFile('{}', '{}', override('8')), jobFile('4')], [WORKERS]],
    [
      'a cluster of which the target overrides a part',
      `${IN_JOB}.job_clusters[job_cluster_key=main]`,
      [rootFile('{}', override('8')), jobFile('4')],
      ['job_clusters[job_cluster_key=main]'],
    ],
    ['another job’s setting', `resources.jobs.other.${WORKERS}`, [rootFile('{}'), jobFile('4')], []],
    ['the target’s override', `targets.prod.${base}`, [rootFile('{}', override('8')), jobFile('4')], [WORKERS]],
    ['another target’s override', `targets.dev.${base}`, [rootFile('{}', '{}', override('8')), jobFile('4')], []],
    ['a default', DEFAULT, [rootFile('{n: {default: 4}}'), jobFile(workers)], [WORKERS]],
    ['a default that the target replaces', DEFAULT, [rootFile('{n: {default: 4}}', '{variables: {n: 8}}'), jobFile(workers)], []],
    [
      'a default that the target replaces the long way',
      DEFAULT,
      [rootFile('{n: {default: 4}}', '{variables: {n: {default: 8}}}'), jobFile(workers)],
      [],
    ],
    ['the target’s own value', OWN, [rootFile('{n: {default: 4}}', '{variables: {n: 8}}'), jobFile(workers)], [WORKERS]],
    ['another target’s own value', 'targets.dev.variables.n', [rootFile('{n: {default: 4}}'), jobFile(workers)], []],
    ['a variable whose use the target overrides', DEFAULT, [rootFile('{n: {default: 4}}', override('8')), jobFile(workers)], []],
    ['a variable that the override uses', DEFAULT, [rootFile('{n: {default: 4}}', override(workers)), jobFile('4')], [WORKERS]],
    ['a variable that only others use', DEFAULT, [rootFile('{n: {default: 4}}'), jobFile('4', '', ELSEWHERE)], []],
    [
      'a variable that is also inside a longer text of the job',
      DEFAULT,
      [rootFile('{n: {default: 4}}'), jobFile(workers, `      description: of \${var.n}\n`)],
      [],
    ],
    ['a description', 'variables.n.description', [rootFile('{n: {default: 4}}'), jobFile(workers)], []],
  ])('%s', (_, selector, files, wanted) => {
    expect(lands(selector, ...files)).toEqual(wanted);
  });

  test('a default is that of the targets without a value of their own', () => {
    const root = rootFile(
      '{n: {default: 4}}',
      '{variables: {n: {description: x}}}',
      '{variables: {n: 2}}',
      'environments: {old: {}}\n',
    );
    expect(targetsOnDefault('n', bundleIn(root))).toEqual(['prod', 'old']);
  });
});
