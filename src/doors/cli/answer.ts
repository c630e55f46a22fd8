import { unreadableFault } from '../../core/unreadable.ts';
import type { EditReasonCode, Fault, Reason } from '../../model/reason.ts';
import { plainText } from '../../schema/outside-text.ts';

export type ExitCode = 0 | 1 | 2 | 3;

type Place = Partial<Pick<Fault, 'file' | 'line' | 'fix'>>;

/** An expected end of a command: what to say and with which exit code. Thrown by a command, printed once. */
export class Refused extends Error {
  readonly exit: ExitCode;
  readonly code: string;
  readonly at: Place;

  constructor(exit: ExitCode, code: string, message: string, at: Place = {}) {
    super(message);
    this.exit = exit;
    this.code = code;
    this.at = at;
  }
}

/** A refusal as scripts read it. */
interface ErrorDocument {
  readonly code: string;
  readonly message: string;
  readonly file?: string;
  readonly line?: number;
  readonly fix?: string;
}

/** What to do about a file that cannot be edited as asked. */
const EDIT_FIXES: Readonly<Record<Exclude<EditReasonCode, 'parse_failed'>, string>> = {
  key_duplicate: 'Take out the one that is not meant.',
  interpolated: 'Edit the variable that it names.',
  anchor_shared: 'Edit the anchor, or write the value out where it is meant.',
  value_shadowed: 'Edit the override in the bundle target.',
  pointer_missing:
    'Check the pointer against the file; a key that is not there is added under spark_conf and in .conf files only.',
  type_mismatch: 'Write a single value of the type that stands there.',
  no_surface: 'Edit it by hand.',
  no_effect: 'Nothing is to be done: the value is in force already, or cannot act there.',
};

/** Why a file was not edited, as the end of a command: exit code 1, with the line where the reason tells one; `better` than the usual fix. */
export function refusedFor(reason: Reason<EditReasonCode>, file: string, better: string | null = null): Refused {
  const { code, subject, expected, observed } = reason;
  const { line, message, fix } = unreadableFault(file, reason);
  if (code === 'parse_failed') return new Refused(1, code, message, { file, line, fix });
  const words = `${subject || 'the document'}: expected ${expected}, found ${observed}`;
  return new Refused(1, code, words, { file, line, fix: better ?? EDIT_FIXES[code] });
}

/** Several faults of one file as the end of a command: the first one, and how to see the others. */
export function refusedForFaults(faults: readonly Fault[], file: string): Refused {
  const [first] = faults;
  if (!first) return new Refused(1, 'config_invalid', 'is not readable', { file });
  const more = faults.length > 1 ? ` (and ${faults.length - 1} more: sluice check names them all)` : '';
  return new Refused(1, first.code, `${first.message}${more}`, { file, line: first.line, fix: first.fix });
}

/** One document on one line: what a script reads. */
export function printJson(document: unknown): void {
  process.stdout.write(`${JSON.stringify(document)}\n`);
}

/** Something a person should know beside the answer; never on standard output, which is the answer's. */
export function note(text: string): void {
  process.stderr.write(`sluice: ${text}\n`);
}

function errorDocument({ code, message, at: { file, line, fix } }: Refused): ErrorDocument {
  return { code, message: oneLine(message), ...(file && { file }), ...(line && { line }), ...(fix && { fix }) };
}

/** Says why a command ended, as words on standard error or as the one JSON document on standard output; `beside` joins it there. */
export function fail(error: unknown, json: boolean, beside: Readonly<Record<string, unknown>> = {}): void {
  const refused =
    error instanceof Refused ? error : new Refused(3, 'failed', error instanceof Error ? error.message : String(error));
  process.exitCode = refused.exit;
  const { message, file, line, fix } = errorDocument(refused);
  if (json) printJson({ ...beside, error: errorDocument(refused) });
  else process.stderr.write(`sluice: ${file ? `${oneLine(file)}${line ? `:${line}` : ''}: ` : ''}${withFix(message, fix)}\n`);
}

/** What is wrong and what to do, as two sentences of one line; a fix of several lines stands by itself. */
function withFix(message: string, fix = ''): string {
  if (fix === '') return message;
  return fix.includes('\n') ? `${message}\n${fix}` : `${message.replace(/\.$/, '')}. ${fix}`;
}

/** Messages quote what files and systems said: nothing in them may move a terminal's cursor or start a second line. */
function oneLine(message: string): string {
  return plainText(message, 2000);
}
