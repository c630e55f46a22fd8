import { checkRunbook, type RunbookFault } from '../core/runbook-check.ts';
import type { Fault } from '../model/reason.ts';
import type { Runbook } from '../model/runbook.ts';
import { readFrontMatter } from './front-matter.ts';
import { choiceFaults } from './runbook-choices.ts';
import { fieldName, type ShapeFault, shapeFaults } from './runbook-fault.ts';
import { toRunbook } from './runbook-model.ts';
import { runbookShape } from './runbook-shape.ts';

export type RunbookRead =
  | { readonly ok: true; readonly value: Runbook }
  | { readonly ok: false; readonly faults: readonly Fault[] };

/**
 * Reads one runbook: YAML front matter, then prose for people. Conditions and values are CEL, checked here against the declared
 * signals; every fault is reported at once with its line and what to write instead. `beside` looks for more than a runbook needs to be read.
 */
export function parseRunbook(
  text: string,
  file: string,
  beside: (runbook: Runbook) => readonly RunbookFault[] = () => [],
): RunbookRead {
  const read = readFrontMatter(text);
  if (!read.ok) return { ok: false, faults: [fault(file, read.line, read.why, read.fix)] };
  const { data, prose, lineOf } = read.value;
  const placed = ({ path, message, fix }: ShapeFault) => fault(file, lineOf(path), message, fix);
  const shaped = runbookShape.safeParse(data);
  if (!shaped.success) return { ok: false, faults: inOrder(shapeFaults(shaped.error.issues, data).map(placed)) };
  const runbook = toRunbook(shaped.data, file, prose);
  const faults = [...choiceFaults(shaped.data), ...checkRunbook(runbook), ...beside(runbook)].map((one) =>
    placed({ ...one, message: `${fieldName(one.path)}: ${one.message}` }),
  );
  return faults.length > 0 ? { ok: false, faults: inOrder(faults) } : { ok: true, value: runbook };
}

function inOrder(faults: readonly Fault[]): readonly Fault[] {
  return faults.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0));
}

function fault(file: string, line: number, message: string, fix: string): Fault {
  return { code: 'runbook_unreadable', file, line, message, fix };
}
