import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { jobFacts } from '../../src/core/job-facts.ts';
import { defaultNodeTypes } from '../../src/twin/pipeline/node-types.ts';
import { allWorkloads } from '../../src/twin/pipeline/workloads.ts';
import { rehearsalStart } from '../support/rehearsal.ts';

const nodes = defaultNodeTypes.map((type) => ({ id: type.nodeTypeId, memoryMb: type.memoryMb, cores: type.cores }));
const workloads = allWorkloads(rehearsalStart).map((one) => [jobName(one.settings), one] as const);

function jobName(settings: string): string {
  return String(JSON.parse(settings).name);
}

function factsOf(settings: string, taskKey: string) {
  const facts = jobFacts(settings, { taskKey, clusterKey: null, streaming: false }, nodes);
  if (!facts.ok) throw new Error(JSON.stringify(facts.reason));
  const { tasks: _, ...cluster } = facts.value.cluster;
  return { ...facts.value, cluster, maxRetries: null };
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
