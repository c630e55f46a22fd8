import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { decideGate } from '../../../src/core/gate/gate.ts';
import { facts } from '../../support/gate.ts';
import { bors } from './peers/bors.ts';
import { policyBot } from './peers/policy-bot.ts';
import { prow } from './peers/prow.ts';
import type { Row } from './peers/row.ts';

const PEERS: Readonly<Record<string, readonly Row[]>> = { 'policy-bot': policyBot, Prow: prow, bors };
const PAGE = readFileSync('docs/peers.md', 'utf8');

describe.each(Object.entries(PEERS))('what %s decides in its own tests', (peer, rows) => {
  test.each(rows.map((row) => [row.scenario, row] as const))('%s', (_, { world, ours, counted }) => {
    const verdict = decideGate(facts(world));
    const [said, code] = ours.split(' ');
    const codes = [...verdict.reasons, ...verdict.dropped].map((one) => one.code);
    expect(verdict.verdict).toBe(said);
    if (code === undefined) expect(verdict.reasons).toEqual([]);
    else expect(codes).toContain(code);
    if (counted) expect(verdict.counted.map((one) => one.person.login)).toEqual(counted);
  });

  test('stands on the page with the same outcome, row by row', () => {
    expect(tableOf(peer)).toEqual(rows.map((row) => `${row.scenario} → ${row.ours}`));
  });

  test('has no scenario twice', () => {
    const names = rows.map((row) => row.scenario);
    expect([...new Set(names)]).toEqual(names);
  });
});

/** A peer's table on the page, as `scenario → ours`. */
function tableOf(peer: string): readonly string[] {
  const section = PAGE.split(/^## /m).find((one) => one.startsWith(`${peer}\n`)) ?? '';
  const cells = section
    .split('\n')
    .flatMap((line) => (line.startsWith('| `') ? [line.split('|').map((cell) => cell.trim())] : []));
  return cells.map(([, scenario = '', , ours = '']) => `${scenario.replaceAll('`', '')} → ${ours.replaceAll('`', '')}`);
}
