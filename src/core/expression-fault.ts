import type { Vocabulary } from './expression.ts';

/** Why an expression cannot be used, and what to write instead. */
export interface ExpressionFault {
  readonly why: string;
  readonly fix: string;
}

/** What CEL's types are called by those who write rules. */
const TYPES: Readonly<Record<string, string>> = { bool: 'true or false', double: 'a number', string: 'a text' };

/** CEL's own finding (its code and one-line summary) in the words of a runbook. */
export function expressionFault(code: string, summary: string, vocabulary: Vocabulary): ExpressionFault {
  const [, about = ''] = /: (.*)$/s.exec(summary) ?? [];
  if (code === 'unknown_variable')
    return { why: `there is no ${about} here`, fix: `Use one of ${namesOf(vocabulary).join(', ')}.` };
  if (code === 'no_such_key') return { why: `there is no field ${about}`, fix: `Use one of ${fieldsOf(vocabulary).join(', ')}.` };
  if (code === 'no_such_overload' || code.startsWith('no_'))
    return { why: overloadWords(summary), fix: /\bint\b/.test(summary) ? DOUBLES : 'Compare and combine like with like.' };
  if (code === 'unexpected_token' && about === 'EOF')
    return { why: 'the expression breaks off', fix: 'Finish it, or take out the operator at its end.' };
  const why = summary === '' ? 'it is no expression' : `${summary[0]?.toLowerCase()}${summary.slice(1)}`;
  return { why, fix: 'Write a CEL expression such as lag > 10000.0 && lag_slope > 0.0.' };
}

/** An expression that is sound by itself and gives what its place cannot take. */
export function typeFault(given: string, wanted: 'bool' | 'double' | 'value'): ExpressionFault {
  if (wanted === 'value') return { why: `it gives ${given}`, fix: 'Let it give a number, a text or true or false.' };
  const fix = wanted === 'bool' ? 'Compare it with something, such as lag > 10000.0.' : 'Let it give a number.';
  return { why: `it gives ${TYPES[given] ?? given}, not ${TYPES[wanted]}`, fix };
}

const DOUBLES = 'Numbers are doubles: write 2.0 instead of 2 in arithmetic and in arguments.';

/** `double > string` is how CEL says which values an operator was given. */
function overloadWords(summary: string): string {
  const [, function_ = ''] = /^found no matching overload for '(.*)'$/.exec(summary) ?? [];
  if (function_ !== '') return `there is no function ${function_}`;
  return summary.replace(/^no such overload: /, 'CEL does not know ');
}

/** Names without a group, then each group once: there are many fields of a job. */
function namesOf(vocabulary: Vocabulary): readonly string[] {
  const names = Object.keys(vocabulary);
  const groups = names.flatMap((name) => (name.includes('.') ? [`${name.split('.')[0]}.*`] : []));
  return [...names.filter((name) => !name.includes('.')), ...new Set(groups)];
}

function fieldsOf(vocabulary: Vocabulary): readonly string[] {
  return Object.keys(vocabulary).filter((name) => name.includes('.'));
}
