import type { ReasonedChange } from '../model/change.ts';
import type { Cause } from '../model/diagnosis.ts';
import type { Cost, FileEdit } from '../model/plan.ts';
import type { Reason } from '../model/reason.ts';
import type { Remedy } from '../model/runbook.ts';
import { whyUnknown } from './blocked.ts';
import { costOf } from './cost.ts';
import { CURRENT, currentNumber } from './current.ts';
import { citing, factsOf } from './evidence.ts';
import type { Expressions, Facts } from './expression.ts';
import { expressionsOver } from './expression.ts';
import type { JobFacts } from './job-facts.ts';
import { confFacts, factsOfJob } from './job-facts.ts';
import { outsideLimits, withinStep } from './limits.ts';
import { keyOf, planEdit } from './plan-edit.ts';
import type { PlanInputs } from './plan-inputs.ts';
import { editExpressions, runbookVocabulary } from './runbook-vocabulary.ts';
import type { NewValue } from './spark-conf.ts';
import { judgeEdit } from './spark-conf.ts';

/** What a remedy comes to for this job: a step that can be taken, or why it is rejected. */
export type Considered = { readonly fits: true; readonly step: PlannedStep } | { readonly fits: false; readonly why: string };

export type PlannedStep =
  | {
      readonly do: 'edit';
      readonly change: ReasonedChange;
      readonly edit: FileEdit;
      readonly cost: Cost;
      readonly alsoChanges: readonly string[];
    }
  | { readonly do: 'repair'; readonly runId: string }
  | { readonly do: 'advice'; readonly who: string; readonly what: string; readonly evidence: readonly string[] };

/** Considers one remedy for one cause that holds: conflicts, its condition, its value, the knowledge table, limits, the file. */
export function considerRemedy(remedy: Remedy, cause: Cause, inputs: PlanInputs): Considered {
  const { runbook, diagnosis, evidence, job } = inputs;
  const conflict = runbook.conflicts.find(
    ({ cause: id, forbids }) => forbids === remedy.id && diagnosis.causes.some((one) => one.id === id),
  );
  if (conflict !== undefined) return no(`conflict: ${conflict.why}`);
  const facts = { ...(job.known ? factsOfJob(job.value) : {}), ...parameterFacts(inputs), ...factsOf(evidence) };
  const expressions = expressionsOver(runbookVocabulary(runbook));
  const unmet = remedy.when === null ? null : unmetCondition(remedy.when, expressions, facts, inputs);
  if (unmet !== null) return no(unmet);
  if (remedy.step.do === 'advice') return considerAdvice(remedy.step, cause, inputs, { facts, expressions });
  if (remedy.step.do === 'repair') return considerRepair(inputs);
  // A value of a file of another kind is no setting of a job.
  if (!job.known && remedy.step.edit.surface !== 'file') return no(`the job's settings could not be read: ${job.why}`);
  return considerEdit(remedy, remedy.step, cause, inputs, job.known ? job.value : confFacts('', inputs.target), facts);
}

/** Parameters as expressions name them. */
export function parameterFacts({ parameters }: Pick<PlanInputs, 'parameters'>): Facts {
  return Object.fromEntries(Object.entries(parameters).map(([name, value]) => [`params.${name}`, value]));
}

function unmetCondition(when: string, expressions: Expressions, facts: Facts, inputs: PlanInputs): string | null {
  const compiled = expressions.compile(when, 'bool');
  if (!compiled.ok) return `its condition is not valid: ${compiled.why}`;
  const result = compiled.expression.evaluate(facts);
  if (!result.known) return `${unknownWords(result.unknown, inputs)} (its condition: ${when})`;
  return result.value === true ? null : `its condition does not hold: ${when}`;
}

function unknownWords(names: readonly string[], inputs: PlanInputs): string {
  return `unknown ${names.map((name) => `${name}: ${whyUnknown(name, inputs)}`).join('; ')}`;
}

/** A number in advice is computed and cited like that of an edit; one that is unknown makes the advice unfit. */
function considerAdvice(
  step: AdviceStep,
  cause: Cause,
  inputs: PlanInputs,
  known: { readonly facts: Facts; readonly expressions: Expressions },
): Considered {
  const { who, what, value } = step;
  if (value === undefined) return { fits: true, step: { do: 'advice', who, what, evidence: [] } };
  const compiled = known.expressions.compile(value, 'double');
  if (!compiled.ok) return no(`its value is not valid: ${compiled.why}`);
  const number = compiled.expression.evaluate(known.facts);
  if (!number.known) return no(`${unknownWords(number.unknown, inputs)} (its value: ${value})`);
  const evidence = [...new Set([...cause.evidence, ...citing(compiled.expression, inputs.evidence)])];
  return { fits: true, step: { do: 'advice', who, what: what.replaceAll('{value}', String(number.value)), evidence } };
}

function considerRepair({ target, latestRun }: PlanInputs): Considered {
  if (target.rerun !== 'repair')
    return no(`the target says that a rerun is ${target.rerun === 'never' ? 'never safe' : 'a new run, not a repair'}`);
  if (latestRun?.outcome !== 'failed') return no('there is no failed run to repair');
  return { fits: true, step: { do: 'repair', runId: latestRun.id } };
}

type EditStep = Extract<Remedy['step'], { do: 'edit' }>;
type AdviceStep = Extract<Remedy['step'], { do: 'advice' }>;

function considerEdit(remedy: Remedy, step: EditStep, cause: Cause, inputs: PlanInputs, job: JobFacts, facts: Facts): Considered {
  const compiled = editExpressions(inputs.runbook).compile(step.value, 'value');
  if (!compiled.ok) return no(`its value is not valid: ${compiled.why}`);
  const current = currentNumber(step.edit, job, inputs.files);
  const wanted = compiled.expression.evaluate({ ...facts, [CURRENT]: current });
  if (!wanted.known) return no(`${unknownWords(wanted.unknown, inputs)} (its value: ${step.value})`);
  const key = keyOf(step.edit);
  const cut = typeof wanted.value === 'number' ? withinStep(current, wanted.value, inputs.limits) : wanted.value;
  const judged = judgeEdit(step.edit, cut, job);
  if (!judged.ok) return no(worded(judged.reason));
  const planned = planEdit(step.edit, judged.value, job, inputs);
  if (!planned.ok) return no(worded(planned.reason));
  const outside = outsideLimits(planned.value.change.file, key, judged.value, inputs.limits);
  if (outside !== null) return no(worded(outside));
  const reason = reasonOf(remedy, cut === wanted.value ? null : wanted.value, judged.value, inputs);
  const evidence = [...new Set([...cause.evidence, ...citing(compiled.expression, inputs.evidence)])];
  const cost = costOf(remedy.cost, cut, job, inputs, facts);
  const { change, edit, alsoChanges } = planned.value;
  return { fits: true, step: { do: 'edit', change: { ...change, reason, evidence }, edit, cost, alsoChanges } };
}

function reasonOf(remedy: Remedy, wanted: number | string | boolean | null, value: NewValue, inputs: PlanInputs): string {
  if (wanted === null) return remedy.reason;
  return `${remedy.reason} Evidence asks for ${wanted}; one step of at most ${inputs.limits.percentPerStep} % gives ${value}.`;
}

function worded(reason: Reason): string {
  return `${reason.code}: ${reason.subject}: expected ${reason.expected}, found ${reason.observed}`;
}

function no(why: string): Considered {
  return { fits: false, why };
}
