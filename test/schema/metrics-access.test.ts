import { describe, expect, test } from 'vitest';
import { metricsNamed, parseMetricsServers, parseSpark } from '../../src/schema/settings.ts';

const url = { SLUICE_PROMETHEUS_MAIN_URL: 'https://prometheus.example' };
const main = (settings: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(settings).map(([name, value]) => [`SLUICE_PROMETHEUS_MAIN_${name}`, value]));
const aws = { AWS_ACCESS_KEY_ID: 'AK', AWS_SECRET_ACCESS_KEY: 'SK' };

describe('the settings of a metrics server', () => {
  test.each([
    ['no access', {}, { identity: { by: 'nothing' }, tls: null, headers: {}, timeoutMs: null, limit: null }],
    ['a token', main({ TOKEN: 't' }), { identity: { by: 'bearer', token: 't' } }],
    ['a file of a token', main({ TOKEN_FILE: '/run/token' }), { identity: { by: 'bearer-file', path: '/run/token' } }],
    ['a token with a line end', main({ TOKEN: 't\n' }), { identity: { by: 'bearer', token: 't' } }],
    ['a user', main({ USERNAME: 'u', PASSWORD: 'p' }), { identity: { by: 'basic', username: 'u', password: 'p' } }],
    [
      'an AWS region',
      { ...main({ SIGV4_REGION: 'eu-west-1' }), ...aws, AWS_SESSION_TOKEN: 'ST' },
      { identity: { by: 'sigv4', region: 'eu-west-1', service: 'aps', accessKeyId: 'AK', sessionToken: 'ST' } },
    ],
    ['certificates', main({ CLIENT_CERT: 'c', CLIENT_KEY: 'k', CA: 'a' }), { tls: { cert: 'c', key: 'k', ca: 'a' } }],
    ['an authority alone', main({ CA: 'a' }), { tls: { cert: null, key: null, ca: 'a' } }],
    ['headers beside a token', main({ HEADERS: '{"x-scope-orgid":"t"}', TOKEN: 't' }), { headers: { 'x-scope-orgid': 't' } }],
    ['bounds', main({ TIMEOUT: '30', LIMIT: '500' }), { timeoutMs: 30_000, limit: 500 }],
  ])('give %s', (_, settings, expected) => {
    expect(parseMetricsServers({ ...url, ...settings })).toMatchObject([{ name: 'main', ...expected }]);
  });

  test.each([
    ['a user without a password', main({ USERNAME: 'u' }), /SLUICE_PROMETHEUS_MAIN_PASSWORD is not set/],
    ['a token beside its file', main({ TOKEN: 't', TOKEN_FILE: '/run/token' }), /only one of _TOKEN and _TOKEN_FILE/],
    ['a token beside a user', main({ TOKEN: 't', USERNAME: 'u', PASSWORD: 'p' }), /only one of _TOKEN and _USERNAME/],
    [
      'a token beside an authorization',
      main({ TOKEN: 't', HEADERS: '{"Authorization":"x"}' }),
      /only one of _TOKEN and an authorization/,
    ],
    ['a certificate without its key', main({ CLIENT_CERT: 'c' }), /SLUICE_PROMETHEUS_MAIN_CLIENT_KEY is not set/],
    ['an AWS region without a key', main({ SIGV4_REGION: 'eu-west-1' }), /AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not/],
    ['headers that are no object', main({ HEADERS: 'x' }), /SLUICE_PROMETHEUS_MAIN_HEADERS is no JSON object/],
    ['headers that are no texts', main({ HEADERS: '{"a":1}' }), /SLUICE_PROMETHEUS_MAIN_HEADERS is no JSON object/],
    ['a time that is no number', main({ TIMEOUT: '5s' }), /SLUICE_PROMETHEUS_MAIN_TIMEOUT is no number from 1 to 600/],
    ['a limit of nothing', main({ LIMIT: '0' }), /SLUICE_PROMETHEUS_MAIN_LIMIT is no number from 1 to 10000/],
    [
      'certificates for http',
      { ...main({ CA: 'a' }), SLUICE_PROMETHEUS_MAIN_URL: 'http://prometheus' },
      /SLUICE_PROMETHEUS_MAIN_URL is not https/,
    ],
  ])('with %s are refused, and named', (_, settings, why) => {
    expect(() => parseMetricsServers({ ...url, ...settings })).toThrow(why);
  });

  test.each([
    ['the one named like the workspace', ['staging', 'main', 'prod'], 'PROD', 'prod'],
    ['main, where none is named like it', ['staging', 'main'], 'prod', 'main'],
    ['the first, where there is no main', ['a', 'b'], 'prod', 'a'],
    ['the first for no workspace', ['a'], null, 'a'],
  ])('of several choose %s', (_, names, workspace, expected) => {
    expect(
      metricsNamed(
        names.map((name) => ({ name, url: 'http://x' })),
        workspace,
      )?.name,
    ).toBe(expected);
  });

  test('choose none where there is none', () => {
    expect(metricsNamed([], 'prod')).toBeNull();
  });
});

describe('the setting of a History Server', () => {
  test('is an address or a folder, with headers', () => {
    expect(parseSpark({ SLUICE_SPARK: 'http://history:18080', SLUICE_SPARK_HEADERS: '{"authorization":"Bearer x"}' })).toEqual({
      at: 'http://history:18080',
      headers: { authorization: 'Bearer x' },
    });
    expect(parseSpark({})).toBeNull();
  });

  test('with headers that cannot be read is refused', () => {
    expect(() => parseSpark({ SLUICE_SPARK: '/logs', SLUICE_SPARK_HEADERS: '[]' })).toThrow('SLUICE_SPARK_HEADERS');
  });
});
