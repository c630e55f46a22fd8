import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { diagnose } from '../../src/core/diagnosis.ts';
import { applyChange, formatOf } from '../../src/core/edit/edit.ts';
import { confFacts, jobFacts } from '../../src/core/job-facts.ts';
import { answersByAdvice, assemblePlan } from '../../src/core/plan.ts';
import type { PlanInputs } from '../../src/core/plan-inputs.ts';
import type { Run } from '../../src/model/job.ts';
import { known, unknown } from '../../src/model/known.ts';
import type { Runbook } from '../../src/model/runbook.ts';
import { openLimits, targetOf } from '../support/rehearsal.ts';
import { aFact, aRemedy, aRunbook } from '../support/runbook.ts';

const settings = readFileSync('jobs/orders-nightly.json', 'utf8');
const nodes = [{ id: 'm5.2xlarge', memoryMb: 32_768, cores: 8 }];
const failedRun: Run = {
  id: '77',
  jobId: '1',
  outcome: 'failed',
  startedAt: '2026-11-20T00:00:00Z',
  endedAt: '2026-11-20T00:30:00Z',
  terminationCode: null,
  terminationType: null,
  message: '',
  tasks: [],
  repairs: [],
};

function inputs(runbook: Runbook = aRunbook(), change: Partial<PlanInputs> = {}): PlanInputs {
  const evidence = [aFact('lag', 20), aFact('rate', 1)];
  const facts = jobFacts(settings, targetOf('oom'), nodes);
  return {
    runbook,
    blob: 'b'.repeat(40),
    diagnosis: diagnose(runbook, evidence, {}),
    evidence,
    target: targetOf('oom'),
    live: known({ id: '1', name: 'n', settings, managedBy: null }),
    job: facts.ok ? known(facts.value) : unknown('no'),
    nodeTypes: known(nodes),
    files: [{ path: 'jobs/oom.json', text: settings }],
    parameters: { topic: 'or"ders' },
    limits: openLimits,
    latestRun: failedRun,
    runSeconds: 1800,
    baseline: { lag: 20 },
    ...change,
  };
}

function why(remedy: string, given: PlanInputs): string {
  return assemblePlan(given).rejected.find((one) => one.remedy === remedy)?.why ?? 'not rejected';
}

