import { createHash, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Tokens } from './auth.ts';
import type { FaultRule, Faults } from './faults.ts';
import { fieldsOf, type Json, parseJson } from './json.ts';
import type { Actor } from './nouns.ts';
import { checkNeed } from './permissions.ts';
import { advanceQueue } from './queue.ts';
import { notFound, Refusal } from './refusal.ts';
import type { Answer, Call } from './route.ts';
import type { Router } from './router.ts';
import type { World } from './world.ts';

export interface CallEntry {
  readonly actor: string;
  readonly method: string;
  readonly path: string;
  readonly status: number;
}

export interface Exchange {
  readonly method: string;
  readonly path: string;
  /** The route's template; null when nothing matched or a fault answered. */
  readonly route: string | null;
  readonly status: number;
  readonly requestBody: Json;
  readonly responseBody: Json;
}

export interface Wiring {
  readonly world: World;
  readonly tokens: Tokens;
  readonly router: Router;
  readonly faults: Faults;
  readonly graphql: (actor: Actor, body: Json) => Promise<Answer>;
  readonly calls: CallEntry[];
  /** Requests of each actor so far, for the rate-limit headers. */
  readonly used: Map<string, number>;
  readonly exchanges: ((exchange: Exchange) => void)[];
}

const LIMIT = 15_000;

export function createGithubServer(wiring: Wiring): Server {
  return createServer((request, response) => {
    serve(wiring, request, response).catch((problem: unknown) => {
      // A bug of the twin must be seen, not waited for.
      process.stderr.write(`twin github: ${problem instanceof Error ? problem.stack : String(problem)}\n`);
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });
}

async function serve(wiring: Wiring, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const text = await readBody(request);
  const url = new URL(request.url ?? '/', 'http://twin');
  const path = url.pathname.replace(/^\/api\/(v3\/)?/, '/').replace(/\/{2,}/g, '/');
  const method = request.method ?? 'GET';
  const named = name(wiring, request);
  const fault = wiring.faults.next(method, path, named.name);
  if (fault?.delayMs !== undefined) await new Promise((resolve) => setTimeout(resolve, fault.delayMs));
  const body: Json = text === '' ? null : (parseJson(text) ?? null);
  // Minutes may have passed since the last request.
  advanceQueue(wiring.world);
  const answered =
    fault?.respond === undefined
      ? await answer(wiring, named, request, { method, path, url, text, body })
      : faulty(fault.respond);
  advanceQueue(wiring.world);
  wiring.calls.push({ actor: named.name, method, path, status: answered.answer.status });
  const responseBody = answered.answer.body ?? null;
  const { route } = answered;
  for (const listen of wiring.exchanges)
    listen({ method, path, route, status: answered.answer.status, requestBody: body, responseBody });
  if (fault?.dropAfterWrite === true) request.socket.destroy();
  else write(wiring, named.name, request, response, answered.answer);
}

interface Incoming {
  readonly method: string;
  readonly path: string;
  readonly url: URL;
  readonly text: string;
  readonly body: Json;
}

interface Answered {
  readonly answer: Answer;
  readonly route: string | null;
}

interface Named {
  readonly name: string;
  readonly actor: Actor | Refusal;
}

function name(wiring: Wiring, request: IncomingMessage): Named {
  try {
    const actor = wiring.tokens.actorOf(request.headers.authorization);
    return { name: actor.name, actor };
  } catch (problem) {
    if (problem instanceof Refusal) return { name: 'anonymous', actor: problem };
    throw problem;
  }
}

async function answer(wiring: Wiring, { actor }: Named, request: IncomingMessage, incoming: Incoming): Promise<Answered> {
  const match = wiring.router(incoming.method, incoming.path);
  const route = match?.route.path ?? null;
  try {
    if (actor instanceof Refusal) throw actor;
    if (incoming.path === '/graphql' && incoming.method === 'POST')
      return { answer: await wiring.graphql(actor, incoming.body), route };
    if (match === null) throw notFound();
    checkRepository(wiring.world, match.params);
    checkNeed(actor, match.route);
    if (incoming.text !== '' && parseJson(incoming.text) === undefined) throw new Refusal(400, 'Problems parsing JSON');
    const { params } = match;
    const call: Call = {
      world: wiring.world,
      actor,
      params,
      query: incoming.url.searchParams,
      body: fieldsOf(incoming.body),
      accept: request.headers.accept ?? '',
      path: incoming.path,
    };
    return { answer: match.route.run(call), route };
  } catch (problem) {
    if (problem instanceof Refusal) return { answer: { status: problem.status, body: problem.body }, route };
    throw problem;
  }
}

/** One repository and one owner exist; every other name is not found, whoever asks. */
function checkRepository(world: World, params: Readonly<Record<string, string>>): void {
  const same = (one: string | undefined, other: string) => one === undefined || one.toLowerCase() === other.toLowerCase();
  if (!same(params.owner, world.owner) || !same(params.org, world.owner) || !same(params.repo, world.repo)) throw notFound();
}

function faulty(respond: NonNullable<FaultRule['respond']>): Answered {
  const body = parseJson(JSON.stringify(respond.body ?? { message: 'Injected fault' })) ?? null;
  return { route: null, answer: { status: respond.status, body, headers: respond.headers ?? {} } };
}

function write(wiring: Wiring, actor: string, request: IncomingMessage, response: ServerResponse, given: Answer): void {
  const content = given.raw ?? (given.body === undefined ? Buffer.alloc(0) : Buffer.from(JSON.stringify(given.body)));
  const etag = `W/"${createHash('sha256').update(content).digest('hex')}"`;
  const used = (wiring.used.get(actor) ?? 0) + 1;
  wiring.used.set(actor, used);
  const time = wiring.world.tokenTime();
  const headers: Record<string, string> = {
    date: time.toUTCString(),
    'x-github-request-id': randomUUID().slice(0, 18).toUpperCase(),
    'x-github-media-type': 'github.v3; format=json',
    'x-ratelimit-limit': String(LIMIT),
    'x-ratelimit-remaining': String(Math.max(0, LIMIT - used)),
    'x-ratelimit-used': String(used),
    'x-ratelimit-reset': String(Math.floor(time.getTime() / 1000) + 3600),
    'x-ratelimit-resource': 'core',
  };
  if (content.length > 0) headers['content-type'] = 'application/json; charset=utf-8';
  if (request.method === 'GET' && given.status === 200) headers.etag = etag;
  const known = headers.etag !== undefined && (request.headers['if-none-match'] ?? '').split(/,\s*/).includes(etag);
  response.writeHead(known ? 304 : given.status, { ...headers, ...given.headers });
  response.end(known ? undefined : content);
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
