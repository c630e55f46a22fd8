import type { DiagnoseRule, Remedy, Runbook, RunbookSignal } from '../model/runbook.ts';
import type { VerificationCheck } from '../model/verification.ts';
import type { Expressions, Vocabulary } from './expression.ts';
import { expressionsOver } from './expression.ts';
import { bindQuery } from './promql.ts';
import { editExpressions, factNames, factType, runbookVocabulary, verifyVocabulary } from './runbook-vocabulary.ts';
import { keyForbidden } from './spark-conf.ts';

/** What is wrong in a runbook; `path` leads to the place in its front matter. */
export interface RunbookFault {
  readonly path: readonly (string | number)[];
  readonly message: string;
  readonly fix: string;
}

type Path = RunbookFault['path'];

/**
 * What a runbook's shape alone cannot tell: names that refer to something, expressions that fit their place (CEL, typed), queries that
 * bind with the declared parameters, keys that may be written. All faults at once.
 */
export function checkRunbook(runbook: Runbook): readonly RunbookFault[] {
  const vocabulary = runbookVocabulary(runbook);
  const expressions = expressionsOver(vocabulary);
  return [
    ...runbook.signals.flatMap((signal) => signalFaults(signal, runbook)),
    ...runbook.diagnose.flatMap((rule, index) => [
      ...expressionFaults(expressions, rule.when, 'bool', ['diagnose', index, 'when']),
      ...unlessFaults(rule, runbook.diagnose.slice(0, index), ['diagnose', index, 'unless']),
    ]),
    ...runbook.remedies.flatMap((remedy, index) => remedyFaults(remedy, ['remedies', index], runbook, vocabulary)),
    ...conflictFaults(runbook),
    ...runbook.verify.checks.flatMap((check, index) => checkFaults(check, ['verify', 'checks', index], runbook)),
    ...repeated(runbook.diagnose, 'diagnose'),
    ...repeated(runbook.remedies, 'remedies'),
  ];
}

function signalFaults({ name, query }: RunbookSignal, runbook: Runbook): readonly RunbookFault[] {
  if (query.from === 'prometheus') {
    return Object.entries(query.variants).flatMap(([variant, text]) =>
      queryFaults(text, runbook, ['signals', name, 'prometheus', variant]),
    );
  }
  if (factType(query.from, query.fact) !== null) return [];
  return [
    {
      path: ['signals', name, query.from],
      message: `${query.from} has no fact ${query.fact}`,
      fix: `Use one of ${factNames(query.from).join(', ')}.`,
    },
  ];
}

/** An unknown parameter, or one in a place where it cannot be quoted, would leave the query unread for ever. */
function queryFaults(query: string, { parameters }: Runbook, path: Path): readonly RunbookFault[] {
  const sample = Object.entries(parameters).map(([name, { type }]) => [name, { type, value: '1' }] as const);
  const bound = bindQuery(query, Object.fromEntries(sample));
  if (bound.ok) return [];
  const { subject, expected, observed } = bound.reason;
  const fix = 'Write a declared parameter as a label value, such as {topic=$topic}.';
  return [{ path, message: `${subject}: expected ${expected}, found ${observed}`, fix }];
}

/** A rule can only yield to one above it: what says more comes first. */
function unlessFaults({ unless = [] }: DiagnoseRule, above: readonly DiagnoseRule[], path: Path): readonly RunbookFault[] {
  const known = above.filter((rule) => rule.outcome !== 'healthy').map((rule) => rule.id);
  const fix = `Name one of ${known.join(', ') || 'the causes above it, of which there are none'}.`;
  return unless.flatMap((id, index) =>
    known.includes(id) ? [] : [{ path: [...path, index], message: `${id} is no cause above this rule`, fix }],
  );
}

