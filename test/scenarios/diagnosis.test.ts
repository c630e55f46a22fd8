import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { playCase } from '../../src/doors/eval/play.ts';
import { type Row, reachesTarget, reportOf, reportTable, rowOf } from '../../src/doors/eval/report.ts';
import { readSuite } from '../../src/doors/eval/suite.ts';
import { shippedRunbooks } from '../support/rehearsal.ts';

const { cases, faults } = readSuite('test/scenarios/diagnosis');
const runbooks = shippedRunbooks();
const rows: Row[] = [];

describe('the diagnosis suite', () => {
  test('can be read', () => {
    expect(faults).toEqual([]);
  });

  test('holds at least 200 cases, 75 of them without a change', () => {
    expect(cases.length).toBeGreaterThanOrEqual(200);
    expect(cases.filter(({ answer }) => answer.noChange).length).toBeGreaterThanOrEqual(75);
  });

  test('asks no question twice', () => {
    const names = cases.map(({ type, name }) => `${type}: ${name}`);
    expect(names).toEqual([...new Set(names)]);
  });

  // A case that is known to be answered wrongly stands in docs/evaluation.md; nothing may be changed or claimed wrongly in any.
  test.each(cases.map((one) => [`${one.type}: ${one.name}`, one] as const))('%s', async (_, one) => {
    const row = rowOf(one, await playCase(one, runbooks));
    rows.push(row);
    expect([row.score.falseChange, row.score.unsupported]).toEqual([false, []]);
    if (!known.includes(`${one.type}: ${one.name}`)) expect(row.score.wrong).toEqual([]);
  });

  test('reaches its target, and docs/evaluation.md says how', () => {
    const report = reportOf(rows);
    expect(reachesTarget(report)).toBe(true);
    expect(page).toContain(reportTable(report));
  });

  test('two cases with different answers show different evidence', () => {
    const shown = new Map<string, Row>();
    for (const row of rows) {
      const { evidence, diagnosis } = row.played.found;
      const key = JSON.stringify([
        diagnosis.runbook,
        evidence.map(({ name, value, quality, points }) => [name, value, quality, points]),
      ]);
      const other = shown.get(key);
      if (other) expect([other.name, other.noChange]).toEqual([other.name, row.noChange]);
      shown.set(key, row);
    }
    expect(shown.size).toBeGreaterThan(rows.length / 2);
  });
});

const page = readFileSync('docs/evaluation.md', 'utf8');
const known = [...page.matchAll(/^- `([^`]+)`/gm)].map(([, name]) => name);

afterAll(() => rows.splice(0));
