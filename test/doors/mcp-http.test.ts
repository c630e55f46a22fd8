import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer, request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { mcpDoor } from '../../src/doors/mcp/http.ts';
import { servedWorld } from '../../src/doors/mcp/served-world.ts';
import { hashOf, newToken, writeTokens } from '../../src/doors/mcp/tokens.ts';
import { serve } from '../../src/doors/serve.ts';
import type { McpToken } from '../../src/schema/mcp-tokens.ts';
import { type Plant, startPlant } from '../../src/twin/databricks/plant.ts';
import { jobIds } from '../../src/twin/pipeline/workloads.ts';
import { APP_ID, APPLY_APP_ID, appKey, stage } from '../support/github.ts';
import { ask, READS } from '../support/mcp.ts';
import { type OpenIncident, openIncident } from '../support/mcp-incident.ts';
import { clockOf, rehearsalStart } from '../support/rehearsal.ts';

const KEY = 'spark.sql.shuffle.partitions';
const OLGA = { id: 11, login: 'olga' };
let plant: Plant;

beforeAll(async () => {
  plant = await startPlant({ workloads: ['oom'], start: rehearsalStart });
});
afterAll(() => plant.close());

interface Door {
  readonly url: string;
  readonly port: number;
  readonly file: string;
  readonly token: string;
  readonly wait: (milliseconds: number) => void;
}

/** The door of one repository, or of none that is ever asked, with one token of its file. */
async function door(
  change: Partial<McpToken> = {},
  { open, url = null }: { readonly open?: OpenIncident; readonly url?: string | null } = {},
): Promise<Door> {
  const file = join(mkdtempSync(join(tmpdir(), 'sluice-mcp-')), 'tokens.json');
  const token = newToken();
  const bare = { scope: 'read' as const, repositories: ['acme/pipelines'], user: null, added: '2026-11-20T03:00:00Z' };
  writeTokens(file, [{ ...bare, ...change, sha256: hashOf(token) }]);
  const workspaces = ['prod', 'other'].map((name) => ({ name, host: plant.databricks.url, token: plant.tokens.read }));
  const servers = { workspaces, metrics: [{ name: 'main', url: plant.metrics.url, headers: {} }], clock: clockOf(plant) };
  const portsOf = async () => {
    if (!open) throw new Error('GitHub is not asked here');
    return open.ports;
  };
  let now = 0;
  const answer = mcpDoor(
    { tokens: file, url },
    (said, at) => servedWorld(said, at, { ...servers, portsOf }),
    () => now,
  );
  const server = createServer(async (request, response) => {
    if (!(await answer(request, response))) response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(
    () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const wait = (milliseconds: number) => {
    now += milliseconds;
  };
  return { url: `http://127.0.0.1:${port}`, port, file, token, wait };
}

async function clientOf(at: Door, token = at.token, query = ''): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' });
  const headers = { authorization: `Bearer ${token}` };
  const transport = new StreamableHTTPClientTransport(new URL(`${at.url}/mcp${query}`), { requestInit: { headers } });
  await client.connect(transport);
  onTestFinished(() => client.close());
  return client;
}

const hello = {
  ...{ jsonrpc: '2.0', id: 1, method: 'initialize' },
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
};

const LIST = JSON.stringify({ jsonrpc: '2.0', id: 2, method: 'tools/list' });

interface Said {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** One bare request, with a Host of its own where it is given: fetch would not let it be forged. */
function say(
  at: Door,
  headers: Readonly<Record<string, string>> = {},
  { method = 'POST', path = '/mcp', body = JSON.stringify(hello) } = {},
): Promise<Said> {
  const usual = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
  return new Promise((resolve, reject) => {
    const sent = httpRequest(
      { port: at.port, host: '127.0.0.1', method, path, headers: { ...usual, ...headers } },
      (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text: Buffer.concat(parts).toString() }),
        );
      },
    );
    sent.on('error', reject);
    sent.end(method === 'POST' ? body : undefined);
  });
}

const bearing = (at: Door, token = at.token) => ({ authorization: `Bearer ${token}` });

