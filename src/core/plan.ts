import type { Cause } from '../model/diagnosis.ts';
import type { Plan, RejectedRemedy } from '../model/plan.ts';
import type { RerunHow } from '../model/record.ts';
import type { Remedy, Runbook } from '../model/runbook.ts';
import type { VerificationSpec } from '../model/verification.ts';
import { bundleOf } from './bundle/bundle.ts';
import { costOf } from './cost.ts';
import { factsOf } from './evidence.ts';
import { stepsByHand } from './hand-steps.ts';
import { keyOf } from './plan-edit.ts';
import type { PlanInputs } from './plan-inputs.ts';
import { bindQuery } from './promql.ts';
import { inverseOf } from './record.ts';
import type { PlannedStep } from './remedy.ts';
import { considerRemedy } from './remedy.ts';
import { riskOf, worse } from './risk.ts';
import { settingsDigest } from './write.ts';

export interface Assembled {
  readonly plan: Plan | null;
  readonly rejected: readonly RejectedRemedy[];
}

/**
 * The smallest reversible step that answers the diagnosis (law 10): causes in their order, for each its remedies in the runbook's
 * order; the first that fits is the plan, and every other one is listed with why not. Healthy and inconclusive give no plan.
 */
export function assemblePlan(inputs: PlanInputs): Assembled {
  const { diagnosis, runbook } = inputs;
  if (diagnosis.outcome === 'healthy' || diagnosis.outcome === 'inconclusive') return { plan: null, rejected: [] };
  const barred = barredFrom(inputs);
  const considered = candidates(diagnosis.causes, runbook.remedies).map(({ cause, remedy }) => {
    const no = barred !== null && remedy.step.do !== 'advice' ? { fits: false as const, why: barred } : null;
    return { cause, remedy, answer: no ?? considerRemedy(remedy, cause, inputs) };
  });
  const chosen = considered.find(({ answer }) => answer.fits);
  const rejected = considered.flatMap(({ remedy, answer }) => {
    if (remedy === chosen?.remedy) return [];
    return [{ remedy: remedy.id, why: answer.fits ? `one step a plan, and ${chosen?.remedy.id} comes first` : answer.why }];
  });
  if (chosen?.answer.fits !== true) return { plan: null, rejected };
  return { plan: { ...planOf(chosen.remedy, chosen.cause, chosen.answer.step, inputs), rejected }, rejected };
}

/** Whether advice is the runbook's own answer to this cause, and not what is left where no file or run can be changed. */
export function answersByAdvice(plan: Plan, { remedies }: Pick<Runbook, 'remedies'>): boolean {
  const others = remedies.filter(({ causes, step }) => step.do !== 'advice' && causes.includes(plan.cause.id));
  return plan.kind === 'advice' && others.length === 0;
}

/** Each remedy once, under the first cause that it answers. */
function candidates(
  causes: readonly Cause[],
  remedies: readonly Remedy[],
): readonly { readonly cause: Cause; readonly remedy: Remedy }[] {
  const pairs = causes.flatMap((cause) =>
    remedies.filter((remedy) => remedy.causes.includes(cause.id)).map((remedy) => ({ cause, remedy })),
  );
  return [...new Map([...pairs].reverse().map((pair) => [pair.remedy.id, pair])).values()].reverse();
}

/** Why nothing may be changed for this target at all, whatever the remedy; null: it may. */
function barredFrom({ target, live }: PlanInputs): string | null {
  if (target.appliedBy !== 'sluice' || live === null) return null;
  if (!live.known) return `facts_unavailable: the live settings, from which drift is told, could not be read: ${live.why}`;
  if (live.value.managedBy === null) return null;
  return `bundle_managed: the job is managed by ${live.value.managedBy}; set applied_by: pipeline for this target`;
}

