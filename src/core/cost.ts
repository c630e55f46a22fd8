import type { Cost } from '../model/plan.ts';
import { citing } from './evidence.ts';
import type { Expression, Facts } from './expression.ts';
import { expressionsOver } from './expression.ts';
import { USUAL_RUN } from './job-evidence.ts';
import type { JobFacts } from './job-facts.ts';
import { factsOfJob } from './job-facts.ts';
import type { PlanInputs } from './plan-inputs.ts';
import { runbookVocabulary } from './runbook-vocabulary.ts';

/**
 * Worker-hours of one run (of one hour, for a stream) now, and after the step by the remedy's own factor, which may name `value`,
 * the new value. There is no price table: workers times hours is what can be told without one.
 */
export function costOf(
  factor: string | null,
  value: number | string | boolean | null,
  job: JobFacts,
  inputs: PlanInputs,
  facts: Facts,
): Cost {
  const workers = factsOfJob(job)['job.workers'];
  const hours = job.streaming ? 1 : inputs.runSeconds === null ? null : inputs.runSeconds / 3600;
  const per = job.streaming ? 'an hour of the stream' : 'a run';
  if (typeof workers !== 'number' || hours === null)
    return { before: null, after: null, note: 'the workers or the duration of a run are unknown', evidence: [] };
  const expression = factor === null ? null : factorOf(factor, inputs);
  const times = expression && evaluated(expression, { ...facts, value: typeof value === 'number' ? value : null });
  const names = ['job.workers', ...(job.streaming ? [] : [USUAL_RUN]), ...(expression?.names ?? [])];
  return {
    before: rounded(workers * hours),
    after: times === null ? null : rounded(workers * hours * times),
    note: `worker-hours ${per}`,
    evidence: citing({ names, text: factor ?? '' }, inputs.evidence),
  };
}

function factorOf(factor: string, { runbook }: PlanInputs): Expression | null {
  const compiled = expressionsOver({ ...runbookVocabulary(runbook), value: 'double' }).compile(factor, 'double');
  return compiled.ok ? compiled.expression : null;
}

function evaluated(factor: Expression, facts: Facts): number | null {
  const result = factor.evaluate(facts);
  return result.known && typeof result.value === 'number' && result.value >= 0 ? result.value : null;
}

function rounded(hours: number): number {
  return Math.round(hours * 100) / 100;
}
