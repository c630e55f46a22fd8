import { describe, expect, test } from 'vitest';
import { parseSuite } from '../../src/schema/suite.ts';
import { readSeries } from '../../src/schema/suite-series.ts';

describe('a series in promtool’s notation', () => {
  test.each([
    ['1', [1]],
    ['1 2 3', [1, 2, 3]],
    ['5x3', [5, 5, 5, 5]],
    ['0+10x3', [0, 10, 20, 30]],
    ['10-3x2', [10, 7, 4]],
    ['1.5+0.5x2', [1.5, 2, 2.5]],
    ['1e3', [1000]],
    ['_', [null]],
    ['_x3', [null, null, null]],
    ['1 stale 2', [1, null, 2]],
    ['-1x1', [-1, -1]],
    ['0+1x2 _x2 7', [0, 1, 2, null, null, 7]],
    ['NaNx1', [Number.NaN, Number.NaN]],
    ['Inf -Inf', [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]],
  ])('%s is %j', (notation, values) => {
    expect(readSeries('m', notation)?.values).toEqual(values);
  });

  test.each(['', 'x3', '1+x3', 'a', '1+2', '0+1x', '1,2', '0x2000'])('%j is none', (notation) => {
    // `1+2` is read as a step without a number of steps: one value.
    if (notation === '1+2') expect(readSeries('m', notation)?.values).toEqual([1]);
    else expect(readSeries('m', notation)).toBeNull();
  });

  test.each([
    ['m', {}],
    ['m{}', {}],
    ['m{a="b"}', { a: 'b' }],
    ['m{a="b",c="d"}', { a: 'b', c: 'd' }],
    ['m{ a="b" , c="x,y}" }', { a: 'b', c: 'x,y}' }],
    ['m{a="say \\"no\\""}', { a: 'say "no"' }],
  ])('the labels of %s are %j', (selector, labels) => {
    expect(readSeries(selector, '1')).toMatchObject({ name: 'm', labels });
  });

  test.each(['{a="b"}', 'm{a=b}', 'm{a="b"', 'm{a="b" c="d"}', '1m', 'm{a=~"b"}'])('%s names no series', (selector) => {
    expect(readSeries(selector, '1')).toBeNull();
  });
});

const COMMON = `
type: t
alert: {alertname: A, labels: {x: one, y: two}}
series: {m: '1', n: '2'}
runs: {usual: {started: 1d, took: 20m, every: 1d, times: 3}}
cases:
`;
const ANSWER = 'answer: {outcome: healthy}';

describe('a case', () => {
  test('says only how it differs from what its file has in common', () => {
    const read = parseSuite(
      `${COMMON}  - {name: a, series: {m: '5', n: null}, alert: {labels: {x: other, y: null}}, runs: {latest: {started: 30m, took: 90s}}, ${ANSWER}}`,
      'f.yaml',
    );
    expect(read.ok && read.cases[0]).toMatchObject({
      ...{ type: 't', name: 'a', file: 'f.yaml' },
      alert: { alerts: [{ labels: { alertname: 'A', x: 'other' } }] },
      world: {
        series: [{ name: 'm', values: [5] }],
        runs: [{ startedAgo: 1440 }, { startedAgo: 2880 }, { startedAgo: 4320 }, { startedAgo: 30, minutes: 1.5 }],
      },
      answer: { outcomes: ['healthy'], noChange: false, cause: null, remedies: [] },
    });
  });

  test('takes sizes as people write them', () => {
    const stage = '{tasks: 2, seconds: 3, bytes: 1.5GB, spilled: 64MB, outliers: {seconds: 9, bytes: 2KB}}';
    const read = parseSuite(`${COMMON}  - {name: a, runs: {usual: {stages: {s: ${stage}}}}, ${ANSWER}}`, 'f.yaml');
    expect(read.ok && read.cases[0]?.world.runs[0]?.stages[0]).toMatchObject({
      ...{ tasks: 2, taskMs: 3000, taskBytes: 1.5 * 1024 ** 3, spilled: 64 * 1024 ** 2 },
      outliers: { tasks: 1, ms: 9000, bytes: 2048 },
    });
  });

  test.each([
    ['a misspelt field', `{name: a, serie: {}, ${ANSWER}}`, /serie/],
    ['no answer', '{name: a}', /answer/],
    ['an outcome that there is not', '{name: a, answer: {outcome: fine}}', /outcome/],
    ['a series that is none', `{name: a, series: {'m{': '1'}, ${ANSWER}}`, /m\{ is no series/],
    ['a duration without a unit', `{name: a, runs: {x: {started: 5}}, ${ANSWER}}`, /started/],
  ])('with %s is named with its file', (_, own, words) => {
    const read = parseSuite(`${COMMON}  - ${own}`, 'f.yaml');
    expect(read.ok).toBe(false);
    expect(read.ok ? '' : read.faults.join('\n')).toMatch(words);
    expect(read.ok ? '' : read.faults[0]).toMatch(/^f\.yaml: a/);
  });

  test.each(['', '[]', 'type: t', 'a: [', 'type: t\ncases: [{}]'])('a file that holds %j is no suite', (text) => {
    expect(parseSuite(text, 'f.yaml').ok).toBe(false);
  });
});