function planOf(remedy: Remedy, cause: Cause, step: PlannedStep, inputs: PlanInputs): Plan {
  const { runbook, target, blob, baseline, live } = inputs;
  const common = {
    target: target.name,
    runbook: blob === null ? null : { id: runbook.id, blob },
    remedy: remedy.id,
    title: titleOf(step, target.name),
    cause,
    risk: step.do === 'edit' ? worse(remedy.risk, riskOf([step.change], bundleOf(target, inputs.files))) : remedy.risk,
    impact: remedy.impact,
    cost: step.do === 'edit' ? step.cost : idleCost(inputs),
    rejected: [],
    alsoChanges: step.do === 'edit' ? alsoChanged(remedy, step.alsoChanges, inputs) : [],
  };
  const verification = verificationOf(inputs);
  if (step.do === 'advice') return { ...common, kind: 'advice', who: step.who, what: step.what, evidence: step.evidence };
  if (step.do === 'repair')
    return { ...common, kind: 'action', action: { do: 'repair', runId: step.runId }, verification, baseline, steps: [step] };
  const rerun = rerunOf(inputs);
  return {
    ...common,
    kind: 'change',
    changes: [step.change],
    inverse: inverseOf([step.change]),
    edits: [step.edit],
    verification,
    baseline,
    baseSettingsDigest: live?.known === true ? settingsDigest(live.value.settings) : null,
    rerun,
    steps: stepsByHand([step], rerun, target, live?.known ? live.value.id : null),
  };
}

/** Titles hold our own words, keys and numbers only: they end in commits and pull requests (`[skip ci]` and the like). */
function titleOf(step: PlannedStep, target: string): string {
  if (step.do === 'advice') return `Advice for ${target}`;
  if (step.do === 'repair') return `Repair run ${step.runId} of ${target}`;
  const { selector, old, new: next } = step.change;
  return `${target}: ${selector} ${old ?? 'unset'} → ${next ?? 'unset'}`;
}

/** The runbook's checks with their parameters in place; one that cannot be bound could never be read, and is left out. */
function verificationOf({ runbook, parameters, job, target }: PlanInputs): VerificationSpec {
  const checks = runbook.verify.checks.flatMap((check) => {
    if (check.source !== 'prometheus') return [check];
    const query = bindQuery(check.query, parameters);
    return query.ok ? [{ ...check, query: query.value }] : [];
  });
  const streaming = job.known ? job.value.streaming : target.streaming;
  return {
    kind: streaming ? 'streaming' : 'batch',
    checks,
    settle_minutes: runbook.verify.settleMinutes,
    within_minutes: runbook.verify.withinMinutes,
  };
}

/**
 * What is run once the change is in force. A stream has its active run replaced by another one; the repair of a run that failed before would
 * leave the active one with what it has.
 */
function rerunOf({ target, latestRun, job }: PlanInputs): { readonly how: RerunHow; readonly runId: string | null } | null {
  const isStream = job.known ? job.value.streaming : target.streaming;
  if (target.rerun === 'run-now') {
    if (!isStream) return { how: 'run-now', runId: null };
    return { how: job.known && job.value.continuous ? 'restart' : 'cancel-and-run', runId: null };
  }
  const failed = target.rerun === 'repair' && latestRun?.outcome === 'failed' && !isStream;
  return failed ? { how: 'repair', runId: latestRun.id } : null;
}

/** What else the edit reaches: other tasks on the same cluster, other deployments of a bundle, a stream only at its next start. */
function alsoChanged(remedy: Remedy, inBundle: readonly string[], inputs: PlanInputs): readonly string[] {
  const { job } = inputs;
  if (!job.known || remedy.step.do !== 'edit') return [];
  const { cluster, taskKey, streaming } = job.value;
  const others = remedy.step.edit.surface === 'parameter' ? [] : cluster.tasks.filter((task) => task !== taskKey);
  return [
    ...(others.length > 0 && taskKey !== null ? [`tasks on the same cluster: ${others.join(', ')}`] : []),
    ...inBundle,
    ...(cluster.policy !== null && remedy.step.edit.surface !== 'parameter'
      ? [
          `nothing where the cluster's policy ${cluster.policy} fixes ${keyOf(remedy.step.edit)}: Databricks then refuses the cluster`,
        ]
      : []),
    ...(streaming && rerunOf(inputs) === null
      ? ['takes effect when the run is started again; the running one keeps its settings']
      : []),
  ];
}

function idleCost(inputs: PlanInputs) {
  if (!inputs.job.known) return { before: null, after: null, note: 'the workers are unknown', evidence: [] };
  return costOf(null, null, inputs.job.value, inputs, factsOf(inputs.evidence));
}
