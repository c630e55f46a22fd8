import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { costOf } from '../../src/core/cost.ts';
import { numbered } from '../../src/core/evidence.ts';
import { jobEvidence, USUAL_RUN } from '../../src/core/job-evidence.ts';
import { jobFacts } from '../../src/core/job-facts.ts';
import { known, unknown } from '../../src/model/known.ts';
import { openLimits, targetOf } from '../support/rehearsal.ts';
import { aRemedy, aRunbook } from '../support/runbook.ts';

const nodes = [{ id: 'm5.2xlarge', memoryMb: 32_768, cores: 8 }];
const facts = jobFacts(readFileSync('jobs/orders-nightly.json', 'utf8'), targetOf('oom'), nodes);
const job = facts.ok ? known(facts.value) : unknown('no');
const source = { source: 'databricks' as const, query: 'jobs/get of job 7', at: '2026-11-20T03:00:00Z' };
const values = (when: string, streaming = false) => {
  const [rule] = aRunbook().diagnose;
  const runbook = aRunbook({ diagnose: rule ? [{ ...rule, when }] : [], remedies: [] });
  const about = job.known ? known({ ...job.value, streaming }) : job;
  return Object.fromEntries(jobEvidence(runbook, about, 1800, source).map((one) => [one.name, one.value]));
};

test.each([
  ['nothing of the job', 'lag > 1.0', { 'job.workers': 4, [USUAL_RUN]: 1800 }],
  ['a number', 'lag > job.cores', { 'job.cores': 32, 'job.workers': 4, [USUAL_RUN]: 1800 }],
  [
    'a key that is set',
    'double(job.spark_conf["spark.sql.shuffle.partitions"]) > 1.0',
    { 'job.workers': 4, 'job.spark_conf["spark.sql.shuffle.partitions"]': '200', [USUAL_RUN]: 1800 },
  ],
  ['a key that is not set', '"x" in job.spark_conf && job.spark_conf["x"] == "1"', { 'job.workers': 4, [USUAL_RUN]: 1800 }],
  ['a key of every object', 'job.parameters["toString"] == "1"', { 'job.workers': 4, [USUAL_RUN]: 1800 }],
  ['a size that the job does not have', 'job.autoscale_min > 1.0', { 'job.workers': 4, [USUAL_RUN]: 1800 }],
])('a rule that names %s: what is known and named becomes evidence', (_, when, evidence) => {
  expect(values(when)).toEqual(evidence);
});

test('a stream has no usual run', () => {
  expect(values('lag > 1.0', true)).toEqual({ 'job.workers': 4 });
});

test('settings that could not be read are no evidence', () => {
  expect(jobEvidence(aRunbook(), unknown('no'), 1800, source)).toEqual([]);
});

test('each piece says where it was read and when', () => {
  const [one] = jobEvidence(aRunbook(), job, null, source);

  expect(one).toMatchObject({
    query: 'jobs/get of job 7: job.shuffle_partitions',
    at: source.at,
    unit: 'partitions',
    quality: 'fresh',
  });
});

test('a cost cites the workers, the usual run and what its factor names', () => {
  const runbook = aRunbook({ remedies: [aRemedy({ cost: 'value / job.shuffle_partitions' })] });
  const evidence = numbered(jobEvidence(runbook, job, 1800, source));
  const inputs = {
    ...{
      runbook,
      blob: null,
      evidence,
      target: targetOf('oom'),
      live: null,
      job,
      nodeTypes: known([]),
      files: [],
      parameters: {},
    },
    ...{ limits: openLimits, latestRun: null, runSeconds: 1800, baseline: {} },
    diagnosis: { runbook: 'a', outcome: 'likely' as const, causes: [], unknown: [] },
  };
  const cited = job.known
    ? costOf('value / job.shuffle_partitions', 400, job.value, inputs, { 'job.shuffle_partitions': 200 })
    : null;

  expect(cited).toMatchObject({ before: 2, after: 4 });
  expect(cited?.evidence.map((id) => evidence.find((one) => one.id === id)?.name)).toEqual([
    'job.shuffle_partitions',
    'job.workers',
    USUAL_RUN,
  ]);
});
