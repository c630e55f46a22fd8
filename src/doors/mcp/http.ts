import type { IncomingMessage, ServerResponse } from 'node:http';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import type { McpToken } from '../../schema/mcp-tokens.ts';
import { createMcp } from '../mcp.ts';
import { allowances, REQUESTS, STRANGERS } from './allowance.ts';
import { addressOf, type Places, strangerIn } from './places.ts';
import type { McpWorld } from './sources.ts';
import { readTokens, tokenSaid } from './tokens.ts';

const PATH = '/mcp';
/** RFC 9728 puts the document before the path it is about; some clients look at the root. */
const METADATA = ['/.well-known/oauth-protected-resource/mcp', '/.well-known/oauth-protected-resource'];
const LARGEST_BODY = 256 * 1024;

export interface HttpSettings extends Places {
  /** The file of token hashes; null: there is no door. It is read for each request, so that a token that is taken away opens nothing. */
  readonly tokens: string | null;
}

interface Refusal {
  readonly status: number;
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * The door `/mcp` (Streamable HTTP, without sessions): Host and Origin, then the token, then how often, then the repository; each request
 * gets a server that sees what its token is for and nothing else. The answer true means that the request was taken.
 */
export function mcpDoor(
  settings: HttpSettings,
  worldOf: (token: McpToken, repository: string) => McpWorld,
  now: () => number = () => performance.now(),
): (request: IncomingMessage, response: ServerResponse) => Promise<boolean> {
  const [requests, strangers] = [allowances(REQUESTS, now), allowances(STRANGERS, now)];
  const admit = (request: IncomingMessage, url: URL): Refusal | { readonly token: McpToken; readonly repository: string } => {
    const token = tokenOf(request, settings);
    if (token === 'unreadable') return { status: 503, message: 'the tokens cannot be read: sluice mcp token list says why' };
    if (token === null) return unknownToken(request, settings, strangers.take('everybody'));
    const wait = requests.take(token.sha256);
    if (wait > 0) return tooOften(wait);
    if (request.method !== 'POST') return { status: 405, message: 'messages are posted here', headers: { allow: 'POST' } };
    const repository =
      url.searchParams.get('repository') ?? (token.repositories.length === 1 ? token.repositories[0] : undefined);
    if (repository !== undefined && token.repositories.includes(repository)) return { token, repository };
    return { status: 403, message: `say /mcp?repository= one of: ${token.repositories.join(', ')}` };
  };
  return async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://sluice');
    const isMetadata = METADATA.includes(url.pathname);
    if (settings.tokens === null || (url.pathname !== PATH && !isMetadata)) return false;
    const stranger = strangerIn(request.headers, settings);
    if (stranger)
      refuse(response, { status: 403, message: `this ${stranger} is not allowed: set SLUICE_URL to the door's address` });
    else if (isMetadata) response.writeHead(200, JSON_TYPE).end(JSON.stringify(metadataOf(request, settings)));
    else {
      const admitted = admit(request, url);
      if ('status' in admitted) refuse(response, admitted);
      else await serveOne(request, response, worldOf(admitted.token, admitted.repository));
    }
    return true;
  };
}

const JSON_TYPE = { 'content-type': 'application/json' };

async function serveOne(request: IncomingMessage, response: ServerResponse, world: McpWorld): Promise<void> {
  const server = createMcp(world);
  const transport = new StreamableHTTPServerTransport({ maxRequestBodySize: LARGEST_BODY });
  response.on('close', () => void server.close());
  await server.connect(transport);
  await transport.handleRequest(request, response);
}

/** Whose token was said; null: nobody's. A list that cannot be read lets nobody in. */
function tokenOf({ headers }: IncomingMessage, { tokens }: HttpSettings): McpToken | 'unreadable' | null {
  const [, said] = /^Bearer ([\w.~+/=-]{1,512})$/i.exec(headers.authorization ?? '') ?? [];
  if (said === undefined || tokens === null) return null;
  try {
    return tokenSaid(said, readTokens(tokens));
  } catch {
    return 'unreadable';
  }
}

/** What RFC 6750 and MCP clients expect: where to read what kind of token is wanted. */
function unknownToken(request: IncomingMessage, places: Places, wait: number): Refusal {
  if (wait > 0) return tooOften(wait);
  const where = `${addressOf(request.headers.host ?? '', places)}${METADATA[0]}`;
  const wrong = request.headers.authorization === undefined ? '' : ', error="invalid_token"';
  const challenge = `Bearer realm="sluice", resource_metadata="${where}", scope="read"${wrong}`;
  return {
    ...{ status: 401, message: 'a token of sluice mcp token add is needed, as a bearer token' },
    headers: { 'www-authenticate': challenge },
  };
}

function tooOften(wait: number): Refusal {
  return { status: 429, message: `too many requests: wait ${wait} s`, headers: { 'retry-after': String(wait) } };
}

/** Tokens are handed out by whoever runs the App: there is no authorization server to be sent to. */
function metadataOf(request: IncomingMessage, places: Places) {
  return {
    resource: `${addressOf(request.headers.host ?? '', places)}${PATH}`,
    resource_name: 'Sluice',
    bearer_methods_supported: ['header'],
    scopes_supported: ['read', 'propose'],
  };
}

function refuse(response: ServerResponse, { status, message, headers }: Refusal): void {
  const body = { jsonrpc: '2.0', error: { code: -32_000, message }, id: null };
  response.writeHead(status, { ...JSON_TYPE, ...headers }).end(JSON.stringify(body));
}
