import { generateKeyPairSync, sign } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { TwinDatabricks } from '../../../src/twin/databricks/server.ts';
import { startDatabricks } from '../../../src/twin/databricks/server.ts';
import type { Loopback } from '../../../src/twin/metrics/loopback.ts';
import { answerJson, listenLoopback } from '../../../src/twin/metrics/loopback.ts';
import { clientOf, plain } from './client.ts';

const subject = 'repo:acme/pipelines:environment:prod';
const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
const strangers = generateKeyPairSync('rsa', { modulusLength: 2048 });
const start = Date.UTC(2026, 10, 20, 3);
const jobId = '42';

let now = start;
let jwks: Loopback;
let twin: TwinDatabricks;

beforeEach(async () => {
  now = start;
  jwks = await listenLoopback((_, response) =>
    answerJson(response, 200, { keys: [{ ...keys.publicKey.export({ format: 'jwk' }), kid: 'k1', alg: 'RS256' }] }),
  );
  const federation = { jwksUrl: jwks.url, subject, clientId: 'sp-1', audience: 'sluice' };
  const machine = { clientId: 'sp-2', clientSecret: 'secret' };
  twin = await startDatabricks(
    { jobs: [{ jobId, settings: '{"name":"a"}' }], tokens: { read: 'r', write: 'w' }, federation, machine },
    { clock: () => new Date(now) },
  );
});

afterEach(async () => {
  await twin.close();
  await jwks.close();
});

interface Claims {
  readonly sub?: string;
  readonly exp?: number;
  readonly aud?: string;
}

function jwt(claims: Claims, key = keys.privateKey, alg = 'RS256'): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const text = `${part({ alg, kid: 'k1' })}.${part({ sub: subject, aud: 'sluice', exp: start / 1000 + 300, ...claims })}`;
  return `${text}.${sign('RSA-SHA256', Buffer.from(text), key).toString('base64url')}`;
}

function exchange(form: Record<string, string>): Promise<Response> {
  return fetch(`${twin.url}/oidc/v1/token`, { method: 'POST', body: new URLSearchParams(form) });
}

const grant = {
  grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
  subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
  scope: 'all-apis',
  client_id: 'sp-1',
};

describe('tokens', () => {
  test.each([
    ['no token', null, 401, 'UNAUTHENTICATED'],
    ['an unknown token', 'x', 403, 'PERMISSION_DENIED'],
  ])('%s is refused', async (_, token, status, code) => {
    const answer = await clientOf(twin, token).get('2.2/jobs/list');
    expect([answer.status, plain(answer.body, 'error_code')]).toEqual([status, code]);
  });

  test.each(['jobs/reset', 'jobs/update', 'jobs/create', 'jobs/run-now', 'jobs/runs/repair', 'jobs/runs/cancel'])(
    'the read token may not %s',
    async (path) => {
      const answer = await clientOf(twin, 'r').post(`2.2/${path}`, '{"job_id":42,"new_settings":{}}');
      expect([answer.status, plain(answer.body, 'error_code'), twin.writes.length]).toEqual([403, 'PERMISSION_DENIED', 0]);
    },
  );

  test('a workload with the expected subject gets a token that writes, for an hour', async () => {
    const answer = await exchange({ ...grant, subject_token: jwt({}) });
    const token: unknown = ((await answer.json()) as Record<string, unknown>).access_token;
    const client = clientOf(twin, String(token));
    expect((await client.post('2.2/jobs/reset', '{"job_id":42,"new_settings":{"name":"b"}}')).status).toBe(200);
    expect(twin.writes.map((write) => write.token)).toEqual(['federated']);
    now += 3_601_000;
    expect((await client.get('2.2/jobs/list')).status).toBe(403);
  });

  test.each([
    ['another subject', () => jwt({ sub: 'repo:acme/pipelines:ref:refs/heads/x' })],
    ['another audience', () => jwt({ aud: 'else' })],
    ['an expired token', () => jwt({ exp: start / 1000 - 1 })],
    ['a token signed by another key', () => jwt({}, strangers.privateKey)],
    ['another algorithm', () => jwt({}, keys.privateKey, 'HS256')],
    ['no JWT', () => 'abc'],
  ])('%s gets none', async (_, token) => {
    const answer = await exchange({ ...grant, subject_token: token() });
    expect([answer.status, ((await answer.json()) as Record<string, unknown>).error]).toEqual([400, 'invalid_grant']);
  });

  test('a service principal gets a token for its secret only', async () => {
    const ask = (secret: string) =>
      exchange({ grant_type: 'client_credentials', client_id: 'sp-2', client_secret: secret, scope: 'all-apis' });
    expect([(await ask('secret')).status, (await ask('wrong')).status]).toEqual([200, 401]);
  });

  test('the discovery document names the token endpoint', async () => {
    const answer = await fetch(`${twin.url}/oidc/.well-known/oauth-authorization-server`);
    expect(((await answer.json()) as Record<string, unknown>).token_endpoint).toBe(`${twin.url}/oidc/v1/token`);
  });
});

describe('faults', () => {
  const reset = '{"job_id":42,"new_settings":{"name":"b"}}';

  test('a rule hits the calls it names and no others', async () => {
    twin.faults.add({ fault: { kind: 'too_many', retryAfter: 7 }, path: '/jobs/get', atCall: 2, times: 2 });
    const client = clientOf(twin, 'r');
    const statuses: number[] = [];
    for (let call = 0; call < 5; call += 1) statuses.push((await client.get('2.2/jobs/get', { job_id: jobId })).status);
    expect(statuses).toEqual([200, 429, 429, 200, 200]);
    expect((await client.get('2.2/jobs/list')).status).toBe(200);
  });

  test.each([
    [{ kind: 'too_many', retryAfter: 7 } as const, 429, 'REQUEST_LIMIT_EXCEEDED'],
    [{ kind: 'unavailable' } as const, 503, 'TEMPORARILY_UNAVAILABLE'],
    [{ kind: 'numeric_code', status: 500 } as const, 500, '500'],
  ])('%j writes nothing', async (fault, status, code) => {
    twin.faults.add({ fault, method: 'POST' });
    const answer = await clientOf(twin, 'w').post('2.2/jobs/reset', reset);
    expect([answer.status, plain(answer.body, 'error_code'), twin.writes.length]).toEqual([status, code, 0]);
    expect(answer.headers.get('retry-after')).toBe(status === 429 ? '7' : null);
  });

  test('a write that is accepted before the connection breaks is done once, and the client is told nothing', async () => {
    twin.faults.add({ fault: { kind: 'accepted_then_broken' }, method: 'POST' });
    await expect(clientOf(twin, 'w').post('2.2/jobs/reset', reset)).rejects.toThrow();
    expect(twin.writes).toHaveLength(1);
    expect(twin.settingsText(jobId)).toContain('"name":"b"');
  });

  test('a delayed call is answered late', async () => {
    twin.faults.add({ fault: { kind: 'delay', milliseconds: 120 } });
    const before = Date.now();
    expect((await clientOf(twin, 'r').get('2.2/jobs/list')).status).toBe(200);
    expect(Date.now() - before).toBeGreaterThanOrEqual(110);
  });
});
