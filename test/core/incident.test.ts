import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { incidentIdentity } from '../../src/core/incident.ts';

const LABELS = ['job_id', 'topic'];
const signal = { alertname: 'Lag', labels: { alertname: 'Lag', job_id: '42', severity: 'page' } };

describe('an incident’s identity', () => {
  test('is a fixed function of its parts', () => {
    expect(incidentIdentity('o/r', signal, LABELS)).toMatch(/^[0-9a-f]{16}$/);
    expect(incidentIdentity('o/r', signal, LABELS)).toBe(
      incidentIdentity('o/r', { ...signal, labels: { job_id: '42', severity: 'info', instance: 'x' } }, LABELS),
    );
  });

  test.each([
    ['repository', 'o/other', signal],
    ['alert name', 'o/r', { ...signal, alertname: 'Skew' }],
    ['identity label', 'o/r', { ...signal, labels: { job_id: '43' } }],
    ['added identity label', 'o/r', { ...signal, labels: { ...signal.labels, topic: 'x' } }],
  ])('differs by %s', (_, repository, other) => {
    expect(incidentIdentity(repository, other, LABELS)).not.toBe(incidentIdentity('o/r', signal, LABELS));
  });

  test('takes an empty label for an absent one', () => {
    expect(incidentIdentity('o/r', { ...signal, labels: { job_id: '42', topic: '' } }, LABELS)).toBe(
      incidentIdentity('o/r', signal, LABELS),
    );
  });

  test('never depends on other labels or on the order of any', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.string()), (extra) => {
        const labels = { ...extra, job_id: '42', topic: 't' };
        const turned = Object.fromEntries(Object.entries(labels).reverse());
        const identity = incidentIdentity('o/r', { alertname: 'A', labels: { job_id: '42', topic: 't' } }, LABELS);
        expect(incidentIdentity('o/r', { alertname: 'A', labels }, LABELS)).toBe(identity);
        expect(incidentIdentity('o/r', { alertname: 'A', labels: turned }, [...LABELS].reverse())).toBe(identity);
      }),
    );
  });

  test('keeps the parts apart', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), (a, b, c) => {
        fc.pre(c !== '');
        const one = incidentIdentity(a + c, { alertname: b, labels: {} }, []);
        expect(one).not.toBe(incidentIdentity(a, { alertname: c + b, labels: {} }, []));
      }),
    );
  });
});
