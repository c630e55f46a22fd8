import { setTimeout as pause } from 'node:timers/promises';
import type { WorkspaceFault } from '../../schema/databricks-error.ts';
import { readFault } from '../../schema/databricks-error.ts';
import { workspaceOrigin } from './address.ts';

/** How to reach one workspace. `token` may be a function, for tokens that are exchanged and expire. */
export interface Connection {
  readonly name: string;
  readonly host: string;
  readonly token: string | (() => Promise<string>);
  readonly fetch?: typeof fetch;
  /** Milliseconds before one request is given up; 30,000. */
  readonly timeoutMs?: number;
  /** Milliseconds slept between attempts are multiplied by this: tests use 0. */
  readonly patience?: number;
}

export interface Call {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly body?: string;
  /** Of a file: `bytes=0-99`. */
  readonly range?: string;
  /** True for reads, whatever their verb: only they are tried again. */
  readonly safe: boolean;
}

/** What came back. `lost`: the wire broke or time ran out, so a write may have happened; `unsent`: it never reached the service. */
export type Answer =
  | { readonly kind: 'answered'; readonly text: string; readonly bytes: Uint8Array }
  | { readonly kind: 'fault'; readonly status: number; readonly fault: WorkspaceFault }
  | { readonly kind: 'lost'; readonly why: string }
  | { readonly kind: 'unsent'; readonly why: string };

const attempts = 4;
const longestWaitMs = 30_000;
const largestAnswer = 64 * 1024 * 1024;

/** One API call under the rules for all of them: origin checked, redirects refused, time bounded, reads tried again with jitter. */
export async function callWorkspace(connection: Connection, call: Call): Promise<Answer> {
  for (let attempt = 1; ; attempt += 1) {
    const { answer, retryAfterMs } = await once(connection, call);
    if (!call.safe || attempt >= attempts || !worthRetry(answer)) return answer;
    const own = Math.min(10_000, 1_000 * attempt) * (0.5 + Math.random());
    await pause(Math.min(longestWaitMs, retryAfterMs ?? own) * (connection.patience ?? 1));
  }
}

function worthRetry(answer: Answer): boolean {
  if (answer.kind === 'fault') return answer.fault.code === 'busy' || answer.status === 503 || answer.status === 504;
  return answer.kind !== 'answered';
}

interface Attempt {
  readonly answer: Answer;
  readonly retryAfterMs: number | null;
}

async function once(connection: Connection, call: Call): Promise<Attempt> {
  const url = new URL(`${workspaceOrigin(connection.host)}${call.path}`);
  for (const [key, value] of Object.entries(call.query ?? {})) if (value !== undefined) url.searchParams.set(key, value);
  const access = await accessToken(connection);
  if ('why' in access) return { answer: { kind: 'unsent', why: access.why }, retryAfterMs: null };
  try {
    const response = await (connection.fetch ?? fetch)(url, {
      method: call.method,
      headers: {
        authorization: `Bearer ${access.token}`,
        'user-agent': 'sluice/0.1',
        'content-type': 'application/json',
        ...(call.range === undefined ? {} : { range: call.range }),
      },
      ...(call.body === undefined ? {} : { body: call.body }),
      redirect: 'manual',
      signal: AbortSignal.timeout(connection.timeoutMs ?? 30_000),
    });
    return { answer: await answerOf(response), retryAfterMs: retryAfter(response.headers.get('retry-after')) };
  } catch (error) {
    return { answer: broken(error), retryAfterMs: null };
  }
}

async function accessToken({ token }: Connection): Promise<{ readonly token: string } | { readonly why: string }> {
  if (typeof token === 'string') return { token };
  try {
    return { token: await token() };
  } catch (error) {
    return { why: error instanceof Error ? error.message : 'no access token was granted' };
  }
}

async function answerOf(response: Response): Promise<Answer> {
  if (response.status === 0 || (response.status >= 300 && response.status < 400)) {
    await response.body?.cancel();
    return {
      kind: 'fault',
      status: response.status,
      fault: { code: 'refused', text: 'answered with a redirect, which is refused' },
    };
  }
  const bytes = await boundedBytes(response);
  const text = new TextDecoder().decode(bytes);
  return response.ok
    ? { kind: 'answered', text, bytes }
    : { kind: 'fault', status: response.status, fault: readFault(response.status, text) };
}

async function boundedBytes(response: Response): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body ?? []) {
    size += part.byteLength;
    if (size > largestAnswer) throw new Error('the answer is larger than 64 MiB');
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/** Seconds as an integer, as the Python SDK reads it; dates and anything else are ignored. */
function retryAfter(header: string | null): number | null {
  return header !== null && /^\d{1,6}$/.test(header.trim()) ? Number(header) * 1_000 : null;
}

const unsentCodes = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'CERT_HAS_EXPIRED', 'DEPTH_ZERO_SELF_SIGNED_CERT']);

/** Only a wire that provably never opened is `unsent`; everything else may have reached the service. */
function broken(error: unknown): Answer {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const name = error instanceof Error ? error.name : 'Error';
  return {
    kind: unsentCodes.has(code) ? 'unsent' : 'lost',
    why: name === 'TimeoutError' ? 'no answer in time' : `the connection broke (${code || name})`,
  };
}
