import type { Remedy, Runbook } from '../../model/runbook.ts';
import type { Expressions } from '../expression.ts';
import { type JobFacts, unknownJob } from '../job-facts.ts';
import type { RunbookFault } from '../runbook-check.ts';
import { judgeEdit } from '../spark-conf.ts';
import { sparkKeys } from '../spark-conf-table.ts';
import { type Condition, constantOf, readCondition } from './condition.ts';

/**
 * Edits of Spark settings that do nothing, by the knowledge table: a constant that is Spark's default already, unless the remedy is for
 * jobs that set the key; a value of another type; and keys that do nothing for the jobs that the remedy's own condition asks for.
 */
export function effectLint({ remedies, diagnose }: Runbook, expressions: Expressions): readonly RunbookFault[] {
  return remedies.flatMap((remedy, index) => {
    const { step } = remedy;
    if (step.do !== 'edit' || step.edit.surface !== 'spark-conf' || !Object.hasOwn(sparkKeys, step.edit.key)) return [];
    const { key } = step.edit;
    const asked = partsAsked(remedy, diagnose, expressions);
    const job = jobAsked(asked);
    const [any, value] = [constantOf(step.value, 'value', expressions), `value ${step.value}`];
    const path = ['remedies', index, any === null ? 'edit' : 'value'];
    // Of a value that is computed only its key can be judged: by one that is surely another than the default.
    const judged = judgeEdit(step.edit, any ?? otherThanDefault(key), job);
    if (judged.ok) return [];
    const { code, expected, observed } = judged.reason;
    const guarded = asked.some((part) => part.includes(JSON.stringify(key)));
    if (code === 'type_mismatch') return any === null ? [] : [fault(path, `${value} does not fit ${key}`, `Write ${expected}.`)];
    if (job.streaming || job.cluster.photon || job.cluster.serverless)
      return [fault(path, `${key} does nothing where ${remedy.id} is meant: expected ${expected}, found ${observed}`, ELSEWHERE)];
    if (guarded || any === null) return [];
    return [fault(path, `remedy ${remedy.id} does nothing: ${key} is ${observed} already where nobody sets it`, GUARD(key))];
  });
}

const ELSEWHERE = 'Take the remedy out, or ask for other jobs in its condition.';
const GUARD = (key: string) =>
  `Choose another value, or write when: ${JSON.stringify(key)} in job.spark_conf, for jobs that set it.`;

function fault(path: RunbookFault['path'], message: string, fix: string): RunbookFault {
  return { path, message, fix };
}

/** What must hold for the remedy to be considered: its own condition, and what all rules of its causes ask for. */
function partsAsked(remedy: Remedy, diagnose: Runbook['diagnose'], expressions: Expressions): readonly string[] {
  const read = (text: string): Condition['parts'] => readCondition(text, expressions)?.parts ?? [];
  const rules = diagnose.filter(({ id }) => remedy.causes.includes(id)).map(({ when }) => read(when));
  const common = (rules[0] ?? []).filter((part) => rules.every((parts) => parts.includes(part)));
  return [...(remedy.when === null ? [] : read(remedy.when)), ...common];
}

/** A job of which nothing is known but what the conditions ask for: no key is set, and it has a cluster. */
function jobAsked(parts: readonly string[]): JobFacts {
  const asks = (name: string) => parts.includes(name) || parts.includes(`${name} == true`);
  const cluster = { ...unknownJob.cluster, photon: asks('job.photon'), serverless: asks('job.serverless') };
  return { ...unknownJob, streaming: asks('job.streaming'), cluster };
}

function otherThanDefault(key: string): string | number {
  const known = sparkKeys[key];
  if (known?.type === 'bool') return known.unset === 'true' ? 'false' : 'true';
  return known ? (known.unset === String(known.min) ? known.max : known.min) : 0;
}
