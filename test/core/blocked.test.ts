import { describe, expect, test } from 'vitest';
import { blockedRules, whyUnknown } from '../../src/core/blocked.ts';
import { factsOf } from '../../src/core/evidence.ts';
import { known, unknown } from '../../src/model/known.ts';
import { aFact, aRunbook } from '../support/runbook.ts';

const rules = [
  { id: 'signal', when: 'lag > 10.0', outcome: 'likely', explanation: '' },
  { id: 'cores', when: 'lag > job.cores', outcome: 'likely', explanation: '' },
] as const;
const runbook = aRunbook({ diagnose: rules });
const read = { job: known({}), nodeTypes: known([]) };

function blocked(lag: number | null, outcome: 'inconclusive' | 'likely' | 'healthy' | 'confirmed' = 'inconclusive') {
  const evidence = [aFact('lag', lag, { note: 'kafka_exporter: no series' })];
  const job = unknown('no workspace is configured');
  return blockedRules(runbook, { outcome }, factsOf(evidence), { ...read, evidence, job });
}

describe('what nobody can judge', () => {
  test('names each rule, what is unknown in it, and why', () => {
    expect(blocked(null)).toEqual([
      { rule: 'signal', unknown: [{ name: 'lag', why: 'kafka_exporter: no series' }] },
      {
        rule: 'cores',
        unknown: [
          { name: 'job.cores', why: 'no workspace is configured' },
          { name: 'lag', why: 'kafka_exporter: no series' },
        ],
      },
    ]);
  });

  test('leaves out the rules that were judged', () => {
    expect(blocked(1).map((one) => one.rule)).toEqual(['cores']);
  });

  test.each([
    ['inconclusive', 2],
    ['likely', 2],
    ['confirmed', 0],
    ['healthy', 0],
  ] as const)('matters where the outcome is %s: %s rules', (outcome, count) => {
    expect(blocked(null, outcome)).toHaveLength(count);
  });
});

test.each([
  ['params.topic', {}, 'the alert does not tell it'],
  ['result', {}, 'the arithmetic gives no number'],
  ['current', {}, 'the place to edit holds no number'],
  ['job.cores', { nodeTypes: unknown('forbidden') }, 'node types: forbidden'],
  ['job.cores', {}, 'the settings do not tell it'],
  ['task.key', { job: unknown('no target') }, 'no target'],
  ['lag_slope', { evidence: [aFact('lag', 3)] }, 'fewer than three points'],
  ['lag_slope', { evidence: [aFact('lag', 3, { quality: 'stale', note: 'last point 900 s ago' })] }, 'last point 900 s ago'],
  ['lag', { evidence: [aFact('lag', 3, { quality: 'negative' })] }, 'negative'],
  ['lag', {}, 'it was not read'],
])('%s is unknown because of what was read: %j', (name, change, why) => {
  expect(whyUnknown(name, { ...read, evidence: [], ...change })).toBe(why);
});
