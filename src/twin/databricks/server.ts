import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Loopback } from '../metrics/loopback.ts';
import { listenLoopback, readBody } from '../metrics/loopback.ts';
import { isObject, jsonObject, parseJson, writeJson } from '../pipeline/json.ts';
import type { NodeType } from '../pipeline/node-types.ts';
import { defaultNodeTypes } from '../pipeline/node-types.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import { createPipeline } from '../pipeline/pipeline.ts';
import type { Run } from '../pipeline/run.ts';
import type { Answer } from './answer.ts';
import { Refusal, refused } from './answer.ts';
import type { Fault, Faults } from './faults.ts';
import { createFaults } from './faults.ts';
import { createFileStore } from './files.ts';
import { createJobStore } from './jobs.ts';
import type { Call } from './request.ts';
import type { World } from './routes.ts';
import { answerCall, isWrite, jobTouched } from './routes.ts';
import { storedSettings } from './settings.ts';
import type { Federation, MachineSecret, TokenKind, WorkspaceTokens } from './tokens.ts';
import { createTokenDesk } from './tokens.ts';

export interface DatabricksSeed {
  /** `settings` is the raw JSON text of JobSettings. */
  readonly jobs: readonly { readonly jobId: string; readonly settings: string; readonly creator?: string }[];
  readonly tokens: WorkspaceTokens;
  readonly nodeTypes?: readonly NodeType[];
  readonly federation?: Federation;
  readonly machine?: MachineSecret;
}

/** A call that changed something, or tried to and was let through. */
export interface TwinWrite {
  readonly at: Date;
  readonly method: string;
  readonly path: string;
  readonly jobId: string | null;
  readonly token: TokenKind;
  readonly body: string;
}

export interface TwinCall {
  readonly at: Date;
  readonly method: string;
  readonly path: string;
  readonly token: TokenKind | null;
  readonly status: number;
}

export interface TwinDatabricks extends Loopback {
  /** The job's settings as jobs/get would show them, all pages at once. */
  settingsText(jobId: string): string;
  readonly writes: readonly TwinWrite[];
  readonly calls: { count(token?: string): number; all(): readonly TwinCall[] };
  readonly faults: Pick<Faults, 'add' | 'clear'>;
  /** Hears of each call after it took effect and before its answer is sent: the moment at which a client can be lost. */
  onCall(listener: (call: TwinCall) => void): void;
  /** A foreign edit, as by somebody in the workspace's pages: replaces the settings, leaves no call and no write. */
  edit(jobId: string, settings: string): void;
  /** Somebody deletes the job in the workspace's pages; its runs stay. */
  remove(jobId: string): void;
  /** Puts a file where dbfs/read (`/…`) or the Files API (`/Volumes/…`) finds it. */
  putFile(path: string, text: string): void;
  runs(jobId?: string): readonly Run[];
}

export async function startDatabricks(
  seed: DatabricksSeed,
  options: { clock: () => Date; pipeline?: Pipeline },
): Promise<TwinDatabricks> {
  const pipeline = options.pipeline ?? createPipeline({ workloads: [], start: options.clock() });
  const nodeTypes = seed.nodeTypes ?? defaultNodeTypes;
  const jobs = createJobStore(options.clock, (jobId) => pipeline.settingsChanged(jobId));
  for (const job of seed.jobs) jobs.put(job.jobId, parsedSettings(job.settings), job.creator ?? 'twin@example.com');
  pipeline.attach({ settingsText: jobs.settingsText, nodeTypes });
  const files = createFileStore(pipeline);
  const desk = createTokenDesk(seed, options.clock);
  const faults = createFaults();
  const log: TwinCall[] = [];
  const writes: TwinWrite[] = [];
  const listeners: ((call: TwinCall) => void)[] = [];
  const world: World = { jobs, pipeline, files, nodeTypes, clock: options.clock };
  const loopback = await listenLoopback(async (request, response) => {
    const call = await readCall(request);
    pipeline.advanceTo(options.clock());
    const fault = faults.next(call.method, call.path);
    const answered = await answerOnce(call, request, { world, desk, writes, fault });
    const seen: TwinCall = {
      at: options.clock(),
      method: call.method,
      path: call.path,
      token: answered.token,
      status: answered.answer.status,
    };
    log.push(seen);
    for (const listen of listeners) listen(seen);
    await send(response, answered.answer, fault);
  });
  return {
    ...loopback,
    writes,
    faults,
    onCall: (listener) => void listeners.push(listener),
    calls: { count: (token) => log.filter((call) => token === undefined || call.token === token).length, all: () => [...log] },
    settingsText: (jobId) => writeJson(jobs.find(jobId).settings),
    edit: (jobId, settings) => {
      pipeline.advanceTo(options.clock());
      jobs.put(jobId, parsedSettings(settings), 'somebody@example.com');
    },
    remove: jobs.remove,
    putFile: files.put,
    runs: (jobId) => {
      pipeline.advanceTo(options.clock());
      return pipeline.runs(jobId);
    },
  };
}

