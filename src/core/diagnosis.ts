import type { Cause, Diagnosis } from '../model/diagnosis.ts';
import type { Evidence } from '../model/evidence.ts';
import type { DiagnoseRule, Runbook } from '../model/runbook.ts';
import { citing, factsOf } from './evidence.ts';
import type { Expressions, Facts } from './expression.ts';
import { expressionsOver } from './expression.ts';
import { runbookVocabulary } from './runbook-vocabulary.ts';

const weight: Readonly<Record<Cause['outcome'], number>> = { confirmed: 2, likely: 1, healthy: 0 };

/**
 * Holds the evidence against the runbook's rules. A rule holds only when everything it touches is known; so absent, stale,
 * negative and NaN signals make no cause. A rule yields to those under its `unless` that hold. A healthy rule that holds wins over all others: the alert is over, or was noise.
 * Causes are ranked confirmed before likely, then in the runbook's order. Nothing held: `inconclusive`.
 */
export function diagnose(runbook: Runbook, evidence: readonly Evidence[], jobFacts: Facts): Diagnosis {
  const expressions = expressionsOver(runbookVocabulary(runbook));
  const facts = { ...jobFacts, ...factsOf(evidence) };
  const held = runbook.diagnose.flatMap((rule) => causeOf(rule, expressions, facts, evidence));
  const causes = held.filter((cause) => !yields(cause, runbook, held));
  const healthy = causes.filter((cause) => cause.outcome === 'healthy');
  const ranked = healthy.length > 0 ? healthy : [...causes].sort((one, other) => weight[other.outcome] - weight[one.outcome]);
  return {
    runbook: runbook.id,
    outcome: ranked[0]?.outcome ?? 'inconclusive',
    causes: ranked,
    unknown: evidence.filter((one) => one.quality !== 'fresh' || one.value === null).map((one) => one.name),
  };
}

/** No runbook, or several: nothing can be said, which is an answer. */
export function undiagnosed(): Diagnosis {
  return { runbook: null, outcome: 'inconclusive', causes: [], unknown: [] };
}

/** A rule that says less than another one that holds is not a second cause. */
function yields({ id }: Cause, { diagnose: rules }: Runbook, held: readonly Cause[]): boolean {
  const unless = rules.find((rule) => rule.id === id)?.unless ?? [];
  return held.some((other) => unless.includes(other.id));
}

function causeOf(rule: DiagnoseRule, expressions: Expressions, facts: Facts, evidence: readonly Evidence[]): readonly Cause[] {
  const compiled = expressions.compile(rule.when, 'bool');
  if (!compiled.ok) return [];
  const { expression } = compiled;
  const result = expression.evaluate(facts);
  if (!result.known || result.value !== true) return [];
  return [
    {
      id: rule.id,
      outcome: rule.outcome,
      explanation: rule.explanation,
      rule: rule.when,
      observed: observed(expression.names, facts),
      evidence: citing(expression, evidence),
    },
  ];
}

function observed(names: readonly string[], facts: Facts): Cause['observed'] {
  const plain = names.flatMap((name) => {
    const value = facts[name];
    return value === undefined || (typeof value === 'object' && value !== null) ? [] : [[name, value] as const];
  });
  return Object.fromEntries(plain);
}
