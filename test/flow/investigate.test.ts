import { afterEach, describe, expect, test } from 'vitest';
import { investigate } from '../../src/flow/investigate.ts';
import type { Plant } from '../../src/twin/databricks/plant.ts';
import { jobIds, type WorkloadName } from '../../src/twin/pipeline/workloads.ts';
import { apply, changeOf, runAgain, verdictNow } from '../support/closed-loop.ts';
import { inputOf, openLimits, signalOf, startRehearsal, targetOf } from '../support/rehearsal.ts';

const plants: Plant[] = [];
afterEach(async () => {
  await Promise.all(plants.splice(0).map((plant) => plant.close()));
});

async function rehearse(name: WorkloadName) {
  const world = await startRehearsal([name]);
  plants.push(world.plant);
  return { ...world, investigateAgain: () => investigate(inputOf(name, world.plant), world.reads, world.clock) };
}

describe('an investigation of a rehearsed failure', () => {
  test.each([
    ['oom', 'confirmed', 'partitions-too-large', '"200"', '"1400"'],
    ['skew', 'confirmed', 'hot-key', '"8g"', '"256m"'],
    ['lag', 'likely', 'too-few-cores', '2', '4'],
    ['lagNarrow', 'likely', 'too-few-tasks', '"8"', '"16"'],
    ['lagCapped', 'likely', 'trigger-cap', '"480000"', '"900000"'],
    ['kinesis', 'likely', 'too-few-tasks', '"5"', '"3"'],
    ['bad', 'likely', 'a-partition-too-large', '"200"', '"800"'],
    ['broadcast', 'confirmed', 'broadcast-too-large', null, '"-1"'],
  ] as const)('%s is %s because of %s, and %s becomes %s', async (name, outcome, cause, old, next) => {
    const { investigateAgain } = await rehearse(name);

    const found = await investigateAgain();

    const { plan, change } = changeOf(found.plan);
    expect([found.diagnosis.outcome, plan.cause.id]).toEqual([outcome, cause]);
    expect([change.old, change.new]).toEqual([old, next]);
    expect(plan.inverse).toEqual([{ file: change.file, selector: change.selector, old: next, new: old }]);
    expect(plan.baseSettingsDigest).toMatch(/^[0-9a-f]{64}$/);
    expect(change.evidence.length).toBeGreaterThan(0);
  });

  test.each(['oom', 'skew', 'lag', 'lagNarrow', 'lagCapped', 'broadcast'] as const)(
    'the change for %s cures it: verified as improved, and investigated again healthy',
    async (name) => {
      const { plant, reads, investigateAgain } = await rehearse(name);
      const { plan } = await investigateAgain();
      await apply(plant, jobIds[name], plan);
      await runAgain(plant, jobIds[name], reads);

      expect(await verdictNow(plan, plant, jobIds[name], reads)).toBe('improved');

      const found = await investigateAgain();

      expect([found.diagnosis.outcome, found.plan]).toEqual(['healthy', null]);
    },
  );

  test('the change for kinesis cures it: the age falls, if slowly, and nothing more is proposed', async () => {
    const { plant, reads, investigateAgain } = await rehearse('kinesis');
    const { plan } = await investigateAgain();
    await apply(plant, jobIds.kinesis, plan);
    await runAgain(plant, jobIds.kinesis, reads);

    expect(await verdictNow(plan, plant, jobIds.kinesis, reads)).toBe('improved');
    expect((await investigateAgain()).plan).toBeNull();
  });

  test('the change for bad does not cure it: the same task dies again', async () => {
    const { plant, reads, investigateAgain } = await rehearse('bad');
    const { plan } = await investigateAgain();
    await apply(plant, jobIds.bad, plan);
    await runAgain(plant, jobIds.bad, reads);

    expect(await verdictNow(plan, plant, jobIds.bad, reads)).toBe('unchanged');
    const found = await investigateAgain();

    expect(found.evidence.find((one) => one.name === 'run_failed')?.value).toBe(1);
  });

  test('an alert that no runbook knows gets the same change from what the failed run says, and no runbook once a run succeeded', async () => {
    const { plant, reads, clock } = await rehearse('broadcast');
    const signal = { ...signalOf('broadcast'), alertname: 'PipelineFailed', annotations: {} };
    const investigateIt = () => investigate(inputOf('broadcast', plant, { signal }), reads, clock);

    const { plan, match } = await investigateIt();
    expect([match?.runbooks[0], changeOf(plan).change.new]).toEqual(['broadcast-failure', '"-1"']);

    await apply(plant, jobIds.broadcast, plan);
    await runAgain(plant, jobIds.broadcast, reads);
    expect(await verdictNow(plan, plant, jobIds.broadcast, reads)).toBe('improved');
    expect((await investigateIt()).match?.found).toBe('none');
  });

  test('a broadcast that fails with the threshold off already is the query’s own, and gives advice', async () => {
    const { plant, reads, clock } = await rehearse('broadcast');
    const { plan } = await investigate(inputOf('broadcast', plant), reads, clock);
    await apply(plant, jobIds.broadcast, plan);

    const again = await investigate(inputOf('broadcast', plant), reads, clock);

    expect(again.plan?.kind === 'advice' && again.plan.what).toContain('a hint wins over every threshold');
    expect(again.rejected.map(({ remedy }) => remedy)).toContain('broadcast-off');
  });

  test('a blip that is over is healthy and gives no plan', async () => {
    const { investigateAgain } = await rehearse('healthy');

    const found = await investigateAgain();

    expect([found.diagnosis.outcome, found.diagnosis.causes.map((cause) => cause.id), found.plan]).toEqual([
      'healthy',
      ['caught-up', 'caught-up-everywhere'],
      null,
    ]);
  });
});

