import type { Evidence } from '../../src/model/evidence.ts';
import type { Remedy, Runbook } from '../../src/model/runbook.ts';

/** A runbook that finds `behind` when lag > 10, and would double the partitions. */
export function aRunbook(change: Partial<Runbook> = {}): Runbook {
  return {
    id: 'a',
    title: 'A',
    file: 'runbooks/a.md',
    alertnames: ['A'],
    labels: {},
    symptoms: [],
    parameters: { topic: { type: 'string', from: 'label' } },
    signals: [
      {
        name: 'lag',
        query: { from: 'prometheus', variants: { exporter: 'sum(lag{topic=$topic})' }, range: null, step: null },
        unit: 'records',
        absent: 'unknown',
      },
      {
        name: 'rate',
        query: { from: 'prometheus', variants: { exporter: 'sum(rate)' }, range: '10m', step: '60s' },
        unit: '±records/s',
        absent: 'unknown',
      },
    ],
    diagnose: [
      { id: 'fine', when: 'lag <= 1.0', outcome: 'healthy', explanation: 'fine' },
      { id: 'maybe', when: 'lag > 5.0', outcome: 'likely', explanation: 'maybe' },
      { id: 'behind', when: 'lag > 10.0', outcome: 'confirmed', explanation: 'behind' },
    ],
    remedies: [aRemedy()],
    conflicts: [],
    verify: {
      checks: [
        {
          name: 'lag',
          source: 'prometheus',
          query: 'sum(lag{topic=$topic})',
          unit: 'records',
          expect: 'after < before',
          worse: 'after > before',
        },
      ],
      settleMinutes: 10,
      withinMinutes: 60,
    },
    prose: '',
    ...change,
  };
}

export function aRemedy(change: Partial<Remedy> = {}): Remedy {
  return {
    id: 'double',
    causes: ['behind', 'maybe'],
    when: null,
    step: {
      do: 'edit',
      edit: { surface: 'spark-conf', key: 'spark.sql.shuffle.partitions' },
      value: 'job.shuffle_partitions * 2.0',
    },
    risk: 'low',
    impact: 'more tasks',
    reason: 'It helps.',
    cost: '1.0',
    ...change,
  };
}

export function aFact(name: string, value: Evidence['value'], change: Partial<Evidence> = {}): Evidence {
  const plain = {
    source: 'prometheus',
    query: name,
    window: 'now',
    unit: '',
    at: '2026-11-20T03:00:00Z',
    points: [],
    note: '',
  } as const;
  return { id: `E-${name}`, name, value, quality: value === null ? 'absent' : 'fresh', ...plain, ...change };
}
