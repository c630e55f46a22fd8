import { describe, expect, test } from 'vitest';
import { readInputs } from '../../src/doors/action-inputs.ts';

const runner = { GITHUB_REPOSITORY: 'acme/pipelines' };

function inputsOf(given: Readonly<Record<string, string>> = {}, env: Readonly<Record<string, string>> = {}) {
  const all: Readonly<Record<string, string>> = { 'github-token': 't', workspace: 'prod', ...given };
  return readInputs({ ...runner, ...env }, (name) => all[name] ?? '');
}

const url = { 'prometheus-url': 'https://prometheus.example' };

describe('the Action asks Prometheus', () => {
  test.each([
    ['not at all without an address', {}, {}, null],
    ['as nobody', url, {}, { url: url['prometheus-url'], identity: { by: 'nothing' } }],
    ['with the headers of its input', { ...url, 'prometheus-headers': '{"a":"b"}' }, {}, { headers: { a: 'b' } }],
    [
      'with the headers of its environment',
      url,
      { SLUICE_PROMETHEUS_HEADERS: '{"a":"b"}', SLUICE_PROMETHEUS_TOKEN: '' },
      { headers: { a: 'b' }, identity: { by: 'nothing' } },
    ],
    [
      'with an identity of AWS, as the App does',
      url,
      { SLUICE_PROMETHEUS_SIGV4_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: 'AK', AWS_SECRET_ACCESS_KEY: 'SK' },
      { identity: { by: 'sigv4', region: 'eu-west-1' } },
    ],
  ])('%s', (_, given, env, expected) => {
    const { metrics } = inputsOf(given, env);

    if (expected === null) expect(metrics).toBeNull();
    else expect(metrics).toMatchObject(expected);
  });

  test.each([
    [{ ...url, 'prometheus-headers': 'x' }, {}, /^SLUICE_PROMETHEUS_HEADERS is no JSON object/],
    [url, { SLUICE_PROMETHEUS_USERNAME: 'me' }, /^SLUICE_PROMETHEUS_PASSWORD is not set/],
  ])('with access that is whole, or not at all', (given, env, why) => {
    expect(() => inputsOf(given, env)).toThrow(why);
  });
});

test('the Action reads stages where its environment says, beside the log destination', () => {
  expect(inputsOf().spark).toBeNull();
  expect(inputsOf({}, { SLUICE_SPARK: '' }).spark).toBeNull();
  expect(inputsOf({}, { SLUICE_SPARK: 'https://history.example' }).spark).toEqual({ at: 'https://history.example', headers: {} });
});
