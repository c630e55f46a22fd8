import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { inBatches } from '../../src/doors/alert-batches.ts';
import { alertDoor } from '../../src/doors/alerts.ts';
import { rememberingInbox } from '../support/inbox.ts';

const TOKEN = 'alert:token';
const tokens = [{ sha256: createHash('sha256').update(TOKEN).digest('hex'), repositories: ['acme/pipelines'] }];
const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

async function door() {
  const inbox = rememberingInbox();
  let now = Date.parse('2026-11-23T03:00:00.000Z');
  const clock = { now: async () => new Date(now), sleep: async () => {} };
  const unread: string[] = [];
  const take = alertDoor(
    tokens,
    inbox,
    clock,
    (faults, path) => void unread.push(...faults.map((one) => `${path} ${one.message}`)),
  );
  const server = createServer(async (request, response) => void (await take(request, response)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => server.close());
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const post = async (path: string, body: unknown, authorization = `Bearer ${TOKEN}`) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method: 'POST', headers: { authorization }, body: text });
    return { status: answer.status, body: await answer.json(), challenge: answer.headers.get('www-authenticate') };
  };
  const pass = (seconds: number) => {
    now += seconds * 1000;
  };
  return { inbox, post, pass, unread };
}

const basic = (user: string, password: string) => `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
const failure = { event_type: 'jobs.on_failure', workspace_id: 1, run: { run_id: 2 }, job: { job_id: 3, name: 'orders' } };
const alert = {
  status: 'firing',
  labels: { alertname: 'Lag' },
  annotations: {},
  startsAt: '2026-11-23T03:00:00Z',
  fingerprint: 'f',
};
const group = (...alerts: readonly object[]) => ({ version: '4', status: 'firing', alerts });

test('what cannot be read is told beside the answer, which Alertmanager throws away; the rest of a group is stored', async () => {
  const { inbox, post, unread } = await door();
  expect((await post('/alerts/alertmanager', group(alert, { ...alert, status: 'on fire' }))).status).toBe(202);
  expect((await post('/alerts/alertmanager', '{')).status).toBe(400);
  expect((await post('/alerts/alertmanager', group(alert), 'Bearer wrong')).status).toBe(401);
  expect(inbox.stored).toHaveLength(1);
  expect(unread).toEqual([
    '/alerts/alertmanager alerts[1].status is "on fire", not firing or resolved',
    expect.stringMatching(/^\/alerts\/alertmanager the body is /),
  ]);
});

describe('the door for Databricks', () => {
  test('takes HTTP Basic whose password is an alert token; the user is free', async () => {
    const { inbox, post } = await door();
    for (const user of ['', 'databricks', 'ö'])
      expect((await post('/alerts/databricks', { ...failure, workspace_id: user.length }, basic(user, TOKEN))).status).toBe(202);
    expect(inbox.stored).toHaveLength(3);
    expect(inbox.stored[0]).toMatchObject({
      kind: 'alerts',
      repository: 'acme/pipelines',
      signals: [{ alertname: 'DatabricksJobFailed' }],
    });
  });

  test.each([
    ['a wrong password', basic('user', 'wrong')],
    ['the token as user', basic(TOKEN, '')],
    ['a bearer token', `Bearer ${TOKEN}`],
    ['nothing', ''],
  ])('refuses %s, and says how', async (_, authorization) => {
    const { inbox, post } = await door();
    const answer = await post('/alerts/databricks', failure, authorization);
    expect([answer.status, answer.challenge]).toEqual([401, 'Basic realm="sluice"']);
    expect(JSON.stringify(answer.body)).toContain('SLUICE_ALERT_TOKENS');
    expect(inbox.stored).toEqual([]);
  });

  test('acknowledges a start and stores nothing', async () => {
    const { inbox, post } = await door();
    const answer = await post('/alerts/databricks', { ...failure, event_type: 'jobs.on_start' }, basic('', TOKEN));
    expect([answer.status, answer.body]).toEqual([202, { stored: 0, truncated: 0 }]);
    expect(inbox.stored).toEqual([]);
  });
});

describe('a delivery of alerts', () => {
  test('holds the whole group, and is stored once however often its sender retries within the minute', async () => {
    const { inbox, post, pass } = await door();
    const body = group(alert, { ...alert, fingerprint: 'g' });
    expect((await post('/alerts/alertmanager', body)).body).toEqual({ stored: 2, truncated: 0 });
    pass(5);
    await post('/alerts/alertmanager', body);
    expect(inbox.stored).toHaveLength(1);
    expect(inbox.stored[0]).toMatchObject({ signals: [{ fingerprint: 'f' }, { fingerprint: 'g' }] });
    pass(60);
    await post('/alerts/alertmanager', body);
    expect(inbox.stored).toHaveLength(2);
  });

  test('that can be read in part is stored in part, and the faults are told', async () => {
    const { inbox, post } = await door();
    const answer = await post('/alerts/grafana', group(alert, { ...alert, startsAt: 'soon' }));
    expect(answer).toMatchObject({
      status: 202,
      body: { stored: 1, faults: [{ message: expect.stringContaining('alerts[1].startsAt') }] },
    });
    expect(inbox.stored).toHaveLength(1);
  });

  test('that cannot be read is refused in a sentence, with its faults', async () => {
    const { inbox, post } = await door();
    const answer = await post('/alerts/alertmanager', group({ ...alert, status: 'gone' }));
    expect(answer).toMatchObject({
      status: 400,
      body: {
        error: {
          code: 'alert_malformed',
          message: 'alerts[0].status is "gone", not firing or resolved',
          line: 1,
          fix: expect.stringContaining('"resolved"'),
          faults: [{ line: 1 }],
        },
      },
    });
    expect((await post('/alerts/alertmanager', '{\n"a":')).body).toEqual({
      error: {
        code: 'alert_malformed',
        message: 'the body is not JSON: line 2, column 5: a value is missing after the colon',
        line: 2,
        fix: 'Send one JSON document.',
      },
    });
    expect(inbox.stored).toEqual([]);
  });
});

describe('a batch', () => {
  test('is everything that came while the one before was worked on, in the order in which it came', async () => {
    const batches: (readonly number[])[] = [];
    const take = inBatches<number>(async (items) => {
      batches.push(items);
      await new Promise((resolve) => setTimeout(resolve, 5));
      return items.map(() => null);
    });
    await Promise.all([1, 2, 3, 4].map(take));
    await take(5);
    expect(batches).toEqual([[1], [2, 3, 4], [5]]);
  });

  test('settles each thing by what was said about it, and all of them where the work breaks', async () => {
    const take = inBatches<number>(async (items) => {
      if (items.includes(9)) throw new Error('broken');
      return items.map((item) => (item % 2 ? new Error(`odd ${item}`) : null));
    });
    const settled = await Promise.allSettled([1, 2, 3].map(take));
    expect(settled.map((one) => one.status)).toEqual(['rejected', 'fulfilled', 'rejected']);
    await expect(take(9)).rejects.toThrow('broken');
    await expect(take(2)).resolves.toBeUndefined();
  });
});