describe('the door /mcp', () => {
  test('a token that reads gets the reading tools, and no others', async () => {
    const { tools } = await (await clientOf(await door())).listTools();

    expect(tools.map((tool) => tool.name)).toEqual(READS);
  });

  test('a token that proposes gets rollout_config too', async () => {
    const { tools } = await (await clientOf(await door({ scope: 'propose', user: OLGA }))).listTools();

    expect(tools.map((tool) => tool.name)).toEqual([...READS, 'rollout_config']);
  });

  test('a long read tells its progress on the way', async () => {
    const client = await clientOf(await door());
    const heard: unknown[] = [];
    const asked = { name: 'get_metric', arguments: { query: 'sum(kafka_consumergroup_lag)', window: '1h' } };
    await client.callTool(asked, undefined, { onprogress: (one) => heard.push(one.message) });

    expect(heard).toEqual(['Prometheus: a query read']);
  });

  test('prompts are there without GitHub', async () => {
    const { messages } = await (await clientOf(await door())).getPrompt({ name: 'system' });

    expect(messages[0]?.content).toMatchObject({ text: expect.stringContaining('APPROVAL REQUEST') });
  });

  test.each([
    ['no token', {}, 401, /^Bearer realm="sluice", resource_metadata="[^"]+", scope="read"$/],
    ['a token that nobody was given', { authorization: 'Bearer sluice_mcp_guess' }, 401, /error="invalid_token"/],
    ['another scheme', { authorization: 'Basic b2xnYTp4' }, 401, /error="invalid_token"/],
  ])('%s is answered 401 with where to read what is wanted', async (_, headers, status, challenge) => {
    const said = await say(await door(), headers);

    expect(said.status).toBe(status);
    expect(said.headers['www-authenticate']).toMatch(challenge);
  });

  test('where to read what is wanted can be read without a token, and names the address that clients use', async () => {
    const at = await door({}, { url: 'https://sluice.example.com' });
    const challenge = String((await say(at)).headers['www-authenticate']);
    const path = new URL(/resource_metadata="([^"]+)"/.exec(challenge)?.[1] ?? '').pathname;
    const said = await say(at, {}, { method: 'GET', path });

    expect(challenge).toContain('resource_metadata="https://sluice.example.com/');
    expect(said.status).toBe(200);
    expect(JSON.parse(said.text)).toEqual({
      resource: 'https://sluice.example.com/mcp',
      resource_name: 'Sluice',
      bearer_methods_supported: ['header'],
      scopes_supported: ['read', 'propose'],
    });
  });

  test.each([
    ['a foreign Host', 403, { host: 'evil.example.com' }],
    ['a foreign Host that begins like ours', 403, { host: 'localhost.evil.example.com' }],
    ['a foreign Origin', 403, { origin: 'https://evil.example.com' }],
    ['an Origin that is none', 403, { origin: 'null' }],
    ['the loopback name', 200, { host: 'localhost:3000' }],
    ['an Origin of this machine', 200, { origin: 'http://localhost:6274' }],
    ['the configured name', 200, { host: 'sluice.example.com', origin: 'https://sluice.example.com' }],
  ])('%s is answered %i', async (_, status, headers) => {
    const at = await door({}, { url: 'https://sluice.example.com' });

    expect((await say(at, { ...bearing(at), ...headers })).status).toBe(status);
  });

  test('a foreign Host hears nothing, not even whether its token is one', async () => {
    const at = await door();
    const headers = { host: 'evil.example.com' };

    expect((await say(at, headers)).text).toBe((await say(at, { ...bearing(at), ...headers })).text);
    expect((await say(at, headers, { method: 'GET', path: '/.well-known/oauth-protected-resource' })).status).toBe(403);
  });

  test('a token that is taken away, or a list that cannot be read, opens nothing from then on', async () => {
    const at = await door();
    const before = await say(at, bearing(at));
    writeTokens(at.file, []);
    const taken = await say(at, bearing(at));
    writeFileSync(at.file, '{"tokens": [{"sha256": "x"}]}');
    const broken = await say(at, bearing(at));

    expect([before.status, taken.status, broken.status]).toEqual([200, 401, 503]);
  });

  test.each(['GET', 'DELETE', 'PUT'])('%s is answered 405: there are no sessions', async (method) => {
    const at = await door();

    expect(await say(at, bearing(at), { method })).toMatchObject({ status: 405, headers: { allow: 'POST' } });
  });

  test.each([
    ['a version of the protocol that is not spoken', { 'mcp-protocol-version': '2099-01-01' }, { body: LIST }, 400],
    ['a version that is', { 'mcp-protocol-version': '2025-11-25' }, { body: LIST }, 200],
    ['no version at all', {}, {}, 200],
    ['an answer that could not be read', { accept: 'application/json' }, {}, 406],
    ['a body of another type', { 'content-type': 'text/plain' }, {}, 415],
    ['a body that is no JSON', {}, { body: '{' }, 400],
  ])('%s is answered with the status that clients expect', async (_, headers, change, status) => {
    const at = await door();

    expect((await say(at, { ...bearing(at), ...headers }, change)).status).toBe(status);
  });

  test('what is larger than a message ever is, is refused', async () => {
    const at = await door();
    const params = { ...hello.params, more: 'x'.repeat(300 * 1024) };

    expect((await say(at, bearing(at), { body: JSON.stringify({ ...hello, params }) })).status).toBe(413);
  });

  test('a token that asks too often waits, and the time to wait is said', async () => {
    const at = await door();
    const statuses = [];
    for (let count = 0; count < 61; count++) statuses.push((await say(at, bearing(at), { method: 'GET' })).status);
    const said = await say(at, bearing(at));
    at.wait(Number(said.headers['retry-after']) * 1000);

    expect(statuses.filter((status) => status === 429)).toHaveLength(1);
    expect(said).toMatchObject({ status: 429, headers: { 'retry-after': '1' } });
    expect((await say(at, bearing(at))).status).toBe(200);
  });

  test('guesses are slowed down, and whoever has a token is not', async () => {
    const at = await door();
    const guess = () => say(at, bearing(at, 'sluice_mcp_guess'), { method: 'GET' });
    for (let count = 0; count < 30; count++) await guess();

    expect((await guess()).status).toBe(429);
    expect((await say(at, bearing(at))).status).toBe(200);
  });

  test('a token for several repositories says which, and a token for one opens no other', async () => {
    const several = await door({ repositories: ['acme/pipelines', 'acme/other'] });
    const one = await door();
    const path = (repository: string) => ({ path: `/mcp?repository=${repository}` });

    expect((await say(several, bearing(several))).status).toBe(403);
    expect((await say(several, bearing(several), path('acme/other'))).status).toBe(200);
    expect((await say(one, bearing(one), path('acme/other'))).status).toBe(403);
  });

  test('another path is none of its business, and without a file of tokens nor is this one', async () => {
    const at = await door();

    expect((await say(at, bearing(at), { path: '/mcp/more' })).status).toBe(404);
    expect(await mcpDoor({ tokens: null, url: null }, () => expect.fail())({ url: '/mcp' } as never, {} as never)).toBe(false);
  });

  test('the file keeps hashes only, and is its owner’s alone', async () => {
    const at = await door();

    expect(readFileSync(at.file, 'utf8')).not.toContain(at.token);
    expect(statSync(at.file).mode & 0o077).toBe(0);
  });
});

