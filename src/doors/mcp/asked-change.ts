import type { Remedy, RemedyEdit, RunbookFile } from '../../model/runbook.ts';

/**
 * The runbooks with nothing left but the remedies that edit this key, each with the asked value in place of its own: the engine then
 * judges it as it judges its own steps (cause, condition, conflicts, allow-list, limits, drift).
 */
export function runbooksFor(
  runbooks: readonly RunbookFile[],
  key: string,
  value: number | string | boolean,
): readonly RunbookFile[] {
  return runbooks.map((file) => ({
    ...file,
    runbook: { ...file.runbook, remedies: file.runbook.remedies.flatMap((remedy) => narrowed(remedy, key, literal(value))) },
  }));
}

/** The remedy's own reason among these runbooks where `told` is it; null where the engine had to add that it cut the value. */
export function reasonFor(runbooks: readonly RunbookFile[], key: string, told: string): string | null {
  const reasons = runbooks.flatMap(({ runbook }) =>
    runbook.remedies.filter((remedy) => edits(remedy, key)).map(({ reason }) => reason),
  );
  return reasons.find((reason) => reason === told) ?? null;
}

function narrowed(remedy: Remedy, key: string, value: string): readonly Remedy[] {
  const { step } = remedy;
  return step.do === 'edit' && edits(remedy, key) ? [{ ...remedy, step: { ...step, value } }] : [];
}

function edits({ step }: Remedy, key: string): boolean {
  return step.do === 'edit' && keyOf(step.edit) === key;
}

function keyOf(edit: RemedyEdit): string {
  switch (edit.surface) {
    case 'spark-conf':
      return edit.key;
    case 'cluster':
      return edit.field;
    case 'parameter':
      return edit.name;
    case 'file':
      return edit.pointer;
  }
}

/** The value as a CEL literal: numbers are doubles there. */
function literal(value: number | string | boolean): string {
  if (typeof value !== 'number') return JSON.stringify(value);
  return Number.isInteger(value) ? `${value}.0` : String(value);
}
