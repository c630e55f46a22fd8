import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { jobFacts } from '../../src/core/job-facts.ts';
import { deployedSettings } from '../../src/twin/deploys.ts';
import { takingConf } from '../../src/twin/pipeline/conf-file.ts';
import { readJob } from '../../src/twin/pipeline/job.ts';
import { writeJson } from '../../src/twin/pipeline/json.ts';
import { defaultNodeTypes } from '../../src/twin/pipeline/node-types.ts';
import { workload } from '../../src/twin/pipeline/workloads.ts';
import { rehearsalStart, workloadNames } from '../support/rehearsal.ts';

const nodes = defaultNodeTypes.map((type) => ({ id: type.nodeTypeId, memoryMb: type.memoryMb, cores: type.cores }));
const rehearsed = workloadNames.map((name) => workload(name, rehearsalStart));
/** Jobs whose settings are a file of their own: not the one of a bundle, nor the one whose conf file alone is kept in Git. */
const workloads = rehearsed
  .filter(({ name }) => name !== 'bundle' && name !== 'conf')
  .map((one) => [jobName(one.settings), one] as const);

function jobName(settings: string): string {
  return String(JSON.parse(settings).name);
}

function factsOf(settings: string, taskKey: string) {
  const facts = jobFacts(settings, { taskKey, clusterKey: null, streaming: false }, nodes);
  if (!facts.ok) throw new Error(JSON.stringify(facts.reason));
  const { tasks: _, ...cluster } = facts.value.cluster;
  // How often and how long a task is tried is not rehearsed.
  return { ...facts.value, cluster, maxRetries: null, timeoutSeconds: null };
}

function rehearsedAs(name: string) {
  const found = rehearsed.find((one) => one.name === name);
  if (!found) throw new Error(`no workload ${name}`);
  return found;
}

describe('the shipped job files', () => {
  test('there is one for every rehearsed job, and no other', () => {
    const files = readdirSync('jobs').filter((file) => file.endsWith('.json'));

    expect(files.sort()).toEqual(workloads.map(([name]) => `${name}.json`).sort());
  });

  test.each(workloads)(
    '%s.json says what the rehearsed job says, as far as it changes how a run behaves',
    (name, { settings, work }) => {
      const text = readFileSync(`jobs/${name}.json`, 'utf8');

      expect(factsOf(text, work.taskKey)).toEqual(factsOf(settings, work.taskKey));
      expect(JSON.parse(text).continuous).toEqual(JSON.parse(settings).continuous);
    },
  );
});

describe('the shipped files of jobs that others apply', () => {
  test('ledger_rollup.yml becomes the rehearsed bundle job, with the mark of its bundle', () => {
    const { settings, work } = rehearsedAs('bundle');
    const [[name, deployed] = ['', null]] = deployedSettings([readFileSync('jobs/bundle/resources/ledger_rollup.yml', 'utf8')]);

    expect(name).toBe('ledger-rollup');
    expect(factsOf(writeJson(deployed), work.taskKey)).toEqual(factsOf(settings, work.taskKey));
    expect(JSON.parse(writeJson(deployed)).deployment).toEqual(JSON.parse(settings).deployment);
  });

  test('spark-defaults.conf says what the rehearsed job runs with: the runs before the start had these values', () => {
    const { settings, confFile = '' } = rehearsedAs('conf');
    const jobs = { settingsText: () => settings, nodeTypes: defaultNodeTypes };
    const text = takingConf(jobs, rehearsed, (path) => readFileSync(path, 'utf8')).settingsText(rehearsedAs('conf').jobId);
    const conf = readJob(text ?? '').tasks[1]?.cluster?.sparkConf;

    expect(confFile).toBe('jobs/spark-defaults.conf');
    expect(Object.fromEntries(conf ?? [])).toEqual({
      'spark.sql.shuffle.partitions': '200',
      'spark.sql.adaptive.enabled': 'true',
      'spark.sql.adaptive.skewJoin.enabled': 'true',
    });
  });
});
