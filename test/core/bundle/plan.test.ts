import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { BundleFile } from '../../../src/core/bundle/bundle.ts';
import { diagnose } from '../../../src/core/diagnosis.ts';
import { applyChange } from '../../../src/core/edit/edit.ts';
import { jobFacts } from '../../../src/core/job-facts.ts';
import { planEdit } from '../../../src/core/plan-edit.ts';
import { inverseOf } from '../../../src/core/record.ts';
import { riskOf } from '../../../src/core/risk.ts';
import { known, unknown } from '../../../src/model/known.ts';
import { bundleJobs } from '../../../src/twin/bundle.ts';
import { bundleIn, IN_JOB, JOB, jobFile, override, ROOT, rootFile, use, WORKERS } from '../../support/bundle.ts';
import { openLimits, targetOf } from '../../support/rehearsal.ts';
import { aRunbook } from '../../support/runbook.ts';

const live = JSON.stringify({
  name: 'ledger-rollup',
  tasks: [{ task_key: 'rollup', job_cluster_key: 'main' }],
  job_clusters: [{ job_cluster_key: 'main', new_cluster: { node_type_id: 'm5.2xlarge', num_workers: 4 } }],
});
const target = targetOf('bundle', {
  kind: 'bundle',
  appliedBy: 'pipeline',
  taskKey: 'rollup',
  clusterKey: 'main',
  files: [ROOT, JOB],
  job: { by: 'bundle', resource: 'ledger', bundleTarget: 'prod' },
});

function planned(files: readonly BundleFile[], workers = 8) {
  const facts = jobFacts(live, target, []);
  if (!facts.ok) throw new Error(facts.reason.observed);
  const runbook = aRunbook();
  const inputs = {
    ...{ runbook, blob: null, diagnosis: diagnose(runbook, [], {}), evidence: [], target, files, parameters: {} },
    ...{ live: null, job: known(facts.value), nodeTypes: unknown('not asked'), limits: openLimits, latestRun: null },
    ...{ runSeconds: null, baseline: {} },
  };
  return planEdit({ surface: 'cluster', field: 'num_workers' }, workers, facts.value, inputs);
}

const workers = jobFile(`"${use('n')}"`);

describe('a plan for a bundle’s job', () => {
  test.each<readonly [string, readonly BundleFile[], readonly string[], readonly string[]]>([
    [
      'edits the base, and says who else gets it',
      [rootFile('{}'), jobFile('4')],
      [JOB, `${IN_JOB}.${WORKERS}`, '4', '8'],
      ['every bundle target that deploys this resource, until one overrides num_workers'],
    ],
    [
      'edits the override, which nobody else gets',
      [rootFile('{}', override('4')), jobFile('2')],
      [ROOT, `targets.prod.${IN_JOB}.${WORKERS}`, '4', '8'],
      [],
    ],
    [
      'edits the target’s own value of a variable, and lists its users',
      [rootFile('{n: {default: 2}}', '{variables: {n: "4"}}'), workers],
      [ROOT, 'targets.prod.variables.n', '"4"', '"8"'],
      [`${use('n')} is used at /resources/jobs/ledger/job_clusters/0/new_cluster/num_workers of ${JOB}`],
    ],
    [
      'edits the default of a variable, and lists its users and the targets that share it',
      [rootFile('{n: {default: 4}}', '{}', '{}', '  test: {variables: {n: 1}}\n'), workers],
      [ROOT, 'variables.n.default', '4', '8'],
      [
        `${use('n')} is used at /resources/jobs/ledger/job_clusters/0/new_cluster/num_workers of ${JOB}`,
        'the bundle targets dev, which have no value of their own for n',
      ],
    ],
  ])('%s', (_, files, change, also) => {
    const plan = planned(files);
    expect(plan.ok && Object.values(plan.value.change)).toEqual(change);
    expect(plan.ok && plan.value.alsoChanges).toEqual(also);
  });

  test.each<readonly [string, readonly BundleFile[], string]>([
    [
      'a variable that something else uses',
      [rootFile('{n: {default: 4}}', `{run_as: {user_name: "\${var.n}"}}`), workers],
      'interpolated',
    ],
    ['a variable whose value has another type', [rootFile('{n: {default: true}}'), workers], 'type_mismatch'],
    ['a value that is that already', [rootFile('{n: {default: 8}}'), workers], 'no_effect'],
    ['a root file that is a template', [{ ...rootFile('{n: {default: 4}}'), path: `${ROOT}.tmpl` }, workers], 'pointer_missing'],
  ])('is refused for %s', (_, files, code) => {
    const plan = planned(files);
    expect(plan.ok || plan.reason.code).toBe(code);
  });

  test('counts the users of a variable that it does not tell one by one', () => {
    const jobs = Array.from(
      { length: 30 },
      (_, at) => `    j${at}:\n      job_clusters: [{job_cluster_key: a, new_cluster: {num_workers: "${use('n')}"}}]\n`,
    );
    const plan = planned([
      rootFile('{n: {default: 4}}', '{}', '{variables: {n: 1}}'),
      jobFile(`"${use('n')}"`, '', jobs.join('')),
    ]);
    expect(plan.ok && [plan.value.alsoChanges.length, plan.value.alsoChanges.at(-1)]).toEqual([21, '11 more uses of it']);
  });
});

