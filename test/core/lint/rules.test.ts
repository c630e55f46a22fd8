import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { expressionsOver } from '../../../src/core/expression.ts';
import { readCondition } from '../../../src/core/lint/condition.ts';
import { effectLint } from '../../../src/core/lint/remedies.ts';
import { reachLint, ruleLint } from '../../../src/core/lint/rules.ts';
import { runbookVocabulary } from '../../../src/core/runbook-vocabulary.ts';
import type { DiagnoseRule } from '../../../src/model/runbook.ts';
import { aRemedy, aRunbook } from '../../support/runbook.ts';

const runbook = aRunbook();
const expressions = expressionsOver(runbookVocabulary(runbook));

function aRule(id: string, when: string, outcome: DiagnoseRule['outcome'] = 'likely'): DiagnoseRule {
  return { id, when, outcome, explanation: '' };
}

function ruleFaults(...diagnose: readonly DiagnoseRule[]) {
  return ruleLint({ diagnose }, expressions).map(({ path, message }) => `${path.join('.')}: ${message}`);
}

describe('a rule', () => {
  test.each([
    ['false', /always false/],
    ['lag > 1.0 && false', /always false/],
    ['lag > 1.0 && !(1.0 < 2.0)', /always false/],
    ['lag > 1.0 && (2.0 * 3.0 > 7.0 || "a" == "b")', /always false/],
    ['true', /always holds/],
    ['lag > 1.0 || 2.0 > 1.0', /always holds/],
    ['lag > 1.0 ? true : true', /always holds/],
    ['lag > 5.0 && lag < 3.0', /lag > 5.0 excludes lag < 3.0/],
    ['lag > 5.0 && rate > 0.0 && lag <= 5.0', /excludes/],
    ['5.0 < lag && lag == 4.0', /excludes/],
    ['lag >= size_bytes("2k") && lag < size_bytes("1k")', /excludes/],
    ['job.node_type == "a" && job.node_type == "b"', /excludes/],
    ['job.streaming && !job.streaming', /excludes/],
  ])('that says %s can never be told or always is', (when, message) => {
    expect(ruleFaults(aRule('a', when))).toEqual([expect.stringMatching(message)]);
  });

  test.each([
    'lag > 1.0',
    'lag >= 5.0 && lag <= 5.0',
    'lag > 3.0 && lag < 5.0',
    'lag > 5.0 || lag < 3.0',
    'lag > 5.0 && rate < 3.0',
    'job.streaming && !job.photon',
    'lag > 1.0 ? rate > 1.0 : false',
    'lag == 4.0 && lag >= 4.0',
  ])('that says %s can hold', (when) => {
    expect(ruleFaults(aRule('a', when))).toEqual([]);
  });

  test('with the condition of another is told as one too many, however it is spaced', () => {
    expect(ruleFaults(aRule('a', 'lag > 1.0 && rate > 0.0'), aRule('b', 'lag>1.0&&rate>0.0'))).toEqual([
      'diagnose.1.when: rule b has the same condition as a',
    ]);
  });

  test('that holds only where a healthy one does is never told', () => {
    const faults = ruleFaults(
      aRule('over', 'lag < 5.0', 'healthy'),
      aRule('a', 'rate > 0.0 && lag < 5.0'),
      aRule('b', 'rate > 0.0'),
    );

    expect(faults).toEqual([expect.stringMatching(/^diagnose\.1\.when: rule a is never told: .* healthy rule over/)]);
  });

  test('is called unreachable only where no values make it hold', () => {
    const number = fc.integer({ min: -3, max: 3 });
    const part = fc.oneof(
      fc
        .tuple(fc.constantFrom('lag', 'rate'), fc.constantFrom('<', '<=', '>', '>=', '=='), number)
        .map(([name, how, n]) => `${name} ${how} ${n}.0`),
      fc
        .tuple(number, fc.constantFrom('<', '>='), fc.constantFrom('lag', 'rate'))
        .map(([n, how, name]) => `${n}.0 ${how} ${name}`),
      fc.constantFrom('true', 'false', '!(lag > 1.0)', '(lag > 1.0 || rate > 1.0)', '(lag > 1.0 || true)'),
    );
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 4 }), number, number, (parts, lag, rate) => {
        const text = parts.join(' && ');
        const condition = readCondition(text, expressions);
        const compiled = expressions.compile(text, 'bool');
        if (!condition || !compiled.ok) throw new Error(text);
        const { value } = { value: null, ...compiled.expression.evaluate({ lag, rate }) };
        if (condition.always !== null) expect(value).toBe(condition.always);
        if (condition.contradiction !== null) expect(value).toBe(false);
      }),
    );
  });
});

