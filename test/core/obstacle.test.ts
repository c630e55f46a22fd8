import { describe, expect, test } from 'vitest';
import { obstacleOf } from '../../src/core/obstacle.ts';
import { matchTarget } from '../../src/core/target.ts';
import type { Target } from '../../src/model/target.ts';

const target = (name: string, line: number): Target => ({
  ...{ name, line, match: [{ label: 'a', op: '=', value: '1' }], files: ['jobs/a.json'], kind: 'job-json' },
  ...{ appliedBy: 'sluice', workspace: 'prod', job: { by: 'id', id: '1' }, taskKey: null, clusterKey: null },
  ...{ rerun: 'never', streaming: false },
});
const match = (...targets: readonly Target[]) => matchTarget(targets, { alertname: 'Lag', labels: { a: '1' } });
const none = { found: [], missing: [] };
const one = { found: 'one' as const, runbooks: ['lag'] };

describe('what stands in the way of a plan', () => {
  test('is nothing with one target, its files, and one runbook', () => {
    expect(
      obstacleOf(match(target('t', 4)), one, { found: [{ path: 'jobs/a.json', text: '{}' }], missing: [] }, 'Lag'),
    ).toBeNull();
  });

  test('target_ambiguous names the lines of the tied targets and says to add a label', () => {
    const stop = obstacleOf(match(target('t', 4), target('u', 11)), one, none, 'Lag');

    expect(stop?.reasons).toMatchObject([
      { code: 'target_ambiguous', subject: '.github/sluice.yml', observed: 't in line 4, u in line 11' },
    ]);
    expect(stop?.why).toMatch(/one more label/);
  });

  test('target_unknown says that no target matches', () => {
    expect(obstacleOf(match(), one, none, 'Lag')?.reasons).toMatchObject([{ code: 'target_unknown', observed: 'none' }]);
  });

  test('file_missing names the file, and the line of the target that names it', () => {
    const stop = obstacleOf(match(target('t', 4)), one, { found: [], missing: ['jobs/a.json'] }, 'Lag');

    expect(stop?.reasons).toMatchObject([
      { code: 'file_missing', subject: 'jobs/a.json', expected: 'a file of target t (.github/sluice.yml:4)' },
    ]);
  });

  test.each([
    ['jobs/a.json', '{\n "name": "a" "b": 1}', 2, 'column 14: a comma is missing before this'],
    ['jobs/a.json', '{\n "name":\n}', 3, 'column 1: a value is missing after the colon'],
    ['jobs/b.yml', 'a: 1\nb: [1, 2\n', 3, /^column 1: Flow sequence/],
    ['jobs/b.yml', 'a: 1\n  b: 2\n', 1, /^column 4: Nested mappings/],
    ['jobs/s.conf', 'a 1\nb \\\n', 2, '"b \\\\" is not a key and its value in one line of their own'],
  ])('parse_failed of %s %j is a fault at its line in plain words', (path, text, line, message) => {
    const stop = obstacleOf(match(target('t', 4)), one, { found: [{ path, text }], missing: [] }, 'Lag');

    const told = typeof message === 'string' ? message : expect.stringMatching(message);
    expect(stop).toMatchObject({ reasons: [], faults: [{ code: 'parse_failed', file: path, line, message: told }] });
    expect(stop?.faults[0]?.fix).not.toBe('');
  });

  test.each([
    [{ found: 'none' as const, runbooks: [] }, 'there are no runbooks', /name the alert Lag/],
    [{ found: 'none' as const, runbooks: ['x', 'y'] }, 'none of x, y does', /name the alert Lag/],
    [{ found: 'tie' as const, runbooks: ['x', 'y'] }, 'equally good: x, y', /one runbook/],
  ])('runbook_none of %j is told as what it is', (found, observed, expected) => {
    const stop = obstacleOf(match(target('t', 4)), found, none, 'Lag');

    expect(stop?.reasons).toEqual([
      { code: 'runbook_none', subject: 'runbooks/', observed, expected: expect.stringMatching(expected) },
    ]);
    expect(stop?.why).toMatch(found.found === 'tie' ? /Several/ : /matches\.alertnames[\s\S]*docs\/runbooks\.md/);
  });
});