describe('the risk of a bundle’s change', () => {
  const change = (selector: string) => [{ file: ROOT, selector, old: '4', new: '8' }];
  const typed = jobFile('4', '', '').text.replace('m5.2xlarge', `"${use('n')}"`);
  test.each<readonly [string, string, readonly BundleFile[] | null, string]>([
    ['an override is that of its setting', `targets.prod.${IN_JOB}.${WORKERS}`, null, 'medium'],
    ['a variable is that of its users', 'variables.n.default', [rootFile('{n: {default: 4}}'), workers], 'medium'],
    [
      'a variable is that of its worst user',
      'variables.n.default',
      [rootFile('{n: {default: 4}}'), { path: JOB, text: typed }],
      'high',
    ],
    ['a variable is high without the files', 'variables.n.default', null, 'high'],
    ['a variable is high whatever its name', 'targets.prod.variables["x.spark.sql.shuffle.partitions"]', null, 'high'],
    [
      'a variable is high where a use cannot be told',
      'variables.n.default',
      [rootFile('{n: {default: 4}}', `{run_as: {user_name: "\${var.n}"}}`), workers],
      'high',
    ],
    ['a setting is high whatever its job’s name', 'resources.jobs["spark.sql.x"].max_concurrent_runs', null, 'high'],
  ])('%s', (_, selector, files, wanted) => {
    expect(riskOf(change(selector), files && bundleIn(...files))).toBe(wanted);
  });
});

/** Bundles in which the workers of the job come over some way from somewhere, and variables are used elsewhere, too. */
const bundles = fc
  .record({
    workers: fc.integer({ min: 1, max: 40 }),
    way: fc.constantFrom('base', 'override', 'default', 'own', 'own long', 'override by variable'),
    quoted: fc.boolean(),
    dev: fc.option(fc.integer({ min: 1, max: 9 }), { nil: null }),
    others: fc.array(fc.boolean(), { maxLength: 3 }),
    eol: fc.constantFrom('\n', '\r\n'),
    mark: fc.boolean(),
  })
  .map(({ workers: count, way, quoted, dev, others, eol, mark }) => {
    const isVariable = !['base', 'override'].includes(way);
    const literal = quoted && isVariable ? `"${count}"` : `${count}`;
    const named = `"${use('n')}"`;
    const prod = {
      ...{ base: '{}', default: '{}', override: override(literal), own: `{variables: {n: ${literal}}}` },
      ...{ 'own long': `{variables: {n: {default: ${literal}}}}`, 'override by variable': override(named) },
    };
    const isDefault = ['default', 'override by variable'].includes(way);
    const jobs = others.map(
      (uses, at) => `    j${at}:\n      job_clusters: [{job_cluster_key: a, new_cluster: {num_workers: ${uses ? named : 3}}}]\n`,
    );
    const base = way === 'base' ? literal : ['override', 'override by variable'].includes(way) ? '77' : named;
    const files = [
      rootFile(`{n: {default: ${isDefault ? literal : 55}}} # n`, prod[way], dev === null ? '{}' : `{variables: {n: ${dev}}}`),
      jobFile(base, '', jobs.join('')),
    ];
    return files.map(({ path, text }) => ({ path, text: (mark ? '\ufeff' : '') + text.replaceAll('\n', eol) }));
  });

/** Every number of workers that a target's jobs get, by the rehearsed pipeline's own reading. */
function meaning(files: readonly BundleFile[], bundleTarget: string): readonly string[] {
  const jobs = bundleJobs(
    files.map(({ text }) => text.replace(/^\ufeff/, '')),
    bundleTarget,
  );
  return Object.entries(jobs).map(([name, job]) => `${name} ${JSON.stringify(job)}`);
}

describe('an edit over whatever way the value comes', () => {
  test('changes one range of one file, means the new value to the target’s job, and is taken back byte for byte', () => {
    fc.assert(
      fc.property(bundles, fc.integer({ min: 41, max: 99 }), (files, count) => {
        const plan = planned(files, count);
        if (!plan.ok) throw new Error(JSON.stringify(plan.reason));
        const { change, edit } = plan.value;
        const after = files.map((file) => (file.path === edit.file ? { ...file, text: edit.after } : file));
        const [old, next] = [change.old ?? '', change.new ?? ''];
        const places = edit.before
          .split(old)
          .slice(0, -1)
          .map((_, at, parts) => parts.slice(0, at + 1).join(old).length);
        const spliced = places.map((at) => edit.before.slice(0, at) + next + edit.before.slice(at + old.length));
        expect(spliced).toContain(edit.after);

        const job = meaning(after, 'prod').find((one) => one.startsWith('ledger '));
        expect(job).toMatch(new RegExp(`"m5.2xlarge","num_workers":"?${count}"?\\}`));
        const back = applyChange('yaml', edit.after, inverseOf([change])[0] ?? change);
        expect(back.ok && back.value.text).toBe(edit.before);
      }),
    );
  });

  test('changes only users of the variable, and another target only where it is on the default', () => {
    fc.assert(
      fc.property(bundles, fc.integer({ min: 41, max: 99 }), (files, count) => {
        const plan = planned(files, count);
        if (!plan.ok) throw new Error(JSON.stringify(plan.reason));
        const { edit, alsoChanges } = plan.value;
        const after = files.map((file) => (file.path === edit.file ? { ...file, text: edit.after } : file));
        const changedIn = (bundleTarget: string) => {
          const before = meaning(files, bundleTarget);
          return meaning(after, bundleTarget).flatMap((one, at) => (one === before[at] ? [] : [one.split(' ')[0]]));
        };
        const told = alsoChanges.join('\n');
        for (const name of changedIn('prod')) expect(name === 'ledger' || told.includes(`/resources/jobs/${name}/`)).toBe(true);
        if (changedIn('dev').length > 0) expect(told).toMatch(/every bundle target|bundle targets dev/);
      }),
    );
  });
});