test('sluice serve has the door, beside webhooks and alerts', async () => {
  const { twin } = await stage();
  const { file, token } = await door();
  const app = { APP_ID: String(APP_ID), PRIVATE_KEY: appKey, WEBHOOK_SECRET: 's', SLUICE_APPLY_APP_ID: String(APPLY_APP_ID) };
  const at = { GITHUB_API_URL: twin.url, PORT: '0', LOG_LEVEL: 'fatal', SLUICE_RECORD_KEY: 'k', SLUICE_MCP_TOKENS: file };
  const served = await serve({ ...app, ...at });
  onTestFinished(() => served.close());
  const here = { url: `http://127.0.0.1:${served.port}`, port: served.port, file, token, wait: () => {} };

  expect((await say(here)).status).toBe(401);
  expect((await (await clientOf(here)).listTools()).tools.map((tool) => tool.name)).toEqual(READS);
});

describe('one repository over HTTP', () => {
  test('is read at its default branch, with the workspaces of its own targets only', async () => {
    const open = await openIncident(plant);
    const client = await clientOf(await door({}, { open }));
    const { resources } = await client.listResources();

    expect(resources.map(({ uri }) => uri)).toContain('sluice://runbooks/databricks-job-oom');
    expect(await ask(client, 'find_target')).toMatchObject({ mode: 'propose', targets: ['orders-nightly'] });
    expect(await ask(client, 'get_job_status', { job_id: jobIds.oom })).toMatchObject({ workspace: 'prod' });
    expect(await ask(client, 'get_job_status', { job_id: jobIds.oom, workspace: 'other' })).toMatchObject({
      error: { code: 'setting_missing' },
    });
    expect(await ask(client, 'get_incident', { number: open.issue })).toMatchObject({ target: 'orders-nightly' });
  });

  test('what is proposed is the App’s pull request, and the person of the token has shaped it and cannot approve it', async () => {
    const open = await openIncident(plant);
    const { at, issue } = open;
    const client = await clientOf(await door({ scope: 'propose', user: OLGA }, { open }));
    const change = { incident: issue, key: KEY, value: 800 };
    const opened = await ask(client, 'rollout_config', { change, target: 'orders-nightly' });
    const { data: pull } = await at.user('alice').rest.pulls.get({ ...at.at, pull_number: opened.pull });
    await at.user('olga').rest.issues.createComment({ ...at.at, issue_number: opened.pull, body: `/approve ${opened.head_sha}` });
    const explained = await ask(client, 'explain_gate', { pull: opened.pull });
    const { data: comments } = await at.user('alice').rest.issues.listComments({ ...at.at, issue_number: issue });

    expect(pull.user).toMatchObject({ type: 'Bot' });
    expect(explained.approvals).toEqual([]);
    expect(explained.not_counted).toEqual([{ login: 'olga', code: 'approval_committer', why: 'shaped its content' }]);
    expect(comments.at(-1)?.body).toContain('handed in through MCP for `olga` (user id 11)');
    expect(plant.databricks.writes).toEqual([]);
  });

  test.each([
    ['a login that is another account now', { id: 999, login: 'olga' }, /no longer the account/],
    ['a person who may not write any more', { id: 13, login: 'rita' }, /may not write/],
    ['a login that is nobody’s', { id: 1, login: 'gone' }, /no longer the account/],
  ])('%s proposes nothing', async (_, user, why) => {
    const open = await openIncident(plant);
    const client = await clientOf(await door({ scope: 'propose', user }, { open }));
    const change = { incident: open.issue, key: KEY, value: 800 };

    expect(await ask(client, 'rollout_config', { change, target: 'orders-nightly' })).toMatchObject({
      error: { code: 'not_permitted', message: expect.stringMatching(why) },
    });
    expect((await open.at.user('alice').rest.pulls.list({ ...open.at.at, state: 'all' })).data).toEqual([]);
  });
});
