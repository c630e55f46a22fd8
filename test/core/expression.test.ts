import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Facts } from '../../src/core/expression.ts';
import { expressionsOver, holds } from '../../src/core/expression.ts';

const expressions = expressionsOver({
  lag: 'double',
  rate: 'double',
  kind: 'string',
  up: 'bool',
  'job.workers': 'double',
  'job.spark_conf': 'texts',
  'params.topic': 'string',
});
const facts: Facts = {
  lag: 2000,
  rate: 10,
  kind: 'oom',
  up: true,
  'job.workers': 4,
  'job.spark_conf': { a: '64MB' },
  'params.topic': 't',
};

function value(text: string, given: Facts = facts) {
  const compiled = expressions.compile(text, 'value');
  if (!compiled.ok) throw new Error(compiled.why);
  return compiled.expression.evaluate(given);
}

describe('an expression', () => {
  test.each([
    ['lag / rate', 200],
    ['ceil(lag / 3.0)', 667],
    ['ceil(rate / 2.5000000001)', 4],
    ['ceil(rate / 2.4999999999)', 4],
    ['floor(lag / 3.0)', 666],
    ['round_to(lag / 3.0, 100.0)', 700],
    ['pow2_ceil(lag)', 2048],
    ['min(lag, max(1.0, rate))', 10],
    ['abs(0.0 - lag)', 2000],
    ['size_bytes("64MB")', 67_108_864],
    ['size_bytes(job.spark_conf["a"])', 67_108_864],
    ['job.workers * 2.0', 8],
    ['400', 400],
    ['"auto"', 'auto'],
    ['lag > 1000 && kind == "oom" && up', true],
    ['"b" in job.spark_conf', false],
    ['rate > 0.0 ? lag / rate : 0.0', 200],
    ['params.topic + "x"', 'tx'],
  ])('%s is %s', (text, expected) => {
    expect(value(text)).toEqual({ known: true, value: expected });
  });

  test.each([
    ['lag + ', 'value', /./],
    ['lga > 1.0', 'bool', /lga/],
    ['job.wrokers > 1.0', 'bool', /wrokers/],
    ['lag * 2 > 1.0', 'bool', /double \* int/],
    ['lag', 'bool', /a number, not true or false/],
    ['lag > 1.0', 'double', /true or false, not a number/],
    ['job.spark_conf', 'value', /map/],
    ['kind > lag', 'bool', /./],
  ] as const)('%s is refused where a %s is wanted, with a fix', (text, want, why) => {
    const compiled = expressions.compile(text, want);

    expect(compiled.ok ? '' : compiled.why).toMatch(why);
    expect(compiled.ok ? '' : compiled.fix).not.toBe('');
  });

  test.each([
    ['lag > 1.0', { lag: null }, ['lag']],
    ['lag > 1.0', { lag: Number.NaN }, ['lag']],
    ['lag != 1.0', { lag: Number.NaN }, ['lag']],
    ['!(lag > 1.0)', { lag: Number.POSITIVE_INFINITY }, ['lag']],
    ['up || lag > 1.0', { up: true, lag: null }, ['lag']],
    ['lag > 1.0 || up', {}, ['lag', 'up']],
    ['lag / rate > 1.0', { lag: 1, rate: 0 }, ['result']],
    ['lag / rate != 1.0', { lag: 0, rate: 0 }, ['result']],
    ['job.spark_conf["b"] == "1"', { 'job.spark_conf': {} }, ['result']],
    ['double(kind) > 1.0', { kind: 'x' }, ['result']],
    ['size_bytes(kind) >= 0.0 || true', { kind: 'x' }, ['result']],
  ] as const)('%s over %j is unknown, because of %j', (text, given, unknown) => {
    expect(value(text, given)).toEqual({ known: false, unknown });
  });

  test('a branch that is not taken may divide by zero', () => {
    expect(value('rate > 0.0 ? lag / rate : 0.0', { ...facts, rate: 0 })).toEqual({ known: true, value: 0 });
    expect(value('rate > 0.0 && lag / rate > 1.0', { ...facts, rate: 0 })).toEqual({ known: true, value: false });
  });

  test('says which names it touches', () => {
    const compiled = expressions.compile('lag > 1.0 && job.workers < 3.0 && "a" in job.spark_conf', 'bool');

    expect(compiled.ok && compiled.expression.names).toEqual(['job.spark_conf', 'job.workers', 'lag']);
  });

  test('a rule never holds, and never throws, when a number it touches is unknown', () => {
    const texts = [
      'lag > rate',
      'lag != rate',
      '!(lag > rate)',
      'lag / rate != 1.0 || up',
      'up || lag == rate',
      '!(lag / rate >= 0.0)',
    ];
    const lost = fc.constantFrom(null, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY);
    fc.assert(
      fc.property(fc.constantFrom(...texts), fc.double(), lost, fc.boolean(), fc.boolean(), (text, number, gone, first, up) => {
        const compiled = expressions.compile(text, 'bool');
        const given = first ? { lag: gone, rate: number, up } : { lag: number, rate: gone, up };
        expect(compiled.ok && holds(compiled.expression, given)).toBe(false);
      }),
    );
  });
});
