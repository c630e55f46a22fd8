import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import { plainText } from '../../schema/outside-text.ts';
import { Refused } from '../cli/answer.ts';

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
export async function answering(work: () => Promise<Readonly<Record<string, unknown>>>): Promise<CallToolResult> {
  try {
    const structuredContent = await work();
    return { content: [{ type: 'text', text: JSON.stringify(structuredContent) }], structuredContent };
  } catch (error) {
    const { code, message, fix } = refusalOf(error);
    const text = JSON.stringify({ error: { code, message: plainText(message, 1000), fix } });
    return { isError: true, content: [{ type: 'text', text }] };
  }
}

/** A checkout's fault is told as the command line tells it. */
function refusalOf(error: unknown): ToolRefusal {
  if (error instanceof ToolRefusal) return error;
  if (!(error instanceof Refused)) return new ToolRefusal('failed', messageOf(error), 'Try again; if it stays, tell a person.');
  const { file, line, fix } = error.at;
  const place = file ? `${file}${line ? `:${line}` : ''}: ` : '';
  return new ToolRefusal(error.code, `${place}${error.message}`, fix ?? 'A person must mend it.');
}

/** What could not be read, as a tool's "no": the adapters' reasons start with one word that says what to do. */
export function unreadFact(why: string, what: string): ToolRefusal {
  const [word = ''] = why.split(':');
  const fixes: Readonly<Record<string, string>> = {
    missing: 'Check the id; get_job_status takes the numeric id of a job.',
    forbidden: 'The token of sluice mcp may not read this: a person must grant CAN_VIEW.',
    refused: 'Correct the request and ask again.',
    unreachable: 'The system did not answer: try again later.',
    partial: 'Ask for less: a shorter window, or an aggregation such as sum by (…).',
  };
  return new ToolRefusal(word in fixes ? word : 'unreadable', `${what} could not be read: ${why}`, fixes[word] ?? 'Try again.');
}

export const READING = { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true } as const;

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
