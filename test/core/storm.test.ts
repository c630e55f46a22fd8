import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Storm, type StormNews, stormIn, stormMark, stormRow, stormUpdates, WAITS } from '../../src/core/storm.ts';
import { stormBody, stormCells } from '../../src/render/storm.ts';
import { firing } from '../support/incidents.ts';

const at = (second: number) => new Date(Date.parse('2026-11-23T12:00:00.000Z') + second * 1000).toISOString();
const id = (number: number) => number.toString(16).padStart(16, '0');
const news = (number: number, standing = WAITS, second = 0): StormNews => {
  return { identity: id(number), cells: `\`A\` | none | \`n=${number}\``, count: 1, at: at(second), standing };
};
const stormOf = (rows: readonly StormNews[], issue = 9, updatedAt = at(0)): Storm => {
  return { issue, updatedAt, rows: stormUpdates([], rows, at(0))[0]?.rows ?? [] };
};

describe('those that wait', () => {
  test('open one summary, and join the one that is there', () => {
    expect(stormUpdates([], [news(1), news(2)], at(0))).toMatchObject([{ issue: null, rows: [{}, {}], notBefore: at(0) }]);
    expect(stormUpdates([stormOf([news(1)])], [news(2)], at(5))).toMatchObject([
      { issue: 9, rows: [{ identity: id(1) }, { identity: id(2) }], notBefore: at(60), news: true },
    ]);
  });

  test('that are only told again wait for the minute, and are counted after it', () => {
    const storm = stormOf([news(1)]);
    expect(stormUpdates([storm], [news(1, WAITS, 30)], at(30))).toEqual([]);
    expect(stormUpdates([storm], [news(1, WAITS, 60)], at(60))).toMatchObject([{ rows: [{ count: 2, lastAt: at(60) }] }]);
  });

  test('whose incident was opened say which, and end the summary when they were the last', () => {
    const storm = stormOf([news(1), news(2)]);
    expect(stormUpdates([storm], [news(1, '#12')], at(1))).toMatchObject([{ over: false, rows: [{ standing: '#12' }, {}] }]);
    expect(stormUpdates([storm], [news(1, '#12'), news(2, 'resolved')], at(1))).toMatchObject([{ over: true }]);
  });

  test('whose incident was opened are not marked resolved any more', () => {
    const storm = { ...stormOf([news(1)]), rows: stormOf([news(1)]).rows.map((row) => ({ ...row, standing: '#12' })) };
    expect(stormUpdates([storm], [news(1, 'resolved')], at(99))).toEqual([]);
  });

  test('find a successor when the summary is full', () => {
    const [full, second, ...more] = stormUpdates(
      [],
      Array.from({ length: 600 }, (_, index) => news(index)),
      at(0),
    );
    expect([full?.rows.length, second?.rows.length, more]).toEqual([expect.any(Number), 600 - (full?.rows.length ?? 0), []]);
    const storm = { issue: 9, updatedAt: at(0), rows: full?.rows ?? [] };
    const updates = stormUpdates([storm], [news(5000), news(0, WAITS, 61)], at(61));
    expect(updates.map((update) => [update.issue, update.rows.length])).toEqual([
      [9, storm.rows.length],
      [null, 1],
    ]);
  });

  test('stand on exactly one summary each, whatever came before', () => {
    const many = fc.uniqueArray(fc.integer({ min: 0, max: 400 }), { maxLength: 400 });
    fc.assert(
      fc.property(many, many, (before, added) => {
        const storms = stormUpdates(
          [],
          before.map((number) => news(number)),
          at(0),
        ).map((update, index) => {
          return { issue: index + 1, updatedAt: at(0), rows: update.rows };
        });
        const updates = stormUpdates(
          storms,
          added.map((number) => news(number)),
          at(120),
        );
        const kept = storms.filter((storm) => !updates.some((update) => update.issue === storm.issue));
        const rows = [...updates, ...kept].flatMap((one) => one.rows.map((row) => row.identity));
        expect([...rows].sort()).toEqual([...new Set([...before, ...added])].map(id).sort());
        expect([...updates, ...kept].map((one) => one.rows.map(stormRow).join('\n').length < 60_000)).not.toContain(false);
      }),
      { numRuns: 50 },
    );
  });
});

describe('a summary', () => {
  const bodyOf = (storm: Storm) =>
    stormBody({
      rows: storm.rows.map(stormRow),
      waiting: storm.rows.length,
      told: 1,
      perHour: 20,
      mark: stormMark(storm.updatedAt),
    });

  test('is read back as it was written, whatever the labels say', () => {
    const hostile = fc.string({ unit: 'binary', maxLength: 200 });
    const cell = fc.constantFrom('| 5 | x | y | waits <!-- 0123456789abcdef --> |', 'a\n| b |', '<!-- sluice:storm x -->', '`');
    fc.assert(
      fc.property(fc.array(fc.oneof(hostile, cell), { maxLength: 5 }), (values) => {
        const rows = values.map((value, index) => ({
          ...news(index),
          cells: stormCells(firing({ alertname: value, v: value }), null),
        }));
        const storm = stormOf(rows, 9, at(0));
        expect(stormIn(9, bodyOf(storm), at(1))).toEqual(storm);
      }),
    );
  });

  test.each(['|', '`', 'x'])('fits into an issue even when every row is as long as it can be, of %j alone', (character) => {
    const long = firing({ alertname: character.repeat(200), label: character.repeat(2000) });
    const rows = Array.from({ length: 300 }, (_, index) => ({ ...news(index), cells: stormCells(long, 'x'.repeat(63)) }));
    const updates = stormUpdates([], rows, at(0));
    expect(updates.flatMap((update) => update.rows)).toHaveLength(300);
    const grown = updates.map(({ rows }) => ({
      issue: 9,
      updatedAt: at(0),
      rows: rows.map((row) => ({ ...row, count: 99_999 })),
    }));
    expect(grown.map((storm) => bodyOf(storm).length < 65_536)).not.toContain(false);
  });

  test('with a time that is yet to come holds nothing up', () => {
    expect(stormIn(9, stormMark(at(999)), at(0)).updatedAt < at(0)).toBe(true);
  });
});
