import type { RemedyEdit } from '../model/runbook.ts';
import { formatOf, readLexeme } from './edit/edit.ts';
import type { JobFacts } from './job-facts.ts';
import type { PlanInputs } from './plan-inputs.ts';
import { quantityOf } from './quantity.ts';
import { effectiveConf } from './spark-conf-effect.ts';

/** How an edit's value expression names the number that its place holds now. */
export const CURRENT = 'current';

/** The number in force before the edit, as the gate measures a step from it (bytes for sizes); null when there is none, or not one. */
export function currentNumber(edit: RemedyEdit, job: JobFacts, files: PlanInputs['files']): number | null {
  if (edit.surface === 'spark-conf') return numberIn(effectiveConf(edit.key, job) ?? '');
  if (edit.surface === 'parameter') return numberIn(job.parameters[edit.name] ?? '');
  if (edit.surface === 'file') return heldBy(files, edit.pointer);
  const { fixedWorkers, autoscale } = job.cluster;
  if (edit.field === 'num_workers') return fixedWorkers;
  if (edit.field === 'autoscale.min_workers') return autoscale?.min ?? null;
  return edit.field === 'autoscale.max_workers' ? (autoscale?.max ?? null) : null;
}

function numberIn(text: string): number | null {
  return quantityOf(text)?.number ?? null;
}

/** Several files that hold it are no one place. */
function heldBy(files: PlanInputs['files'], pointer: string): number | null {
  const found = files.flatMap(({ path, text }) => {
    const format = formatOf(path);
    const held = format === null ? null : readLexeme(format, text, pointer);
    return held?.ok && held.value !== null ? [held.value] : [];
  });
  const [only] = found;
  return found.length === 1 ? numberIn(/^(["']?)(.*)\1$/s.exec(only ?? '')?.[2] ?? '') : null;
}
