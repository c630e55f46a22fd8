import type { Fault, Reason } from '../../model/reason.ts';
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

/** A decision's reason as the end of a command: exit code 1, with the line where the reason tells one. */
export function refusedFor(reason: Reason, file: string): Refused {
  const line = Number(/\bline (\d+)\b/.exec(reason.observed)?.[1] ?? 0);
  const message = `${reason.subject || 'the document'}: expected ${reason.expected}, found ${reason.observed}`;
  return new Refused(1, reason.code, message, { file, ...(line > 0 && { line }) });
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
  else process.stderr.write(`sluice: ${file ? `${file}${line ? `:${line}` : ''}: ` : ''}${message}${fix ? `\n  ${fix}` : ''}\n`);
}

/** Messages quote what files and systems said: nothing in them may move a terminal's cursor or start a second line. */
function oneLine(message: string): string {
  return plainText(message, 2000);
}
