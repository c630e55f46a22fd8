import { type Score, scoreOf } from '../../core/score.ts';
import type { SuiteCase } from '../../model/suite.ts';
import type { Played } from './play.ts';

/** One case with what came of it. */
export interface Row {
  readonly type: string;
  readonly name: string;
  readonly noChange: boolean;
  readonly played: Played;
  readonly score: Score;
}

export function rowOf(one: SuiteCase, played: Played): Row {
  return { type: one.type, name: one.name, noChange: one.answer.noChange, played, score: scoreOf(one, played.found) };
}

/** What the suite says of all rows together: the document of `sluice eval --json`. */
export function reportOf(rows: readonly Row[]) {
  const types = [...new Set(rows.map(({ type }) => type))];
  return {
    ...totalsOf(rows),
    by_type: types.map((type) => ({ type, ...totalsOf(rows.filter((row) => row.type === type)) })),
    rows: rows.map(({ type, name, played, score }) => ({
      ...{ type, name, correct: score.correct, wrong: score.wrong },
      outcome: played.found.diagnosis.outcome,
      cause: played.found.diagnosis.causes[0]?.id ?? null,
      remedy: played.found.plan?.remedy ?? null,
      ...{ reads: played.reads, seconds: rounded(played.seconds) },
    })),
  };
}

export type Report = ReturnType<typeof reportOf>;

function totalsOf(rows: readonly Row[]) {
  const quiet = rows.filter(({ noChange }) => noChange);
  const count = (of: readonly Row[], is: (row: Row) => boolean) => of.filter(is).length;
  return {
    cases: rows.length,
    correct: count(rows, ({ score }) => score.correct),
    no_change: { cases: quiet.length, false_changes: count(quiet, ({ score }) => score.falseChange) },
    missed_abstentions: count(quiet, ({ score }) => score.missedAbstention),
    unsupported_claims: rows.reduce((sum, { score }) => sum + score.unsupported.length, 0),
    reads: {
      mean: rounded(mean(rows.map(({ played }) => played.reads))),
      most: Math.max(0, ...rows.map(({ played }) => played.reads)),
    },
    seconds: { mean: rounded(mean(rows.map(({ played }) => played.seconds))) },
  };
}

/** The bar of the design: 95 % right, nothing changed where nothing may be, no claim without evidence. */
export function reachesTarget({ cases, correct, no_change, unsupported_claims }: Report): boolean {
  return cases > 0 && correct / cases >= 0.95 && no_change.false_changes === 0 && unsupported_claims === 0;
}

/** The table by incident type, as docs/evaluation.md shows it. */
export function reportTable({
  by_type,
  ...all
}: Pick<Report, 'by_type' | 'cases' | 'correct' | 'no_change' | 'missed_abstentions' | 'unsupported_claims' | 'reads'>): string {
  const head = [
    'incident type',
    'cases',
    'right',
    'no change',
    'false changes',
    'missed abstentions',
    'unsupported claims',
    'reads',
  ];
  const cells = (type: string, of: Omit<Report, 'rows' | 'by_type' | 'seconds'>) => [
    ...[type, of.cases, of.correct, of.no_change.cases, of.no_change.false_changes, of.missed_abstentions],
    ...[of.unsupported_claims, of.reads.mean],
  ];
  const lines = [head, head.map(() => '---'), ...by_type.map((row) => cells(row.type, row)), cells('all', all)];
  return `${lines.map((line) => `| ${line.join(' | ')} |`).join('\n')}\n`;
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