describe('an investigation that cannot see everything', () => {
  test('reads nothing and plans nothing where no runbook matches', async () => {
    const { plant, reads, clock } = await rehearse('lag');
    const signal = { ...signalOf('lag'), alertname: 'DiskFull', annotations: {} };

    const found = await investigate(inputOf('lag', plant, { signal }), reads, clock);

    expect([found.diagnosis.outcome, found.plan, found.evidence, found.match?.found]).toEqual(['inconclusive', null, [], 'none']);
  });

  test('diagnoses without a target, and proposes nothing', async () => {
    const { plant, reads, clock } = await rehearse('lag');

    const found = await investigate(inputOf('lag', plant, { target: null }), reads, clock);

    expect(found.plan).toBeNull();
    expect(found.rejected[0]?.why).toMatch(/^target_unknown/);
    expect(found.evidence.find((one) => one.name === 'lag')?.quality).toBe('fresh');
  });

  test('believes an alert’s job id only where the workspace gives the target’s job that id', async () => {
    const { plant, reads, clock } = await rehearse('oom');
    const target = targetOf('oom', { job: { by: 'name', name: 'orders-nightly' } });
    const told = (job_id: string) => {
      const { labels, ...signal } = signalOf('oom');
      return investigate(inputOf('oom', plant, { target, signal: { ...signal, labels: { ...labels, job_id } } }), reads, clock);
    };
    const right = await told(jobIds.oom);
    const wrong = await told('4711');

    expect([right.diagnosis.outcome, right.plan?.kind]).toEqual(['confirmed', 'change']);
    expect(wrong.diagnosis.causes.map((one) => one.id)).toEqual(right.diagnosis.causes.map((one) => one.id));
    expect(wrong.plan?.kind).toBe('change');
  });

  test('is inconclusive when neither Prometheus nor Databricks answers', async () => {
    const { plant, clock } = await rehearse('lag');

    const found = await investigate(inputOf('lag', plant), { metrics: null, workspace: null, stages: null }, clock);

    expect([found.diagnosis.outcome, found.plan]).toEqual(['inconclusive', null]);
    const fresh = found.evidence.filter((one) => one.quality === 'fresh');
    expect([...new Set(fresh.map((one) => one.source))]).toEqual(['git']);
  });

  test.each(['lag', 'skew', 'oom'] as const)(
    'every number of the plan for %s cites evidence that holds it (law 9)',
    async (name) => {
      const { plant, reads, clock } = await rehearse(name);

      const { diagnosis, evidence, plan } = await investigate(inputOf(name, plant), reads, clock);

      const cited = (ids: readonly string[]) => evidence.filter((one) => ids.includes(one.id));
      for (const cause of diagnosis.causes)
        for (const [fact, value] of Object.entries(cause.observed)) {
          const behind = cited(cause.evidence).find((one) => fact === one.name || fact.startsWith(`${one.name}_`));
          expect([fact, behind?.quality]).toEqual([fact, 'fresh']);
          if (behind?.name === fact) expect([fact, behind.value]).toEqual([fact, value]);
        }
      expect(plan?.cost.before).toBeGreaterThan(0);
      expect(cited(plan?.cost.evidence ?? []).map((one) => one.name)).toContain('job.workers');
    },
  );

  test('without stage data an out-of-memory failure is likely, and the step needs none', async () => {
    const { plant, reads, clock } = await rehearse('oom');

    const found = await investigate(inputOf('oom', plant), { ...reads, stages: null }, clock);

    const { plan, change } = changeOf(found.plan);
    expect([found.diagnosis.outcome, plan.cause.id]).toEqual(['likely', 'executor-memory']);
    expect([change.selector, change.old, change.new]).toEqual([
      'job_clusters[job_cluster_key=main].new_cluster.spark_conf["spark.task.cpus"]',
      null,
      '"2"',
    ]);
  });

  test('a job that somebody edited live since the file was written gets no change, but the reason', async () => {
    const { plant, reads, clock } = await rehearse('oom');
    const text = plant.databricks.settingsText(jobIds.oom) ?? '';
    const files = [{ path: 'jobs/oom.json', text: text.replace('"200"', '"250"') }];

    const found = await investigate(inputOf('oom', plant, { files }), reads, clock);

    expect(found.rejected.find((one) => one.remedy === 'more-partitions')?.why).toMatch(/^drift: .*expected "250", found "200"/);
  });

  test('a job whose live settings cannot be read gets no change by Sluice', async () => {
    const { plant, reads, clock } = await rehearse('oom');
    plant.databricks.faults.add({
      fault: { kind: 'not_json', status: 200, text: '<html>' },
      path: '/api/2.2/jobs/get',
      times: 100,
    });

    const found = await investigate(inputOf('oom', plant), reads, clock);

    expect(found.plan?.kind).toBe('advice');
    expect(found.rejected.map((one) => one.why).join()).toContain('facts_unavailable');
  });

  test('a step is cut to what the config allows in one change', async () => {
    const { plant, reads, clock } = await rehearse('oom');

    const found = await investigate(
      inputOf('oom', plant, { config: { limits: { ...openLimits, percentPerStep: 100 } } }),
      reads,
      clock,
    );

    const { change } = changeOf(found.plan);
    expect(change.new).toBe('"400"');
    expect(change.reason).toContain('Evidence asks for 1400');
  });

  test('a change that the config forbids is rejected with the code', async () => {
    const { plant, reads, clock } = await rehearse('lag');
    const input = inputOf('lag', plant, {
      target: targetOf('lag', { streaming: true }),
      config: { limits: { ...openLimits, maxWorkers: 3 } },
    });

    const found = await investigate(input, reads, clock);

    expect(found.rejected.find((one) => one.remedy === 'more-workers')?.why).toMatch(
      /^limit_exceeded: num_workers: expected at most 3, found 4/,
    );
  });
});