describe('a plan', () => {
  test('is one change with its inverse, cost, verification, baseline and rerun', () => {
    const { plan, rejected } = assemblePlan(inputs());

    expect(rejected).toEqual([]);
    expect(plan).toMatchObject({
      kind: 'change',
      target: 'oom',
      runbook: { id: 'a', blob: 'b'.repeat(40) },
      cause: { id: 'behind' },
      risk: 'low',
      cost: { before: 2, after: 2 },
      changes: [{ file: 'jobs/oom.json', old: '"200"', new: '"400"', reason: 'It helps.', evidence: ['E-lag'] }],
      inverse: [{ old: '"400"', new: '"200"' }],
      verification: { kind: 'batch', settle_minutes: 10, within_minutes: 60, checks: [{ query: 'sum(lag{topic="or\\"ders"})' }] },
      baseline: { lag: 20 },
      rerun: { how: 'repair', runId: '77' },
      alsoChanges: ['tasks on the same cluster: land_files, publish_orders'],
    });
  });

  test('a policy of the cluster may fix what the plan changes, which nobody reads here', () => {
    const text = settings.replace('"node_type_id"', '"policy_id": "9C63", "node_type_id"');
    const facts = jobFacts(text, targetOf('oom'), nodes);
    const job = facts.ok ? known(facts.value) : unknown('no');
    const live = known({ id: '1', name: 'n', settings: text, managedBy: null });

    const { plan } = assemblePlan(inputs(aRunbook(), { job, live, files: [{ path: 'jobs/oom.json', text }] }));

    expect(plan?.alsoChanges.join()).toMatch(/where the cluster's policy 9C63 fixes spark.sql.shuffle.partitions/);
  });

  test('a value of a file of another kind needs no job, and no step is larger than the config allows', () => {
    const replicas = aRemedy({
      step: { do: 'edit', edit: { surface: 'file', pointer: 'consumer.replicas' }, value: 'max(current, lag)' },
    });
    const given = inputs(aRunbook({ remedies: [replicas] }), {
      target: targetOf('oom', { kind: 'file', appliedBy: 'pipeline', job: null, taskKey: null, files: ['values.yaml'] }),
      ...{ job: unknown('the target names no job'), live: null },
      files: [{ path: 'values.yaml', text: 'consumer:\n  replicas: 4 # each a member\n' }],
      limits: { ...openLimits, percentPerStep: 50 },
    });

    expect(assemblePlan(given).plan).toMatchObject({
      changes: [{ file: 'values.yaml', selector: 'consumer.replicas', old: '4', new: '6' }],
      edits: [{ after: 'consumer:\n  replicas: 6 # each a member\n' }],
      cost: { before: null },
    });
  });

  test('a place that a file of another kind does not have is not made', () => {
    const elsewhere = aRemedy({
      step: { do: 'edit', edit: { surface: 'file', pointer: 'service.replicas' }, value: 'lag' },
    });
    const given = inputs(aRunbook({ remedies: [elsewhere] }), {
      target: targetOf('oom', { kind: 'file', appliedBy: 'pipeline', job: null, taskKey: null, files: ['values.yaml'] }),
      files: [{ path: 'values.yaml', text: 'consumer:\n  replicas: 4\n' }],
    });

    expect(why('double', given)).toMatch(/^pointer_missing: service/);
  });

  test('changes one value of the file and no other byte', () => {
    const { plan } = assemblePlan(inputs());

    expect(plan?.kind === 'change' && plan.edits).toMatchObject([
      { file: 'jobs/oom.json', before: settings, after: settings.replace('"200"', '"400"') },
    ]);
  });

  test('a title holds the target, the selector and the values, and nothing from outside', () => {
    expect(assemblePlan(inputs()).plan?.title).toBe(
      'oom: job_clusters[job_cluster_key=main].new_cluster.spark_conf["spark.sql.shuffle.partitions"] "200" → "400"',
    );
  });

  test.each(['healthy', 'inconclusive'] as const)('there is none for a %s diagnosis', (outcome) => {
    const given = inputs();

    expect(assemblePlan({ ...given, diagnosis: { ...given.diagnosis, outcome } })).toEqual({ plan: null, rejected: [] });
  });

  test('the first remedy that fits is taken, and every other says why not', () => {
    const remedies = [
      aRemedy({
        id: 'aqe',
        step: { do: 'edit', edit: { surface: 'spark-conf', key: 'spark.sql.adaptive.enabled' }, value: 'true' },
      }),
      aRemedy({ id: 'never', when: 'lag < 5.0' }),
      aRemedy({ id: 'blind', when: 'rate_slope > 0.0' }),
      aRemedy({ id: 'other-cause', causes: ['fine'] }),
      aRemedy({ id: 'fits' }),
      aRemedy({ id: 'later' }),
      aRemedy({ id: 'barred' }),
    ];
    const conflicts = [{ cause: 'behind', forbids: 'barred', why: 'because' }];

    const { plan, rejected } = assemblePlan(inputs(aRunbook({ remedies, conflicts })));

    expect(plan?.kind).toBe('change');
    expect(rejected).toEqual([
      { remedy: 'aqe', why: 'no_effect: spark.sql.adaptive.enabled: expected another value than true, found true' },
      { remedy: 'never', why: 'its condition does not hold: lag < 5.0' },
      { remedy: 'blind', why: 'unknown rate_slope: fewer than three points (its condition: rate_slope > 0.0)' },
      { remedy: 'later', why: 'one step a plan, and fits comes first' },
      { remedy: 'barred', why: 'conflict: because' },
    ]);
    expect(plan?.rejected).toEqual(rejected);
  });

  test('a remedy that nothing can be computed for is rejected', () => {
    const remedies = [
      aRemedy({
        step: { do: 'edit', edit: { surface: 'spark-conf', key: 'spark.sql.shuffle.partitions' }, value: 'lag / (lag - lag)' },
      }),
    ];

    expect(why('double', inputs(aRunbook({ remedies })))).toMatch(/^unknown result: the arithmetic gives no number/);
  });

  const streamOf = (settings: object) => {
    const text = JSON.stringify({ ...JSON.parse(readFileSync('jobs/orders-nightly.json', 'utf8')), ...settings });
    const facts = jobFacts(text, { ...targetOf('oom'), streaming: true }, nodes);
    return {
      live: known({ id: '5', name: 'n', settings: text, managedBy: null }),
      job: facts.ok ? known(facts.value) : unknown('no'),
    };
  };
  const unpaused = { continuous: { pause_status: 'UNPAUSED' } };
  const paused = { continuous: { pause_status: 'PAUSED' } };
  /** What a stream takes, too: its partitions are pinned by its checkpoint. */
  const wider = aRemedy({ step: { do: 'edit', edit: { surface: 'cluster', field: 'num_workers' }, value: '8.0' } });

  test.each([
    ['a batch job is run where that is permitted', {}, 'run-now', { how: 'run-now', runId: null }, false],
    ['its failed run is repaired where that is', {}, 'repair', { how: 'repair', runId: '77' }, false],
    ['a continuous stream is restarted by Databricks', streamOf(unpaused), 'run-now', { how: 'restart', runId: null }, false],
    ['another stream by us', streamOf({}), 'run-now', { how: 'cancel-and-run', runId: null }, false],
    ['a paused one too', streamOf(paused), 'run-now', { how: 'cancel-and-run', runId: null }, false],
    ['a stream is not repaired: its active run would go on', streamOf(unpaused), 'repair', null, true],
    ['nothing is run where nothing is permitted', streamOf(unpaused), 'never', null, true],
  ] as const)('what is run after it: %s', (_, given, rerun, wanted, waits) => {
    const { plan } = assemblePlan(inputs(aRunbook({ remedies: [wider] }), { target: targetOf('oom', { rerun }), ...given }));
    const words = 'takes effect when the run is started again; the running one keeps its settings';

    expect(plan?.kind === 'change' && plan.rerun).toEqual(wanted);
    expect(plan?.alsoChanges.includes(words)).toBe(waits);
  });

  test('a repair is an action where the target allows it', () => {
    const given = inputs(aRunbook({ remedies: [aRemedy({ id: 'again', step: { do: 'repair' } })] }));

    expect(assemblePlan(given).plan).toMatchObject({ kind: 'action', action: { do: 'repair', runId: '77' } });
    expect(why('again', { ...given, target: targetOf('oom', { rerun: 'never' }) })).toBe(
      'the target says that a rerun is never safe',
    );
    expect(why('again', { ...given, latestRun: null })).toBe('there is no failed run to repair');
  });

  test('advice needs no file, no live job and no value', () => {
    const remedies = [aRemedy({ step: { do: 'advice', who: 'owners', what: 'salt the key' } })];
    const given = inputs(aRunbook({ remedies }), { files: [], live: unknown('x'), job: unknown('x') });

    expect(assemblePlan(given).plan).toMatchObject({
      kind: 'advice',
      who: 'owners',
      what: 'salt the key',
      cost: { before: null },
    });
  });

  test.each<[string, Partial<PlanInputs>, RegExp]>([
    ['settings that cannot be read', { live: unknown('forbidden: no') }, /^facts_unavailable: .*forbidden: no/],
    ['a job that a bundle manages', { live: known({ id: '1', name: 'n', settings, managedBy: 'bundle' }) }, /^bundle_managed/],
    [
      'a live value that differs',
      { live: known({ id: '1', name: 'n', settings: settings.replace('"200"', '"201"'), managedBy: null }) },
      /^drift/,
    ],
    ['unknown facts of the job', { job: unknown('no_surface: cluster') }, /no_surface: cluster/],
    ['a file that is not there', { files: [] }, /^no_surface/],
    ['a file of another kind', { files: [{ path: 'jobs/oom.tf', text: settings }] }, /^no_surface/],
    [
      'two files that hold it',
      {
        files: [
          { path: 'a.json', text: settings },
          { path: 'b.json', text: settings },
        ],
      },
      /one file that holds it, found 2 files/,
    ],
    [
      'a key that occurs twice',
      { files: [{ path: 'a.json', text: settings.replace('"spark_conf":', '"spark_conf": {}, "spark_conf":') }] },
      /^key_duplicate/,
    ],
    ['a key that the config does not list', { limits: { ...openLimits, keys: ['spark.task.cpus'] } }, /^key_forbidden/],
    ['a file that the config does not list', { limits: { ...openLimits, paths: ['jobs/other.json'] } }, /^path_forbidden/],
  ])('%s: no change', (_, change, expected) => {
    expect(assemblePlan(inputs(aRunbook(), change)).plan).toBeNull();
    expect(why('double', inputs(aRunbook(), change))).toMatch(expected);
  });

  test('for a pipeline target the live value may differ: the edit is of the file', () => {
    const live = known({ id: '1', name: 'n', settings: settings.replace('"200"', '"201"'), managedBy: 'bundle' as const });
    const given = inputs(aRunbook(), { live, target: targetOf('oom', { appliedBy: 'pipeline' }) });

    expect(assemblePlan(given).plan?.kind).toBe('change');
  });

  const bundleFiles = ['jobs/bundle/databricks.yml', 'jobs/bundle/resources/month_end_close.yml'].map((path) => ({
    path,
    text: readFileSync(path, 'utf8'),
  }));

  function bundleInputs(files: typeof bundleFiles) {
    const live = JSON.stringify({
      name: 'month-end-close',
      tasks: [{ task_key: 'close_books', job_cluster_key: 'main' }],
      job_clusters: [
        {
          job_cluster_key: 'main',
          new_cluster: { node_type_id: 'm5.2xlarge', num_workers: 4, spark_conf: { 'spark.sql.shuffle.partitions': '320' } },
        },
      ],
    });
    const target = targetOf('oom', {
      kind: 'bundle',
      appliedBy: 'pipeline',
      taskKey: 'close_books',
      job: { by: 'bundle', resource: 'month_end_close', bundleTarget: 'prod' },
    });
    const facts = jobFacts(live, target, nodes);
    return inputs(aRunbook(), { files, target, job: facts.ok ? known(facts.value) : unknown('no') });
  }

  test('a bundle is edited in the file that holds the job', () => {
    const { plan } = assemblePlan(bundleInputs(bundleFiles));

    expect(plan?.kind === 'change' && plan.changes[0]).toMatchObject({
      file: 'jobs/bundle/resources/month_end_close.yml',
      selector:
        'resources.jobs.month_end_close.job_clusters[job_cluster_key=main].new_cluster.spark_conf["spark.sql.shuffle.partitions"]',
      old: '"320"',
      new: '"640"',
    });
    expect(plan?.alsoChanges.join()).toContain('every bundle target');
  });

  test.each([
    ['prod', 'databricks.yml', '"500"', '"1000"'],
    ['dev', 'jobs/bundle/resources/month_end_close.yml', '"320"', '"640"'],
  ])('a bundle value that target %s sets again in another file is edited in %s', (name, file, old, next) => {
    const cluster = 'job_clusters: [{job_cluster_key: main, new_cluster: {spark_conf: {spark.sql.shuffle.partitions: "500"}}}]';
    const text = `targets:\n  ${name}:\n    resources:\n      jobs:\n        month_end_close:\n          ${cluster}\n`;
    const step = {
      do: 'edit',
      edit: { surface: 'spark-conf', key: 'spark.sql.shuffle.partitions' },
      value: next.slice(1, -1),
    } as const;
    const given = bundleInputs([{ path: 'databricks.yml', text }, ...bundleFiles.slice(1)]);
    const { plan } = assemblePlan({ ...given, runbook: aRunbook({ remedies: [aRemedy({ step })] }) });

    expect(plan?.kind === 'change' && plan.changes).toMatchObject([{ file, old, new: next }]);
    expect(plan?.alsoChanges.join().includes('every bundle target')).toBe(name === 'dev');
  });

  test.each([
    ['lag * 2.0', 'Start 40 of them.', ['E-lag']],
    ['job.workers * 3.0', 'Start 12 of them.', ['E-lag']],
    ['rate_slope', null, null],
    ['lag / 0.0', null, null],
  ])('advice shows the number that %s gives, or is none: %s', (value, what, evidence) => {
    const step = { do: 'advice', who: 'somebody', what: 'Start {value} of them.', value } as const;
    const { plan } = assemblePlan(inputs(aRunbook({ remedies: [aRemedy({ step })] })));

    expect(plan === null ? [null, null] : plan.kind === 'advice' && [plan.what, plan.evidence]).toEqual([what, evidence]);
  });

  test('advice is the answer where the runbook has no other for the cause, and what is left where it has', () => {
    const advice = aRemedy({ id: 'told', step: { do: 'advice', who: 'somebody', what: 'Look.' } });
    const answers = (...remedies: Runbook['remedies']) => {
      const { plan } = assemblePlan(inputs(aRunbook({ remedies: [advice] })));
      return plan && answersByAdvice(plan, { remedies });
    };

    expect(answers(advice)).toBe(true);
    expect(answers(advice, aRemedy({ causes: ['other'] }))).toBe(true);
    expect(answers(advice, aRemedy())).toBe(false);
  });

  test('a conf file is edited by its key', () => {
    const text = readFileSync('jobs/spark-defaults.conf', 'utf8');
    const target = targetOf('oom', { kind: 'spark-conf', appliedBy: 'pipeline', job: null });
    const given = {
      target,
      live: null,
      job: known(confFacts(text, target)),
      files: [{ path: 'jobs/spark-defaults.conf', text }],
    };

    const { plan } = assemblePlan(inputs(aRunbook(), given));

    expect(plan?.kind === 'change' && plan.changes[0]).toMatchObject({
      selector: 'spark.sql.shuffle.partitions',
      old: '200',
      new: '400',
    });
    expect(plan?.kind === 'change' && plan.edits[0]?.after).toBe(text.replace(/(shuffle\.partitions +)200/, '$1400'));
  });

  test('applying the change and then its inverse gives the file back, whatever the value', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 99_999 }), (partitions) => {
        const value = `${partitions}.0`;
        const remedies = [
          aRemedy({ step: { do: 'edit', edit: { surface: 'spark-conf', key: 'spark.sql.shuffle.partitions' }, value } }),
        ];
        const { plan } = assemblePlan(inputs(aRunbook({ remedies }), { limits: { ...openLimits, percentPerStep: 1e9 } }));
        if (partitions === 200) return expect(plan).toBeNull();
        if (plan?.kind !== 'change') throw new Error('no change');
        const [change, inverse] = [plan.changes[0], plan.inverse[0]];
        if (change === undefined || inverse === undefined) throw new Error('no change');
        const format = formatOf(change.file) ?? 'json';
        const there = applyChange(format, settings, change);
        const back = there.ok ? applyChange(format, there.value.text, inverse) : there;
        expect(back.ok && back.value.text).toBe(settings);
      }),
      { numRuns: 40 },
    );
  });
});
