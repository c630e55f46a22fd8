import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { quantityOf } from '../../src/core/quantity.ts';

describe('what a text says in numbers', () => {
  test.each<readonly [string, ReturnType<typeof quantityOf>]>([
    ['64', { number: 64, isPlain: true }],
    ['-1', { number: -1, isPlain: true }],
    ['0.25', { number: 0.25, isPlain: true }],
    ['1g', { number: 1024 ** 3, isPlain: true }],
    ['64MB', { number: 64 * 1024 ** 2, isPlain: true }],
    ['6_4', { number: 64, isPlain: false }],
    ['0x40', { number: 64, isPlain: false }],
    ['0o100', { number: 64, isPlain: false }],
    [' 1 g', { number: 1024 ** 3, isPlain: false }],
    ['1e999', { number: Number.POSITIVE_INFINITY, isPlain: false }],
    ['', null],
    [' ', null],
    ['_', null],
    ['auto', null],
    ['64x', null],
    ['99999999999999p', null],
  ])('%j', (text, wanted) => {
    expect(quantityOf(text)).toEqual(wanted);
  });

  test('every text that JavaScript takes for a number is one, and plain digits are the same one', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.double({ noNaN: true }).map(String), fc.stringMatching(/^[-+]?[0-9]{1,6}(\.[0-9]{1,3})?$/)),
        (text) => {
          expect(quantityOf(text)?.number).toBe(Number(text));
        },
      ),
    );
  });
});
