import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { valueFault } from '../../src/core/setting-value.ts';
import { readerOptions, sparkKeys } from '../../src/core/spark-conf-table.ts';
import { typed } from '../../src/core/spark-value.ts';

const written = (text: string) => ({ type: 'string', text }) as const;

describe('what a setting takes', () => {
  test.each(Object.keys(sparkKeys))('is every value that a plan writes for %s, so that the gate refuses none of them', (key) => {
    const known = sparkKeys[key];
    if (!known) throw new Error(key);
    const number =
      known.type === 'double' ? fc.double({ min: known.min, max: known.max }) : fc.integer({ min: known.min, max: known.max });
    fc.assert(
      fc.property(fc.oneof(number, fc.boolean(), fc.constantFrom('auto', 'true')), (value) => {
        const text = typed(known, value);
        if (text !== null) expect(valueFault(key, written(text))).toBeNull();
      }),
    );
  });

  test.each(Object.entries(readerOptions))('is both ends of the range of %s, and nothing beyond', (name, { min, max }) => {
    expect([min, max].map((value) => valueFault(name, written(String(value))))).toEqual([null, null]);
    expect([min / 2, max + 1].map((value) => valueFault(name, written(String(value))) === null)).toEqual([false, false]);
  });

  test.each(['timeout_seconds', 'constructor', 'toString', '__proto__', 'workers'])('is not known of %s', (key) => {
    expect(valueFault(key, written('x'))).toBeNull();
  });
});