function parsedSettings(text: string): ReturnType<typeof storedSettings> {
  const settings = parseJson(text);
  if (!isObject(settings)) throw new TypeError('job settings must be a JSON object');
  return storedSettings(settings);
}

async function readCall(request: IncomingMessage): Promise<Call> {
  const url = new URL(request.url ?? '/', 'http://twin');
  return { method: request.method ?? 'GET', path: url.pathname, query: url.searchParams, body: await readBody(request) };
}

interface Desk {
  readonly world: World;
  readonly desk: ReturnType<typeof createTokenDesk>;
  readonly writes: TwinWrite[];
  readonly fault: Fault | null;
}

async function answerOnce(
  call: Call,
  request: IncomingMessage,
  desk: Desk,
): Promise<{ answer: Answer; token: TokenKind | null }> {
  const stopped = stoppedBy(desk.fault);
  if (stopped !== null) return { answer: stopped, token: null };
  let token: TokenKind | null = null;
  try {
    if (call.path.startsWith('/oidc/')) return { answer: await answerOidc(call, request, desk), token };
    token = desk.desk.kindOf(request.headers.authorization);
    if (isWrite(call) && token === 'read')
      throw new Refusal(403, 'PERMISSION_DENIED', `${token} token does not have Manage permissions on this resource.`);
    const answer = answerCall(call, desk.world);
    if (isWrite(call)) {
      const { method, path, body } = call;
      desk.writes.push({ at: desk.world.clock(), method, path, jobId: jobTouched(call, desk.world), token, body });
    }
    return { answer, token };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { answer: refused(error), token };
  }
}

async function answerOidc(call: Call, request: IncomingMessage, desk: Desk): Promise<Answer> {
  if (call.method === 'GET' && call.path === '/oidc/.well-known/oauth-authorization-server') {
    const base = `http://${request.headers.host}/oidc`;
    return {
      status: 200,
      body: jsonObject({ issuer: base, authorization_endpoint: `${base}/v1/authorize`, token_endpoint: `${base}/v1/token` }),
    };
  }
  if (call.method === 'POST' && call.path === '/oidc/v1/token')
    return desk.desk.exchange(new URLSearchParams(call.body), request.headers.authorization);
  throw new Refusal(404, 'ENDPOINT_NOT_FOUND', `No API found for '${call.method} ${call.path}'`);
}

/** The answer of a fault that stops the call before it does anything; null for the others. */
function stoppedBy(fault: Fault | null): Answer | null {
  switch (fault?.kind) {
    case 'too_many': {
      const headers = fault.retryAfter === undefined ? {} : { headers: { 'retry-after': String(fault.retryAfter) } };
      return { ...refused(new Refusal(429, 'REQUEST_LIMIT_EXCEEDED', 'Current request exceeds the allowed rate.')), ...headers };
    }
    case 'unavailable':
      return refused(new Refusal(503, 'TEMPORARILY_UNAVAILABLE', 'The service is temporarily unavailable.'));
    case 'numeric_code':
      return { status: fault.status, body: jsonObject({ error_code: fault.status, message: 'numeric error code' }) };
    case 'not_json':
      return { status: fault.status, body: Buffer.from(fault.text), headers: { 'content-type': 'text/html' } };
    default:
      return null;
  }
}

async function send(response: ServerResponse, answer: Answer, fault: Fault | null): Promise<void> {
  if (fault?.kind === 'delay') await new Promise((resolve) => setTimeout(resolve, fault.milliseconds));
  // The work is done; only the answer is lost. The client cannot tell.
  if (fault?.kind === 'accepted_then_broken') return void response.socket?.destroy();
  const body = Buffer.isBuffer(answer.body) ? answer.body : Buffer.from(writeJson(answer.body));
  response.writeHead(answer.status, { 'content-type': 'application/json', 'content-length': body.length, ...answer.headers });
  response.end(body);
}
