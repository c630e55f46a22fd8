import type { Runbook, RunbookSignal } from '../model/runbook.ts';
import { CURRENT } from './current.ts';
import type { Expressions, FactType, Vocabulary } from './expression.ts';
import { expressionsOver } from './expression.ts';
import { jobVocabulary } from './job-facts.ts';
import type { FactMeaning } from './run-facts.ts';
import { runFactMeanings } from './run-facts.ts';
import { stageFactMeanings } from './stage-facts.ts';

/** Names of a range signal's shape: `lag_first`, `lag_min`, `lag_max`, `lag_slope` (units a second). */
export const shapeNames = ['first', 'min', 'max', 'slope'] as const;

/** What a runbook's rules and remedies may name: its signals (a range also by its shape), `params.*`, `job.*`, `task.*`. */
export function runbookVocabulary(runbook: Pick<Runbook, 'signals' | 'parameters'>): Vocabulary {
  const signals = runbook.signals.flatMap((signal) => namesOf(signal));
  const parameters = Object.keys(runbook.parameters).map((name) => [`params.${name}`, 'string'] as const);
  return { ...jobVocabulary, ...Object.fromEntries(parameters), ...Object.fromEntries(signals) };
}

/** What an edit's value may name beside that: `current`, the number that its place holds now. */
export function editExpressions(runbook: Pick<Runbook, 'signals' | 'parameters'>): Expressions {
  return expressionsOver({ ...runbookVocabulary(runbook), [CURRENT]: 'double' });
}

/** What an expectation of the verification may name. */
export const verifyVocabulary: Vocabulary = { before: 'double', after: 'double' };

/** The type of a Databricks or Spark fact; null when there is none of that name. */
export function factType(from: 'databricks' | 'spark', fact: string): FactType | null {
  return factMeaning(from, fact)?.type ?? null;
}

export function factMeaning(from: 'databricks' | 'spark', fact: string): FactMeaning | null {
  return Object.entries(meaningsOf(from)).find(([name]) => name === fact)?.[1] ?? null;
}

/** All facts of a source, or those of one type. */
export function factNames(from: 'databricks' | 'spark', type?: FactType): readonly string[] {
  return Object.entries(meaningsOf(from)).flatMap(([name, meaning]) => (type && meaning.type !== type ? [] : [name]));
}

function meaningsOf(from: 'databricks' | 'spark'): Readonly<Record<string, FactMeaning>> {
  return from === 'databricks' ? runFactMeanings : stageFactMeanings;
}

function namesOf({ name, query }: RunbookSignal): readonly (readonly [string, FactType])[] {
  if (query.from !== 'prometheus') return [[name, factType(query.from, query.fact) ?? 'double']];
  const shape = query.range === null ? [] : shapeNames.map((part) => [`${name}_${part}`, 'double'] as const);
  return [[name, 'double'], ...shape];
}
