import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import * as z from 'zod';
import type { EvidenceQuality } from '../../model/evidence.ts';
import type { Known } from '../../model/known.ts';
import type { Fault } from '../../model/reason.ts';
import { plainText } from '../../schema/outside-text.ts';
import { Refused } from '../cli/answer.ts';
import { type Call, progressOf, type Tell } from './progress.ts';

/** A tool's expected "no": a code of ours, what was wrong, and what to do. */
export class ToolRefusal extends Error {
  readonly code: string;
  readonly fix: string;

  constructor(code: string, message: string, fix: string) {
    super(message);
    this.code = code;
    this.fix = fix;
  }
}

/** Runs a tool: its document as structured content and as text, or its refusal as an error that the model can read and act on. */
export async function answering(
  call: Call,
  work: (tell: Tell) => Promise<Readonly<Record<string, unknown>>>,
): Promise<CallToolResult> {
  const { tell, end } = progressOf(call);
  try {
    const structuredContent = await work(tell);
    return { content: [{ type: 'text', text: JSON.stringify(structuredContent) }], structuredContent };
  } catch (error) {
    const { code, message, fix } = refusalOf(error);
    const text = JSON.stringify({ error: { code, message: plainText(message, 1000), fix: plainText(fix, 1000) } });
    return { isError: true, content: [{ type: 'text', text }] };
  } finally {
    end();
  }
}

/** A checkout's fault is told as the command line tells it. */
function refusalOf(error: unknown): ToolRefusal {
  if (error instanceof ToolRefusal) return error;
  if (!(error instanceof Refused)) return new ToolRefusal('failed', messageOf(error), 'Try again; if it stays, tell a person.');
  const { file, line, fix } = error.at;
  return new ToolRefusal(error.code, placed(error.message, file, line), fix ?? 'A person must mend it.');
}

/** What could not be read, as a tool's "no": the adapters' reasons start with one word that says what to do. */
export function unreadFact(why: string, what: string): ToolRefusal {
  const [word = ''] = why.split(':');
  const fixes: Readonly<Record<string, string>> = {
    missing: 'Check the id: of a job for get_job_status; of a run, as get_job_status gives it, for get_run and get_stages.',
    forbidden: 'The token that Sluice reads with may not read this: a person must grant CAN_VIEW.',
    refused: 'Correct the request and ask again.',
    unreachable: 'The system did not answer: try again later.',
    partial: 'Ask for less: a shorter window, or an aggregation such as sum by (…).',
  };
  return new ToolRefusal(word in fixes ? word : 'unreadable', `${what} could not be read: ${why}`, fixes[word] ?? 'Try again.');
}

/** The first of several faults of a file, with its place. */
export function faulty(faults: readonly Fault[]): ToolRefusal {
  const [first] = faults;
  if (!first) return new ToolRefusal('config_invalid', 'the config cannot be read', 'A person must mend .github/sluice.yml.');
  return new ToolRefusal(first.code, placed(first.message, first.file, first.line), first.fix);
}

function placed(message: string, file: string | undefined, line: number | null | undefined): string {
  return file ? `${file}${line ? `:${line}` : ''}: ${message}` : message;
}

export const READING = { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true } as const;

const QUALITIES = ['fresh', 'stale', 'absent', 'negative', 'partial', 'unreadable'] as const satisfies readonly EvidenceQuality[];

/** How each part of an answer was read: what is not `fresh` is unknown, whatever stands in its place. */
export const evidenceShape = z
  .array(z.strictObject({ part: z.string(), quality: z.enum(QUALITIES), note: z.string() }))
  .describe('how each part was read; a part that is not fresh is unknown, not fine');

export function evidenceOf(parts: Readonly<Record<string, Known<unknown>>>): z.infer<typeof evidenceShape> {
  return Object.entries(parts).map(([part, fact]) => ({
    part,
    quality: fact.known ? 'fresh' : qualityOf(fact.why),
    note: fact.known ? '' : plainText(fact.why, 300),
  }));
}

function qualityOf(why: string): EvidenceQuality {
  if (why.startsWith('partial')) return 'partial';
  return /^(?:absent|missing|no )/.test(why) ? 'absent' : 'unreadable';
}

/** What was left out of an answer, and how to ask for it. */
export const boundShape = { truncated: z.boolean(), hint: z.string() };

export function bound(...hints: readonly (string | false)[]): { readonly truncated: boolean; readonly hint: string } {
  const said = hints.filter((hint) => hint !== false);
  return { truncated: said.length > 0, hint: said.join(' ') };
}

/** A text from outside that may be longer than an answer should be. */
export function clipped(text: string, most: number): { readonly text: string; readonly cut: boolean } {
  return { text: plainText(text, most), cut: text.length > most };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
