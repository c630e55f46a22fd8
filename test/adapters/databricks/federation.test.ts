import { expect, onTestFinished, test } from 'vitest';
import { federatedToken } from '../../../src/adapters/databricks/federation.ts';
import { answering } from '../../support/answering.ts';

async function workspace(answers: readonly (readonly [number, unknown])[]) {
  const at = await answering((_, response, count) => {
    const [status, answer] = answers[count] ?? [500, 'nothing'];
    response.writeHead(status, status === 302 ? { location: 'https://evil.example' } : {});
    response.end(typeof answer === 'string' ? answer : JSON.stringify(answer));
  });
  onTestFinished(at.close);
  let now = 0;
  const granted: string[] = [];
  const token = federatedToken({
    ...{
      host: at.url,
      clientId: 'sp-1',
      identity: async () => 'a.b.c',
      now: () => now,
      granted: (one) => void granted.push(one),
    },
  });
  const pass = (seconds: number) => {
    now += seconds * 1000;
  };
  return { token, at, granted, pass };
}

const grant = (token: string) => [200, { access_token: token, token_type: 'Bearer', expires_in: 3600 }] as const;

test('a token is asked for with the identity, the service principal and all APIs, and told before it is used', async () => {
  const { token, at, granted } = await workspace([grant('t1')]);
  expect(await token()).toBe('t1');
  expect(granted).toEqual(['t1']);
  expect(Object.fromEntries(new URLSearchParams(at.seen[0]?.body))).toEqual({
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
    subject_token: 'a.b.c',
    client_id: 'sp-1',
    scope: 'all-apis',
  });
});

test('it is used until a minute before its end', async () => {
  const { token, pass } = await workspace([grant('t1'), grant('t2')]);
  expect(await token()).toBe('t1');
  pass(3539);
  expect(await token()).toBe('t1');
  pass(1);
  expect(await token()).toBe('t2');
});

test.each([
  [
    'a denial',
    400,
    { error: 'invalid_grant', error_description: 'no\nway' },
    'the workspace grants no token: invalid_grant: no way',
  ],
  ['a denial without a word', 401, { error: 'invalid_client' }, 'the workspace grants no token: invalid_client: no reason given'],
  ['something else', 200, '<html>', 'the workspace grants no token: status 200'],
  ['an empty token', 200, { access_token: '', expires_in: 1 }, 'the workspace grants no token: status 200'],
  ['a redirect, which is not followed', 302, '', 'the workspace grants no token: status 302'],
])('%s is told and grants nothing; the next call asks again', async (_, status, body, why) => {
  const { token } = await workspace([[status, body], grant('t1')]);
  await expect(token()).rejects.toThrow(why);
  expect(await token()).toBe('t1');
});

test('plain http is refused except on this machine: the identity would travel in the clear', async () => {
  const token = federatedToken({
    host: 'http://dbc-1.example',
    clientId: 'x',
    identity: async () => 'a',
    now: Date.now,
    granted: () => {},
  });
  await expect(token()).rejects.toThrow('plain http is refused');
});
