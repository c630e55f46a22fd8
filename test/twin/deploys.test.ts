import { afterEach, describe, expect, test } from 'vitest';
import { createTwinClock } from '../../src/twin/clock.ts';
import { startPlant } from '../../src/twin/databricks/plant.ts';
import { deployedSettings, startDeploys } from '../../src/twin/deploys.ts';
import { startGithub } from '../../src/twin/github/index.ts';
import { writeJson } from '../../src/twin/pipeline/json.ts';
import { jobIds } from '../../src/twin/pipeline/workloads.ts';

const FILE = 'jobs/bundle/resources/ledger.yml';
const start = new Date('2026-11-20T03:00:00Z');
const yaml = (partitions: string) =>
  `resources:
  jobs:
    ledger:
      name: ledger-rollup
      tasks:
        - {task_key: rollup_ledger, job_cluster_key: main, notebook_task: {notebook_path: /a}}
      job_clusters:
        - job_cluster_key: main
          new_cluster: {node_type_id: m5.2xlarge, num_workers: 4, spark_conf: {spark.sql.shuffle.partitions: ${partitions}}}
`;

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function world(afterMinutes: number | null) {
  const clock = createTwinClock(start);
  const plant = await startPlant({ workloads: ['bundle'], start, clock });
  const users = [{ login: 'olga', id: 101, token: 'token-of-olga', permission: 'write' as const }];
  const files = { [FILE]: yaml('320'), 'README.md': 'one' };
  const github = await startGithub({ owner: 'acme', repo: 'pipelines', files, users, teams: [], apps: [] }, { clock: clock.now });
  closing.push(github.close, plant.close);
  const deploys = startDeploys(github, {
    clock,
    databricks: plant.databricks.url,
    token: plant.tokens.deploy ?? '',
    afterMinutes,
  });
  const put = async (path: string, text: string, branch = 'main') => {
    const headers = { authorization: 'Bearer token-of-olga', accept: 'application/vnd.github+json' };
    const url = `${github.url}/repos/acme/pipelines/contents/${path}`;
    const found: unknown = await (await fetch(`${url}?ref=main`, { headers })).json();
    const sha = typeof found === 'object' && found !== null && 'sha' in found ? found.sha : undefined;
    const content = Buffer.from(text).toString('base64');
    const body = JSON.stringify({ message: 'a change', content, branch, ...(sha !== undefined && { sha }) });
    const response = await fetch(url, { method: 'PUT', headers, body });
    if (!response.ok) throw new Error(await response.text());
  };
  return { clock, plant, deploys, put };
}

describe('the team’s own pipeline', () => {
  test('deploys a changed bundle file some minutes after the push, with a token of its own', async () => {
    const { clock, plant, deploys, put } = await world(12);
    await put(FILE, yaml('800'));
    clock.advance(11 * 60_000);
    await deploys.settled();
    expect(plant.databricks.writes).toEqual([]);

    clock.advance(60_000);
    await deploys.settled();
    expect(deploys.done).toEqual(['ledger-rollup']);
    expect(plant.databricks.writes).toMatchObject([{ path: '/api/2.2/jobs/reset', token: 'deploy', jobId: jobIds.bundle }]);
    expect(plant.databricks.settingsText(jobIds.bundle)).toContain('"spark.sql.shuffle.partitions":"800"');
    expect(plant.databricks.settingsText(jobIds.bundle)).toContain('"kind":"BUNDLE"');
  });

  test('deploys nothing for a push that changed no bundle file, and nothing at all when it is broken', async () => {
    const sound = await world(1);
    await sound.put('README.md', 'two');
    const broken = await world(null);
    await broken.put(FILE, yaml('800'));
    for (const { clock, deploys, plant } of [sound, broken]) {
      clock.advance(3_600_000);
      await deploys.settled();
      expect(plant.databricks.writes).toEqual([]);
    }
  });

  test('makes conf values texts, whatever they are in YAML', () => {
    const [[, settings] = ['', null]] = deployedSettings([yaml('0x10')]);

    expect(writeJson(settings)).toContain('"spark.sql.shuffle.partitions":"16"');
  });

  test('deploys the jobs that a variable of the bundle means otherwise, and no others', async () => {
    const { clock, plant, deploys, put } = await world(1);
    const root = (partitions: number, others: number) =>
      `variables: {partitions: {default: 100}, others: {default: ${others}}}\ntargets: {prod: {variables: {partitions: ${partitions}}}}\n`;
    await put('jobs/bundle/databricks.yml', root(320, 1));
    await put(FILE, yaml(`"\${var.partitions}"`));
    clock.advance(60_000);
    await deploys.settled();
    expect(deploys.done).toEqual([]);

    await put('jobs/bundle/databricks.yml', root(640, 2));
    clock.advance(60_000);
    await deploys.settled();
    expect(deploys.done).toEqual(['ledger-rollup']);
    expect(plant.databricks.settingsText(jobIds.bundle)).toContain('"spark.sql.shuffle.partitions":"640"');
  });

  test.each([
    ['the default', 'variables: {p: {default: 7}}', `"\${var.p}"`, '7'],
    ['the target’s own', 'variables: {p: {default: 7}}\ntargets: {prod: {variables: {p: 8}}}', `"\${var.p}"`, '8'],
    ['its own by the old name', 'environments: {prod: {variables: {p: {default: 9}}}}', `"\${var.p}"`, '9'],
    ['a text around it', 'variables: {p: {default: 7}}', `"x\${var.p}y"`, 'x7y'],
    [
      'an override',
      `targets: {prod: {resources: {jobs: {ledger: {job_clusters: [{job_cluster_key: main, new_cluster: {spark_conf: {spark.sql.shuffle.partitions: 5}}}]}}}}}`,
      '1',
      '5',
    ],
  ])('takes %s', (_, root, value, wanted) => {
    const [[, settings] = ['', null]] = deployedSettings([`${root}\n`, yaml(value)]);

    expect(writeJson(settings)).toContain(`"spark.sql.shuffle.partitions":"${wanted}"`);
  });

  test.each(['var.none', 'resources.jobs.other.id', 'bundle.target'])('refuses what it cannot fill in: %s', (name) => {
    expect(() => deployedSettings([yaml(`"\${${name}}"`)])).toThrow('cannot fill in');
  });
});
