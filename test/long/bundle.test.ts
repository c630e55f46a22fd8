import { readFileSync } from 'node:fs';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Played } from '../../src/doors/demo/play.ts';
import { runScenario, type ScenarioResult } from '../../src/doors/demo/run.ts';
import { startWorld, type World } from '../../src/doors/demo/world.ts';
import { jobIds } from '../../src/twin/pipeline/workloads.ts';
import { buildOnce, mergedAndRun, person, scenario, until, wake } from '../support/story.ts';

let world: World | null = null;
beforeAll(buildOnce);
afterEach(async () => {
  await world?.close();
  world = null;
});

const [ROOT, JOB] = ['jobs/bundle/databricks.yml', 'jobs/bundle/resources/ledger_rollup.yml'];
const [root, job] = [ROOT, JOB].map((path) => readFileSync(path, 'utf8'));
const partitions = `spark.sql.shuffle.partitions: "\${var.ledger_partitions}"`;
const overriding = `job_clusters: [{job_cluster_key: main, new_cluster: {spark_conf: {spark.sql.shuffle.partitions: "320"}}}]`;

/** The rehearsed repository with the ledger's partitions coming over some way. */
function bundle(variables: string, prod: string, own = partitions) {
  return {
    [ROOT]:
      root
        ?.replace('variables:\n', `variables:\n${variables}`)
        .replace('    mode: production\n', `    mode: production\n${prod}`) ?? '',
    [JOB]: job?.replace('spark.sql.shuffle.partitions: 320', own) ?? '',
  };
}

async function played(
  files: Readonly<Record<string, string>>,
): Promise<{ readonly result: ScenarioResult; readonly end: Played }> {
  const ends: Played[] = [];
  const teller = { begin: () => undefined, step: () => undefined, end: (_: ScenarioResult, end: Played) => void ends.push(end) };
  const result = await runScenario(scenario('bundle-deploy'), teller, { files });
  const [end] = ends;
  if (!end) throw new Error('the play has no end');
  return { result, end };
}

const DEFAULT = '  ledger_partitions:\n    default: 320\n';
const USED = `\${var.ledger_partitions} is used at /resources/jobs/ledger_rollup/job_clusters/0/new_cluster/spark_conf/spark.sql.shuffle.partitions`;

describe('a bundle whose value is not in the job’s file', () => {
  test.each([
    ['the default of a variable', bundle(DEFAULT, ''), '/variables/ledger_partitions/default', 'the bundle targets dev'],
    [
      'the target’s own value of a variable',
      bundle('  ledger_partitions:\n    default: 200\n', '    variables:\n      ledger_partitions: 320\n'),
      '/targets/prod/variables/ledger_partitions',
      USED,
    ],
    [
      'an override',
      {
        ...bundle('', '', 'spark.sql.shuffle.partitions: 200'),
        [ROOT]:
          root?.replace('max_concurrent_runs: 1', `max_concurrent_runs: 1\n        ledger_rollup:\n          ${overriding}`) ??
          '',
      },
      '/targets/prod/resources/jobs/ledger_rollup/job_clusters/0/new_cluster/spark_conf/spark.sql.shuffle.partitions',
      'Rollback',
    ],
  ])('is planned, approved, merged, deployed by its pipeline and verified: %s', async (_, files, pointer, told) => {
    const { result, end } = await played(files);

    expect(result.missed).toEqual([]);
    expect(result.ok).toBe(true);
    expect(result.rollout?.changes.map((change) => change.pointer)).toEqual([pointer]);
    expect(end.pullThread.map((note) => note.body).join('\n')).toContain(told);
    expect(end.world.deploys.done).toEqual(['ledger-rollup']);
    expect(end.settingsAfter).not.toBe(end.settingsBefore);
    expect(end.world.plant.databricks.writes.every(({ token, jobId }) => token === 'deploy' && jobId === jobIds.bundle)).toBe(
      true,
    );
  });

  test('is taken back by a Proposal like any other', async () => {
    const at = await startWorld({ workloads: ['bundle'], files: bundle(DEFAULT, '') });
    world = at;
    const before = at.plant.databricks.settingsText(jobIds.bundle) ?? '';
    const pull = await mergedAndRun(at, 'bundle-deploy');
    await wake(at, 30);
    const deployed = at.plant.databricks.settingsText(jobIds.bundle);
    const olga = person(at, 'olga');
    const [incident] = await olga.issues();
    await olga.say(incident?.number ?? 0, '/rollback');
    const rollback = await until('the rollback proposal', async () =>
      (await olga.pulls()).find((one) => one.number !== pull.number),
    );
    await until('its status', async () =>
      (await olga.thread(rollback.number)).some((note) => note.body.includes('sluice:status')),
    );
    at.plant.clock.advance(60_000);
    await olga.say(rollback.number, `/approve ${rollback.head}`);
    await until('its merge', async () => (await olga.pulls()).find((one) => one.number === rollback.number && one.merged));
    await wake(at, 30);

    expect(deployed).toContain('"spark.sql.shuffle.partitions":"');
    expect(deployed).not.toContain('"spark.sql.shuffle.partitions":"320"');
    expect(at.plant.databricks.settingsText(jobIds.bundle)).toBe(deployed?.replace(/(shuffle\.partitions":)"\d+"/, '$1"320"'));
    expect(before).toContain('"spark.sql.shuffle.partitions":"320"');
    expect(at.deploys.done).toEqual(['ledger-rollup', 'ledger-rollup']);
  });
});
