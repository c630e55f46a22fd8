import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { outsideLimits, withinStep } from '../../src/core/limits.ts';
import { parametersFor } from '../../src/core/parameters.ts';
import { parseSize, writeSize } from '../../src/core/size.ts';
import { openLimits, targetOf } from '../support/rehearsal.ts';

const half = { ...openLimits, percentPerStep: 50 };

describe('a step', () => {
  test.each([
    [200, 1400, 300],
    [200, 250, 250],
    [200, 50, 100],
    [5, 8, 7],
    [5, 1, 3],
    [null, 1400, 1400],
    [0, 7, 7],
    [1, 1.2, 1.2],
  ])('of at most 50 %% from %s towards %s goes to %s', (old, wanted, next) => {
    expect(withinStep(old, wanted, half)).toBe(next);
  });

  test('never goes further than the limit, nor past what is wanted', () => {
    const count = fc.integer({ min: 1, max: 100_000 });
    fc.assert(
      fc.property(count, count, fc.integer({ min: 1, max: 1000 }), (old, wanted, percentPerStep) => {
        const next = withinStep(old, wanted, { ...openLimits, percentPerStep });
        expect(Math.abs(next - old)).toBeLessThanOrEqual((old * percentPerStep) / 100);
        expect(Math.abs(next - old)).toBeLessThanOrEqual(Math.abs(wanted - old));
        expect(Number.isInteger(next)).toBe(true);
      }),
    );
  });

  test.each([
    ['a file that is not listed', { ...openLimits, paths: ['b'] }, 'path_forbidden'],
    ['a key that is not listed', { ...openLimits, keys: ['b'] }, 'key_forbidden'],
    ['too many workers', { ...openLimits, maxWorkers: 3 }, 'limit_exceeded'],
    ['inside', { ...openLimits, paths: ['a'], keys: ['num_workers'], maxWorkers: 4 }, undefined],
  ])('%s', (_, limits, code) => {
    expect(outsideLimits('a', 'num_workers', 4, limits)?.code).toBe(code);
  });
});

describe('a size', () => {
  test.each([
    ['64MB', 67_108_864],
    ['8g', 8_589_934_592],
    ['1t', 1_099_511_627_776],
    ['268435456', 268_435_456],
    ['-1', -1],
    [' 10 k ', 10_240],
    ['', null],
    ['1.5g', null],
    ['many', null],
    ['9007199254740993', null],
  ])('%j is %s bytes', (text, bytes) => {
    expect(parseSize(text)).toBe(bytes);
  });

  test('is read again as it was written', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (bytes) => {
        expect(parseSize(writeSize(bytes))).toBe(bytes);
      }),
    );
  });
});

describe('parameters of a runbook', () => {
  const declared = {
    parameters: {
      group: { type: 'string', from: 'label', labels: ['consumergroup', 'group'] },
      count: { type: 'int64', from: 'label' },
      job_id: { type: 'int64', from: 'target' },
      task_key: { type: 'string', from: 'target' },
    },
  } as const;

  test.each<[string, Record<string, string>, Record<string, string>]>([
    ['the first label that is there', { group: 'g', consumergroup: 'c' }, { group: 'c' }],
    ['the other label where the first is empty', { group: 'g', consumergroup: '' }, { group: 'g' }],
    ['a number that is one', { count: '-12' }, { count: '-12' }],
    ['not a number that is none', { count: '12; drop' }, {}],
    ['not a text without end', { group: 'g'.repeat(257) }, {}],
    ['not a label that the target should tell', { job_id: '99' }, {}],
  ])('are %s', (_, labels, expected) => {
    const fromTarget = { job_id: '1234567890123456789', task_key: 'join_orders' };

    expect(parametersFor(declared, labels, targetOf('oom'))).toEqual({ ...fromTarget, ...expected });
  });
});