function remedyFaults(remedy: Remedy, path: Path, runbook: Runbook, vocabulary: Vocabulary): readonly RunbookFault[] {
  const expressions = expressionsOver(vocabulary);
  const causes = runbook.diagnose.filter((rule) => rule.outcome !== 'healthy').map((rule) => rule.id);
  const fix = `Name one of ${causes.join(', ') || 'the rules under diagnose'}.`;
  const withValue = expressionsOver({ ...vocabulary, value: 'double' });
  return [
    ...remedy.causes.flatMap((cause, index) =>
      causes.includes(cause) ? [] : [{ path: [...path, 'causes', index], message: `${cause} is no cause of this runbook`, fix }],
    ),
    ...(remedy.when === null ? [] : expressionFaults(expressions, remedy.when, 'bool', [...path, 'when'])),
    // An edit without a value is told where choices are.
    ...(remedy.step.do === 'edit' && remedy.step.value !== ''
      ? expressionFaults(editExpressions(runbook), remedy.step.value, 'value', [...path, 'value'])
      : []),
    ...(remedy.step.do === 'advice' && remedy.step.value !== undefined
      ? expressionFaults(expressions, remedy.step.value, 'double', [...path, 'value'])
      : []),
    ...forbiddenKey(remedy, path),
    // A cost may also name `value`, the new value.
    ...(remedy.cost === null ? [] : expressionFaults(withValue, remedy.cost, 'double', [...path, 'cost'])),
  ];
}

function forbiddenKey({ step }: Remedy, path: Path): readonly RunbookFault[] {
  if (step.do !== 'edit' || step.edit.surface !== 'spark-conf') return [];
  const why = keyForbidden(step.edit.key);
  const fix = 'Choose a key on the allow-list, or give advice.';
  return why === null ? [] : [{ path: [...path, 'edit', 'spark_conf'], message: `${step.edit.key} ${why}`, fix }];
}

function conflictFaults({ conflicts, diagnose, remedies }: Runbook): readonly RunbookFault[] {
  const [causes, known] = [diagnose, remedies].map((list) => new Set(list.map(({ id }) => id)));
  const fix = (names: ReadonlySet<string> | undefined) => `Name one of ${[...(names ?? [])].join(', ')}.`;
  return conflicts.flatMap(({ cause, forbids }, index) => [
    ...(causes?.has(cause)
      ? []
      : [{ path: ['conflicts', index, 'cause'], message: `${cause} is no cause of this runbook`, fix: fix(causes) }]),
    ...(known?.has(forbids)
      ? []
      : [{ path: ['conflicts', index, 'forbids'], message: `${forbids} is no remedy of this runbook`, fix: fix(known) }]),
  ]);
}

function checkFaults(check: VerificationCheck, path: Path, runbook: Runbook): readonly RunbookFault[] {
  const expressions = expressionsOver(verifyVocabulary);
  const fix = check.source === 'prometheus' ? '' : `Use one of ${factNames(check.source, 'double').join(', ')}.`;
  const isNumber = check.source === 'prometheus' || factType(check.source, check.query) === 'double';
  return [
    ...(check.source === 'prometheus' ? queryFaults(check.query, runbook, [...path, 'prometheus']) : []),
    ...(isNumber ? [] : [{ path: [...path, check.source], message: `${check.query} is no number of ${check.source}`, fix }]),
    ...expressionFaults(expressions, check.expect, 'bool', [...path, 'expect']),
    ...expressionFaults(expressions, check.worse, 'bool', [...path, 'worse']),
  ];
}

function expressionFaults(
  expressions: Expressions,
  text: string,
  want: 'bool' | 'double' | 'value',
  path: Path,
): readonly RunbookFault[] {
  const compiled = expressions.compile(text, want);
  return compiled.ok ? [] : [{ path, message: compiled.why, fix: compiled.fix }];
}

function repeated(list: readonly { readonly id: string }[], where: string): readonly RunbookFault[] {
  return list.flatMap(({ id }, index) => {
    const first = list.findIndex((other) => other.id === id) === index;
    return first ? [] : [{ path: [where, index, 'id'], message: `${id} is there twice`, fix: 'Give each its own id.' }];
  });
}
