import { describe, expect, test } from 'vitest';
import type { BundleFile } from '../../../src/core/bundle/bundle.ts';
import { sourceOf } from '../../../src/core/bundle/source.ts';
import { formatSelector } from '../../../src/core/selector.ts';
import { bundleIn, IN_JOB, JOB, jobFile, override, ROOT, rootFile, stepsOf, use, WORKERS } from '../../support/bundle.ts';

/** Where the number of workers stands for the target prod: file, selector and what that is; or why nobody can say. */
function stands(files: readonly BundleFile[], selector = WORKERS): readonly string[] {
  const source = sourceOf(stepsOf(selector), bundleIn(...files));
  if (!source.ok) return [source.reason.code, source.reason.observed];
  const { file, steps, is, variable } = source.value;
  return [file, formatSelector(steps), is, ...(variable === null ? [] : [variable])];
}

const workers = jobFile(`"${use('workers')}"`);
const plain = jobFile('4');
const other = (text: string): BundleFile => ({ path: 'jobs/bundle/more.yml', text });

describe('the value that counts for a bundle target', () => {
  test.each<readonly [string, readonly BundleFile[], readonly string[]]>([
    ['the job’s own', [rootFile('{}'), plain], [JOB, `${IN_JOB}.${WORKERS}`, 'base']],
    ['its target’s override', [rootFile('{}', override('8')), plain], [ROOT, `targets.prod.${IN_JOB}.${WORKERS}`, 'override']],
    ['not another target’s', [rootFile('{}', '{}', override('8')), plain], [JOB, `${IN_JOB}.${WORKERS}`, 'base']],
    [
      'an override by the old name of targets',
      [other(`environments:\n  prod: ${override('8')}\n`), plain],
      ['jobs/bundle/more.yml', `environments.prod.${IN_JOB}.${WORKERS}`, 'override'],
    ],
    [
      'a variable’s default',
      [rootFile('{workers: {default: 4}}'), workers],
      [ROOT, 'variables.workers.default', 'default', 'workers'],
    ],
    [
      'a variable without quotes around its use',
      [rootFile('{workers: {default: 4}}'), jobFile(use('workers'))],
      [ROOT, 'variables.workers.default', 'default', 'workers'],
    ],
    [
      'the target’s own value of it',
      [rootFile('{workers: {default: 4}}', '{variables: {workers: 8}}'), workers],
      [ROOT, 'targets.prod.variables.workers', 'own variable', 'workers'],
    ],
    [
      'its own value the long way',
      [rootFile('{workers: {description: x}}', '{variables: {workers: {default: 8}}}'), workers],
      [ROOT, 'targets.prod.variables.workers.default', 'own variable', 'workers'],
    ],
    [
      'not another target’s own value',
      [rootFile('{workers: {default: 4}}', '{}', '{variables: {workers: 2}}'), workers],
      [ROOT, 'variables.workers.default', 'default', 'workers'],
    ],
    [
      'the default where the target only describes it',
      [rootFile('{workers: {default: 4}}', '{variables: {workers: {description: x}}}'), workers],
      [ROOT, 'variables.workers.default', 'default', 'workers'],
    ],
    [
      'a variable in the override',
      [rootFile('{workers: {default: 4}}', override(`"${use('workers')}"`)), plain],
      [ROOT, 'variables.workers.default', 'default', 'workers'],
    ],
    [
      'a variable in a file of its own',
      [other('variables: {workers: {default: 4}}\n'), rootFile('{}'), workers],
      ['jobs/bundle/more.yml', 'variables.workers.default', 'default', 'workers'],
    ],
  ])('is %s', (_, files, wanted) => {
    expect(stands(files)).toEqual(wanted);
  });

  test('of a key that is nowhere would be added to the job’s own file', () => {
    const selector = 'job_clusters[job_cluster_key=side].new_cluster.num_workers';
    expect(stands([rootFile('{}'), plain], selector)).toEqual([JOB, `${IN_JOB}.${selector}`, 'base']);
  });

  test('is found among files of other kinds', () => {
    expect(stands([{ path: 'jobs/bundle/a.py', text: 'x = {' }, { path: 'a.conf', text: 'x 1' }, rootFile('{}'), plain])[0]).toBe(
      JOB,
    );
  });
});

