import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { diagnose, undiagnosed } from '../../src/core/diagnosis.ts';
import { citing, factsOf, numbered } from '../../src/core/evidence.ts';
import type { EvidenceQuality } from '../../src/model/evidence.ts';
import { aFact, aRunbook } from '../support/runbook.ts';

const runbook = aRunbook();

describe('a diagnosis', () => {
  test.each([
    [20, 'confirmed', ['behind', 'maybe']],
    [7, 'likely', ['maybe']],
    [3, 'inconclusive', []],
    [1, 'healthy', ['fine']],
  ])('of a lag of %s is %s because of %j', (lag, outcome, causes) => {
    const found = diagnose(runbook, [aFact('lag', lag)], {});

    expect([found.outcome, found.causes.map((cause) => cause.id)]).toEqual([outcome, causes]);
  });

  test('keeps the rule, the value it compared and the evidence behind it', () => {
    const [cause] = diagnose(runbook, [aFact('lag', 20), aFact('rate', 1)], {}).causes;

    expect(cause).toMatchObject({ rule: 'lag > 10.0', observed: { lag: 20 }, evidence: ['E-lag'] });
  });

  test('a healthy rule that holds wins over every other cause', () => {
    const both = aRunbook({
      diagnose: [...runbook.diagnose, { id: 'over', when: 'rate < 0.0', outcome: 'healthy', explanation: 'over' }],
    });

    const found = diagnose(both, [aFact('lag', 20), aFact('rate', -3)], {});

    expect([found.outcome, found.causes.map((cause) => cause.id)]).toEqual(['healthy', ['over']]);
  });

  test('a rule yields to one under its unless that holds, and is told where that one is unknown', () => {
    const general = { id: 'general', when: 'lag > 5.0', outcome: 'likely', explanation: 'general', unless: ['exact'] } as const;
    const exact = { id: 'exact', when: 'rate > 1.0', outcome: 'likely', explanation: 'exact' } as const;
    const both = aRunbook({ diagnose: [exact, general] });
    const causes = (rate: number | null) =>
      diagnose(both, [aFact('lag', 20), aFact('rate', rate)], {}).causes.map(({ id }) => id);

    expect([causes(2), causes(0), causes(null)]).toEqual([['exact'], ['general'], ['general']]);
  });

  test.each<EvidenceQuality>(['stale', 'absent', 'negative', 'partial', 'unreadable'])(
    '%s evidence is unknown: no rule holds on it',
    (quality) => {
      const found = diagnose(runbook, [aFact('lag', 20, { quality })], {});

      expect([found.outcome, found.unknown]).toEqual(['inconclusive', ['lag']]);
    },
  );

  test('a range also tells its shape', () => {
    const points = [
      [0, 1],
      [60, 2],
      [120, 6],
    ] as const;

    expect(factsOf([aFact('rate', 6, { points })])).toMatchObject({ rate: 6, rate_first: 1, rate_min: 1, rate_max: 6 });
    expect(factsOf([aFact('rate', 6, { points, quality: 'stale' })])).toEqual({ rate: null });
  });

  test('a claim about the shape cites the range', () => {
    const claim = { names: ['rate_slope', 'job.workers'], text: 'rate_slope > job.workers' };

    expect(citing(claim, [aFact('lag', 1), aFact('rate', 1)])).toEqual(['E-rate']);
  });

  test('a claim about one key of a map cites that key and no other', () => {
    const claim = { names: ['job.parameters'], text: 'double(job.parameters["a"]) > 1.0' };
    const evidence = [aFact('job.parameters["a"]', '2'), aFact('job.parameters["b"]', '3')];

    expect(citing(claim, evidence)).toEqual(['E-job.parameters["a"]']);
  });

  test('evidence is numbered in its order', () => {
    const { id: _, ...plain } = aFact('lag', 1);

    expect(numbered([plain, plain]).map((one) => one.id)).toEqual(['E1', 'E2']);
  });

  test('without a runbook nothing can be said', () => {
    expect(undiagnosed()).toEqual({ runbook: null, outcome: 'inconclusive', causes: [], unknown: [] });
  });

  test('taking evidence away never makes a cause, only fewer', () => {
    const value = fc.option(fc.double(), { nil: null });
    fc.assert(
      fc.property(value, value, (lag, rate) => {
        const whole = diagnose(runbook, [aFact('lag', lag), aFact('rate', rate)], {});
        const less = diagnose(runbook, [aFact('rate', rate)], {});
        expect(less.causes.length).toBeLessThanOrEqual(whole.causes.length);
        expect(less.outcome).toBe('inconclusive');
      }),
    );
  });
});
