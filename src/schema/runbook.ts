import type * as z from 'zod/mini';
import { checkRunbook } from '../core/runbook-check.ts';
import type { Fault } from '../model/reason.ts';
import type { Runbook } from '../model/runbook.ts';
import type { FrontMatter } from './front-matter.ts';
import { readFrontMatter } from './front-matter.ts';
import { choiceFaults } from './runbook-choices.ts';
import { toRunbook } from './runbook-model.ts';
import { runbookShape } from './runbook-shape.ts';

export type RunbookRead =
  | { readonly ok: true; readonly value: Runbook }
  | { readonly ok: false; readonly faults: readonly Fault[] };

/**
 * Reads one runbook: YAML front matter, then prose for people. Conditions and values are CEL, checked here against the declared
 * signals; every fault is reported at once with its line and what to write instead.
 */
export function parseRunbook(text: string, file: string): RunbookRead {
  const read = readFrontMatter(text);
  if (!read.ok) {
    const fix = 'Start the file with --- , the YAML and another --- ; docs/runbooks.md shows one.';
    return { ok: false, faults: [{ code: 'runbook_unreadable', file, line: read.line, message: read.why, fix }] };
  }
  const shaped = runbookShape.safeParse(read.value.data);
  if (!shaped.success) return { ok: false, faults: shaped.error.issues.map((issue) => shapeFault(issue, file, read.value)) };
  const runbook = toRunbook(shaped.data, file, read.value.prose);
  const faults = [...choiceFaults(shaped.data), ...checkRunbook(runbook)].map(({ path, message, fix }) =>
    fault(file, read.value.lineOf(path), message, fix),
  );
  return faults.length > 0 ? { ok: false, faults } : { ok: true, value: runbook };
}

function shapeFault(issue: z.core.$ZodIssue, file: string, front: FrontMatter): Fault {
  const path = issue.path.map((step) => (typeof step === 'number' ? step : String(step)));
  const where = path.join('.') || 'the front matter';
  if (issue.code === 'unrecognized_keys') {
    const [key = ''] = issue.keys;
    return fault(
      file,
      front.lineOf([...path, key]),
      `${where} has no field ${issue.keys.join(', ')}`,
      'Remove it, or correct its spelling.',
    );
  }
  return fault(file, front.lineOf(path), `${where}: ${issue.message}`, fixOf(issue));
}

function fixOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type') return `Write a value of type ${issue.expected}.`;
  if (issue.code === 'invalid_value') return `Write one of ${issue.values.map(String).join(', ')}.`;
  return 'Compare it with the field in docs/runbooks.md.';
}

function fault(file: string, line: number, message: string, fix: string): Fault {
  return { code: 'runbook_unreadable', file, line, message, fix };
}
