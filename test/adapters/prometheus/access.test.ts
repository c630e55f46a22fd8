import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createMetrics } from '../../../src/adapters/prometheus/metrics.ts';
import type { MetricsAccess } from '../../../src/schema/metrics-access.ts';
import { answering, json } from '../../support/answering.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

const now = new Date('2026-11-20T03:00:00Z');
const body = '{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1,"7"]}]}}';

describe('who asks Prometheus', () => {
  test.each([
    ['nobody', { by: 'nothing' }, undefined],
    ['a bearer', { by: 'bearer', token: 't1' }, 'Bearer t1'],
    [
      'a user with a password',
      { by: 'basic', username: 'ü', password: 'p:w' },
      `Basic ${Buffer.from('ü:p:w').toString('base64')}`,
    ],
  ] as const)('is %s', async (_, identity, authorization) => {
    const at = await answering((_, response) => json(response, 200, body));
    closing.push(at.close);

    await createMetrics({ url: at.url, identity, headers: { 'x-scope-orgid': 'team' } }).instant('up', now);

    expect(at.seen[0]?.headers).toMatchObject({ 'x-scope-orgid': 'team' });
    expect(at.seen[0]?.headers.authorization).toBe(authorization);
  });

  test('is the bearer that the file names at that moment', async () => {
    const at = await answering((_, response) => json(response, 200, body));
    const folder = mkdtempSync(join(tmpdir(), 'sluice-token-'));
    closing.push(at.close, async () => rmSync(folder, { recursive: true }));
    const path = join(folder, 'token');
    const metrics = createMetrics({ url: at.url, identity: { by: 'bearer-file', path } });

    const without = await metrics.instant('up', now);
    for (const token of ['t1\n', 't2']) {
      writeFileSync(path, token);
      await metrics.instant('up', now);
    }

    expect(without).toEqual({ known: false, why: `unreachable: the file ${path} cannot be read` });
    expect(at.seen.map(({ headers }) => headers.authorization)).toEqual(['Bearer t1', 'Bearer t2']);
  });

  test('is an AWS identity whose signature is for what is sent, at the time it is sent', async () => {
    const at = await answering((_, response) => json(response, 200, body));
    closing.push(at.close);
    const identity = {
      ...({ by: 'sigv4', region: 'eu-west-1', service: 'aps' } as const),
      ...{ accessKeyId: 'AK', secretAccessKey: 'SK', sessionToken: 'ST' },
    };

    await createMetrics({ url: `${at.url}/workspaces/ws-1`, identity, now: () => now }).instant('up', now);

    const seen = at.seen[0];
    expect(seen?.headers['x-amz-date']).toBe('20261120T030000Z');
    expect(seen?.headers['x-amz-security-token']).toBe('ST');
    expect(seen?.headers.authorization).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AK\/20261120\/eu-west-1\/aps\/aws4_request, SignedHeaders=content-type;host;x-amz-date;x-amz-security-token, Signature=[0-9a-f]{64}$/,
    );
  });
});

const hasOpenssl = spawnSync('openssl', ['version']).status === 0;
if (!hasOpenssl) process.stderr.write('openssl is not here: certificates are not tested\n');

describe.skipIf(!hasOpenssl)('a Prometheus behind mutual TLS', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-tls-'));
  const at = (name: string) => join(folder, name);
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' });
  const issue = (name: string, subject: string) => {
    openssl('req', '-newkey', 'rsa:2048', '-nodes', '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', subject);
    const signed = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-extfile', 'names', '-days', '2'];
    openssl('x509', '-req', '-in', `${name}.csr`, '-out', `${name}.pem`, ...signed);
  };
  beforeAll(() => {
    openssl(
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-keyout',
      'ca.key',
      '-out',
      'ca.pem',
      '-subj',
      '/CN=ca',
      '-days',
      '2',
    );
    writeFileSync(at('names'), 'subjectAltName=IP:127.0.0.1');
    issue('server', '/CN=127.0.0.1');
    issue('client', '/CN=sluice');
  }, 60_000);
  afterAll(() => rmSync(folder, { recursive: true }));

  async function server(respond = body, status = 200) {
    const [key, cert, ca] = ['server.key', 'server.pem', 'ca.pem'].map((name) => readFileSync(at(name)));
    const seen: string[] = [];
    const listening = createServer({ key, cert, ca, requestCert: true, rejectUnauthorized: true }, (request, response) => {
      seen.push(String((request.socket as TLSSocket).getPeerCertificate().subject.CN));
      request.resume().on('end', () => json(response, status, respond, { location: 'https://127.0.0.1:1/' }));
    });
    await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
    closing.push(() => new Promise((resolve) => listening.close(() => resolve())));
    const address = listening.address();
    return { seen, url: `https://127.0.0.1:${address && typeof address === 'object' ? address.port : 0}` };
  }
  const ask = (url: string, tls: MetricsAccess['tls']) => createMetrics({ url, tls, timeoutMs: 5000 }).instant('up', now);
  const files = () => ({ cert: at('client.pem'), key: at('client.key'), ca: at('ca.pem') });

  test('is asked with our certificate, from files or from texts', async () => {
    const { url, seen } = await server();
    const texts = Object.fromEntries(Object.entries(files()).map(([name, path]) => [name, readFileSync(path, 'utf8')]));

    expect(await ask(url, files())).toMatchObject({ known: true, value: [{ points: [[1, 7]] }] });
    expect(await ask(url, { ...files(), ...texts })).toMatchObject({ known: true });
    expect(seen).toEqual(['sluice', 'sluice']);
  });

  test.each([
    ['without our certificate', { cert: null, key: null }, /^unreachable: the connection broke/],
    ['without its authority', { ca: null }, /^unreachable: the connection broke \((?:UNABLE_TO_VERIFY|SELF_SIGNED|DEPTH_ZERO)/],
    [
      'with a file that is not there',
      { cert: '/nowhere/client.pem' },
      /^unreachable: the file \/nowhere\/client\.pem cannot be read$/,
    ],
  ])('is not reached %s, and the reason is said', async (_, change, why) => {
    const { url } = await server();

    const answer = await ask(url, { ...files(), ...change });

    expect(answer.known ? '' : answer.why).toMatch(why);
  });

  test('may refuse a query or redirect like any other', async () => {
    const refused = await server('{"status":"error","errorType":"bad_data","error":"parse error"}', 400);
    const redirected = await server('', 302);

    expect(await ask(refused.url, files())).toEqual({ known: false, why: 'refused: bad_data: parse error' });
    expect(await ask(redirected.url, files())).toEqual({
      known: false,
      why: 'unreachable: answered with a redirect, which is refused',
    });
  });
});