describe('a remedy', () => {
  const advice = (id: string, change = {}) => aRemedy({ id, step: { do: 'advice', who: 'us', what: 'Look.' }, ...change });
  const reach = (...remedies: readonly ReturnType<typeof aRemedy>[]) =>
    reachLint(aRunbook({ remedies }), expressions).map(({ message }) => message);

  test('whose condition is never true is unreachable', () => {
    expect(reach(aRemedy({ when: 'lag > 1.0 && false' }))).toEqual([expect.stringMatching(/double can never hold/)]);
  });

  test('behind advice that always fits is never chosen', () => {
    expect(reach(advice('look'), aRemedy())).toEqual(['remedy double is never chosen: look always fits and comes first']);
  });

  test.each([
    ['advice has a condition', advice('look', { when: 'lag > 1.0' })],
    ['advice answers fewer causes', advice('look', { causes: ['behind'] })],
    [
      'advice computes a number that may be unknown',
      advice('look', { step: { do: 'advice', who: 'us', what: '{value}', value: 'lag' } }),
    ],
  ])('is reachable where the %s', (_, first) => {
    expect(reach(first, aRemedy())).toEqual([]);
  });

  test('is reachable where a conflict may forbid the advice', () => {
    const conflicts = [{ cause: 'behind', forbids: 'look', why: 'w' }];

    expect(reachLint(aRunbook({ remedies: [advice('look'), aRemedy()], conflicts }), expressions)).toEqual([]);
  });

  const effect = (key: string, value: string, change = {}, diagnose: readonly DiagnoseRule[] = runbook.diagnose) => {
    const step = { do: 'edit', edit: { surface: 'spark-conf', key }, value } as const;
    return effectLint(aRunbook({ remedies: [aRemedy({ step, ...change })], diagnose }), expressions).map(
      ({ message }) => message,
    );
  };

  test.each([
    ['spark.sql.adaptive.enabled', 'true', /is true already/],
    ['spark.sql.adaptive.enabled', '"true"', /is true already/],
    ['spark.memory.fraction', '0.6', /is 0\.6 already/],
    ['spark.memory.fraction', '"0.6"', /is 0\.6 already/],
    ['spark.memory.fraction', '0.3 * 2.0', /already/],
    ['spark.sql.adaptive.skewJoin.skewedPartitionThresholdInBytes', '268435456.0', /already/],
    ['spark.sql.shuffle.partitions', '200.0', /is 200 already/],
    ['spark.sql.shuffle.partitions', '0.0', /does not fit/],
    ['spark.sql.adaptive.enabled', '"yes"', /does not fit/],
  ])('that sets %s to %s does nothing, or cannot', (key, value, message) => {
    expect(effect(key, value)).toEqual([expect.stringMatching(message)]);
  });

  test.each([
    ['spark.memory.fraction', '0.7', {}],
    ['spark.sql.shuffle.partitions', 'job.shuffle_partitions * 2.0', {}],
    ['spark.sql.adaptive.enabled', 'true', { when: '"spark.sql.adaptive.enabled" in job.spark_conf' }],
    ['spark.sql.shuffle.partitions', '400.0', { when: '!job.streaming' }],
  ])('that sets %s to %s can help: %j', (key, value, change) => {
    expect(effect(key, value, change)).toEqual([]);
  });

  test.each([
    ['spark.sql.shuffle.partitions', '400.0', 'job.streaming', /pinned in the checkpoint/],
    ['spark.sql.shuffle.partitions', 'job.shuffle_partitions * 2.0', 'lag > 1.0 && job.streaming', /pinned in the checkpoint/],
    ['spark.sql.adaptive.skewJoin.skewedPartitionFactor', '7.0', 'job.streaming', /AQE does not apply/],
    ['spark.memory.fraction', '0.7', 'job.photon', /Photon does not use it/],
    ['spark.sql.shuffle.partitions', '400.0', 'job.serverless', /serverless compute has none/],
  ])('that sets %s to %s where %s does nothing there', (key, value, when, message) => {
    expect(effect(key, value, { when })).toEqual([expect.stringMatching(message)]);
    const rules = ['behind', 'maybe'].map((id, index) => aRule(id, `${when} && rate > ${index}.0`));
    expect(effect(key, value, {}, rules)).toEqual([expect.stringMatching(message)]);
  });
});
