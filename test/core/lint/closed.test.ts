import { describe, expect, test } from 'vitest';
import { closedLint } from '../../../src/core/lint/closed.ts';
import { shippedRunbooks } from '../../support/rehearsal.ts';
import { aRemedy, aRunbook } from '../../support/runbook.ts';

const kind = { name: 'failed_of', query: { from: 'databricks', fact: 'error_kind' }, unit: '', absent: 'unknown' } as const;

function faults(when: string, symptoms: readonly string[] = [], remedyWhen: string | null = null) {
  const rule = { id: 'a', when, outcome: 'likely', explanation: '' } as const;
  const runbook = aRunbook({ signals: [kind], diagnose: [rule], remedies: [aRemedy({ when: remedyWhen })], symptoms });
  return closedLint(runbook).map(({ path, message, fix }) => `${path.join('.')}: ${message}. ${fix}`);
}

describe('a text that a fact of a closed list never is', () => {
  test.each([
    ['in a rule', faults('failed_of == "driver_om"'), 'diagnose.0.when: failed_of is never driver_om. Did you mean driver_oom?'],
    [
      'in quotes of the other kind',
      faults("failed_of != 'kluster_start'"),
      'diagnose.0.when: failed_of is never kluster_start. Did you mean cluster_start?',
    ],
    [
      'in a remedy',
      faults('failed_of == "code"', [], 'failed_of == "tmeout"'),
      'remedies.0.when: failed_of is never tmeout. Did you mean timeout?',
    ],
    [
      'in a symptom',
      faults('failed_of == "code"', ['x', 'error_kind=libary']),
      'matches.symptoms.1: error_kind is never libary. Did you mean library?',
    ],
  ])('is a fault %s', (_, found, told) => {
    expect(found).toEqual([told]);
  });

  test('that is near none lists all of them', () => {
    expect(faults('failed_of == "something else"')[0]).toContain('Write one of executor_oom, ');
  });

  test.each(['failed_of == "none" || failed_of == "other"', 'failed_of == job.node_type', 'job.node_type == "m5"'])(
    '%s is none',
    (when) => {
      expect(faults(when, ['error_kind=timeout', 'my error_kind=x'])).toEqual([]);
    },
  );

  test('stands in no shipped runbook', () => {
    expect(shippedRunbooks().flatMap(({ runbook }) => closedLint(runbook))).toEqual([]);
  });
});
