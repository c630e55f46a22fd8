import type { Cost, HandStep, Plan } from '../model/plan.ts';
import type { RerunHow } from '../model/record.ts';
import { block, details, quantity } from './text.ts';

/** The exact commands with which a person carries a plan out, one a line, for a POSIX shell. */
export function commandLines(steps: readonly HandStep[]): readonly string[] {
  return steps.map(commandLine);
}

/** The same, folded away. */
export function commandsText(steps: readonly HandStep[]): string {
  return details('Commands to do it by hand', block(commandLines(steps).join('\n'), 'sh'));
}

/** `2 → 4 worker-hours a run`; of a cost that is known. */
export function costWords({ before, after, note }: Cost): string {
  return `${quantity(before, '')} → ${quantity(after, '')} ${note}`;
}

function commandLine(step: HandStep): string {
  switch (step.do) {
    case 'set':
      return `sluice edit ${quoted(step.file)} --set ${quoted(step.setting)} > edited && mv edited ${quoted(step.file)}`;
    case 'edit':
      return `# edit ${quoted(step.file)}: ${step.selector} to ${step.value ?? 'nothing'}`;
    case 'propose':
      return `# open a pull request with it; an owner approves with /approve <head SHA>${step.pipeline ? ', then the pipeline runs' : ''}`;
    case 'deploy':
      return `databricks bundle deploy -t ${quoted(step.bundleTarget)}`;
    case 'repair':
      return `databricks jobs repair-run ${quoted(step.runId)} --rerun-all-failed-tasks`;
    case 'cancel-active':
      return `databricks jobs cancel-all-runs --job-id ${job(step.jobId)}`;
    case 'run-now':
      return `databricks jobs run-now ${job(step.jobId)}`;
  }
}

function job(id: string | null): string {
  return id === null ? '<job id>' : quoted(id);
}

/** What Sluice itself does to the job's runs once the change is in force; null: nothing. */
export function rerunWords(plan: Extract<Plan, { kind: 'change' }>): string | null {
  return plan.rerun && HOW[plan.rerun.how](plan.rerun.runId);
}

const HOW: Readonly<Record<RerunHow, (runId: string | null) => string>> = {
  repair: (runId) => `run ${runId ?? 'unknown'} is repaired, once`,
  'run-now': () => 'the job is run, once',
  restart: () => 'the active run is cancelled once; Databricks starts the next one by itself, with the new settings',
  'cancel-and-run': () =>
    'the active run is cancelled and, when it has ended, the job is run once, with the new settings (the job is not `continuous`, so Databricks would not start it by itself)',
};

/** How a running stream gets its old settings back: it keeps those that it was started with. */
export function undoneWords({ rerun, verification }: Extract<Plan, { kind: 'change' }>): string {
  if (rerun?.how === 'restart' || rerun?.how === 'cancel-and-run') return ', and the stream is restarted once more';
  return verification.kind === 'streaming' ? '; a run that was started meanwhile keeps the change until it is started again' : '';
}

/** What the rollback Proposal of a change does to the job's runs when it is applied. */
export function rollbackRerunWords(how: RerunHow | null): string | null {
  return how && `After the apply: ${HOW[how](null)}.`;
}

/** Bare where nothing in it means anything to a shell. */
function quoted(text: string): string {
  return /^[\w./:=@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
