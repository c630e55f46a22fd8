import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rangeShape, signalValue } from '../../src/core/signal-value.ts';
import { known, unknown } from '../../src/model/known.ts';

const at = 10_000;
const lag = { unit: 'records', absent: 'unknown' } as const;
const series = (...points: [number, number][]) => known([{ labels: {}, points }]);

describe('a signal', () => {
  test.each([
    ['a fresh number', series([at, 7]), lag, 7, 'fresh'],
    ['zero is a number', series([at, 0]), lag, 0, 'fresh'],
    ['the last point of a range', series([at - 60, 3], [at, 9]), lag, 9, 'fresh'],
    ['no series', known([]), lag, null, 'absent'],
    ['a series without points', series(), lag, null, 'absent'],
    ['no series where that means healthy', known([]), { ...lag, absent: 'healthy' }, 0, 'fresh'],
    ['an old point', series([at - 301, 7]), lag, null, 'stale'],
    ['-1 of kafka_exporter', series([at, -1]), lag, null, 'negative'],
    ['a range that was negative once', series([at - 60, -1], [at, 9]), lag, null, 'negative'],
    ['a slope may be negative', series([at, -5]), { unit: '±records/s', absent: 'unknown' }, -5, 'fresh'],
    ['NaN', series([at, Number.NaN]), lag, null, 'unreadable'],
    ['infinity', series([at, Number.POSITIVE_INFINITY]), lag, null, 'unreadable'],
    [
      'two series',
      known([
        { labels: { a: '1' }, points: [[at, 1]] },
        { labels: { a: '2' }, points: [[at, 2]] },
      ]),
      lag,
      null,
      'unreadable',
    ],
    ['a partial answer', known([{ labels: {}, points: [[at, 1]], partial: true }]), lag, null, 'partial'],
    ['an answer that did not come', unknown('unreachable: late'), lag, null, 'unreadable'],
    ['a partial answer without series', unknown('partial: a store is gone'), lag, null, 'partial'],
  ] as const)('%s', (_, answer, signal, value, quality) => {
    const read = signalValue(answer as Parameters<typeof signalValue>[0], signal, at);

    expect([read.value, read.quality]).toEqual([value, quality]);
  });

  test.each([
    ['warnings', { partial: true, notes: ['a store is gone'] }, 'partial', 'incomplete: a store is gone'],
    ['infos', { notes: ['metric might not be a counter'] }, 'fresh', 'metric might not be a counter'],
  ] as const)('keeps the server’s %s', (_, told, quality, note) => {
    expect(signalValue(known([{ labels: {}, points: [[at, 1]], ...told }]), lag, at)).toMatchObject({ quality, note });
  });

  test('that was cut among many series is partial, and no number is picked', () => {
    const cut = { labels: {}, points: [[at, 1] as const], partial: true, notes: ['the answer was cut after 200 series'] };

    expect(signalValue(known([cut, cut]), lag, at)).toEqual({
      ...{ value: null, quality: 'partial', note: 'incomplete: the answer was cut after 200 series', points: [] },
    });
  });

  test('has a value exactly when it is fresh', () => {
    const number = fc.oneof(fc.double(), fc.constant(-1));
    const points = fc.array(fc.tuple(fc.integer({ min: at - 1000, max: at }), number), { maxLength: 5 });
    fc.assert(
      fc.property(fc.array(points, { maxLength: 3 }), (all) => {
        const read = signalValue(known(all.map((one) => ({ labels: {}, points: one }))), lag, at);
        expect(read.value !== null).toBe(read.quality === 'fresh');
        if (read.value !== null) expect(Number.isFinite(read.value) && read.value >= 0).toBe(true);
      }),
    );
  });
});

describe('the shape of a range', () => {
  test('tells first, least, greatest and slope in units a second', () => {
    expect(
      rangeShape([
        [0, 10],
        [60, 70],
        [120, 130],
      ]),
    ).toEqual({ first: 10, min: 10, max: 130, slope: 1 });
  });

  test.each([
    [[]],
    [[[0, 1]]],
    [
      [
        [0, 1],
        [60, 2],
      ],
    ],
    [
      [
        [0, 1],
        [0, 2],
        [0, 3],
      ],
    ],
  ])('%j has none', (points) => {
    expect(rangeShape(points as [number, number][])).toBeNull();
  });

  test('a straight line has its own slope', () => {
    const number = fc.integer({ min: -1000, max: 1000 });
    fc.assert(
      fc.property(number, number, fc.integer({ min: 3, max: 40 }), (start, slope, count) => {
        const points = Array.from({ length: count }, (_, index) => [index * 60, start + slope * index * 60] as const);
        expect(rangeShape(points)?.slope).toBeCloseTo(slope, 6);
      }),
    );
  });
});