describe('no value counts alone', () => {
  const complex = '{workers: {type: complex, default: {a: 1}}}';
  test.each<readonly [string, readonly BundleFile[], string, string]>([
    ['a text around a variable', [rootFile('{}'), jobFile(`"x-${use('a')}"`)], 'interpolated', `x-${use('a')}`],
    ['two variables', [rootFile('{}'), jobFile(`"${use('a')}${use('b')}"`)], 'interpolated', `${use('a')}${use('b')}`],
    ['a resource', [rootFile('{}'), jobFile(`"\${resources.jobs.a.id}"`)], 'interpolated', `\${resources.jobs.a.id}`],
    ['the bundle', [rootFile('{}'), jobFile(`"\${bundle.target}"`)], 'interpolated', `\${bundle.target}`],
    ['a field of a variable', [rootFile('{}'), jobFile(`"${use('a.b')}"`)], 'interpolated', use('a.b')],
    ['a variable that nobody declares', [rootFile('{}'), workers], 'pointer_missing', 'none'],
    ['a variable without a value', [rootFile('{workers: {description: x}}'), workers], 'pointer_missing', 'none'],
    [
      'a variable of a variable',
      [rootFile(`{workers: {default: "${use('size')}"}, size: {default: 4}}`), workers],
      'interpolated',
      `${use('size')} in ${ROOT}`,
    ],
    [
      'a lookup',
      [rootFile('{workers: {lookup: {cluster_policy: x}}}'), workers],
      'interpolated',
      `a lookup in the workspace, in ${ROOT}`,
    ],
    [
      'a lookup of the target alone',
      [rootFile('{workers: {default: 4}}', '{variables: {workers: {lookup: {job: x}}}}'), workers],
      'interpolated',
      `a lookup in the workspace, in ${ROOT}`,
    ],
    ['a complex variable', [rootFile(complex), workers], 'type_mismatch', `a complex variable in ${ROOT}`],
    [
      'a complex variable that the target sets',
      [rootFile('{workers: {type: complex}}', '{variables: {workers: {default: 4}}}'), workers],
      'type_mismatch',
      `a complex variable in ${ROOT}`,
    ],
    [
      'a default that is a list',
      [rootFile('{workers: {default: [4]}}'), workers],
      'type_mismatch',
      `a complex variable in ${ROOT}`,
    ],
    [
      'a variable declared twice',
      [rootFile('{workers: {default: 4}}'), other('variables: {workers: {default: 5}}\n'), workers],
      'no_surface',
      `${ROOT}, jobs/bundle/more.yml`,
    ],
    [
      'a variable key that repeats',
      [rootFile('{workers: {default: 4}, workers: {default: 5}}'), workers],
      'key_duplicate',
      `2 in ${ROOT}`,
    ],
    ['the job in two files', [rootFile('{}'), plain, { ...plain, path: 'b.yml' }], 'no_surface', `${JOB}, b.yml`],
    [
      'two overrides',
      [rootFile('{}', override('8')), other(`targets:\n  prod: ${override('9')}\n`), plain],
      'no_surface',
      `${ROOT}, jobs/bundle/more.yml`,
    ],
    [
      'an override by both names',
      [rootFile('{}', override('8'), '{}', `environments:\n  prod: ${override('9')}\n`), plain],
      'no_surface',
      `${ROOT}, ${ROOT}`,
    ],
    [
      'an override that cannot be followed',
      [rootFile('{}', `{resources: {jobs: {ledger: {job_clusters: "${use('clusters')}"}}}}`), plain],
      'interpolated',
      `${use('clusters')} in ${ROOT}`,
    ],
    [
      'a shared anchor',
      [rootFile('{workers: {default: &n 4}, size: {default: *n}}'), workers],
      'anchor_shared',
      `an anchor, alias or merge key in ${ROOT}`,
    ],
    ['a template', [{ path: ROOT, text: 'a: {{ x }}\n' }, plain], 'parse_failed', expect.stringContaining('template')],
    ['a job that is in no file', [rootFile('{}')], 'pointer_missing', 'no such list'],
    ['no file at all', [], 'no_surface', 'none'],
  ])('of %s', (_, files, code, observed) => {
    expect(stands(files)).toEqual([code, observed]);
  });
});
