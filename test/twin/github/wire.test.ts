import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { APP_ID, refusal, type Stage, stage } from '../../support/github.ts';

interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

let inbox: Server | null = null;
afterEach(() => new Promise<void>((resolve) => (inbox === null ? resolve() : inbox.close(() => resolve()))));

/** An App that listens; what the installation itself says is left out. */
async function listening(on: Stage): Promise<Received[]> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => void chunks.push(chunk));
    request.on('end', () => {
      received.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
      response.writeHead(202).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  inbox = server;
  const address = server.address();
  on.twin.setAppWebhook(
    APP_ID,
    `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/hook`,
    's3cret',
  );
  await on.twin.deliveries.settled();
  received.length = 0;
  return received;
}

const names = (received: readonly Received[]) => received.map((one) => one.headers['x-github-event']);

test('a webhook is signed, named and numbered', async () => {
  const on = await stage();
  const received = await listening(on);
  await on.user('rita').rest.issues.create({ ...on.at, title: 'Lag' });
  await on.twin.deliveries.settled();
  const [one] = received;
  if (one === undefined) throw new Error('nothing came');
  const signature = createHmac('sha256', 's3cret').update(one.body).digest('hex');
  expect(one.headers).toMatchObject({
    'x-github-event': 'issues',
    'x-hub-signature-256': `sha256=${signature}`,
    'x-github-hook-id': '500007',
  });
  expect(one.headers['x-github-delivery']).toMatch(/^[0-9a-f-]{36}$/);
  expect(JSON.parse(one.body)).toMatchObject({
    action: 'opened',
    installation: { id: 100 },
    sender: { login: 'rita' },
    organization: { login: 'acme' },
  });
});

test('the first thing an App hears is its installation', async () => {
  const on = await stage();
  await listening(on);
  expect(on.twin.deliveries.list().map((one) => [one.name, one.answers])).toEqual([['installation', [202]]]);
});

test('a redelivery repeats the same GUID', async () => {
  const on = await stage();
  const received = await listening(on);
  await on.app.rest.issues.create({ ...on.at, title: 'x' });
  await on.twin.deliveries.settled();
  await on.twin.deliveries.redeliver(on.twin.deliveries.list().at(-1)?.guid ?? '');
  expect(received).toHaveLength(2);
  expect(received[1]?.headers['x-github-delivery']).toBe(received[0]?.headers['x-github-delivery']);
  expect(received[1]?.body).toBe(received[0]?.body);
});

test('deliveries can come twice, out of order, or not at all', async () => {
  const on = await stage();
  const received = await listening(on);
  const merge = async (name: string) => {
    await on.branch(name, { [`${name}.txt`]: name });
    const { data } = await on.app.rest.pulls.create({ ...on.at, head: name, base: 'main', title: name });
    await on.twin.deliveries.settled();
    received.length = 0;
    await on.app.rest.pulls.merge({ ...on.at, pull_number: data.number });
    await on.twin.deliveries.settled();
    return names(received);
  };
  expect(await merge('a')).toEqual(['push', 'pull_request']);
  on.twin.deliveries.mode.reorder = true;
  expect(await merge('b')).toEqual(['pull_request', 'push']);
  on.twin.deliveries.mode.reorder = false;
  on.twin.deliveries.mode.duplicate = true;
  expect(await merge('c')).toEqual(['push', 'push', 'pull_request', 'pull_request']);
  on.twin.deliveries.mode.duplicate = false;
  on.twin.deliveries.mode.drop = (name) => name === 'push';
  expect(await merge('d')).toEqual(['pull_request']);
});

test('a repository dispatch carries its type and payload', async () => {
  const on = await stage();
  const received = await listening(on);
  await on.app.rest.repos.createDispatchEvent({ ...on.at, event_type: 'sluice-apply', client_payload: { change: 'c1' } });
  await on.twin.deliveries.settled();
  expect(JSON.parse(received[0]?.body ?? '{}')).toMatchObject({
    action: 'sluice-apply',
    client_payload: { change: 'c1' },
    branch: 'main',
  });
});

test('an event says whether a workflow token caused it', async () => {
  const on = await stage();
  const tokens: boolean[] = [];
  on.twin.onEvent((event) => void tokens.push(event.actor.actionsToken));
  const job = on.withToken(on.twin.mintActionsToken({ permissions: { issues: 'write' }, runId: 1 }));
  await job.rest.issues.create({ ...on.at, title: 'x' });
  await on.app.rest.issues.create({ ...on.at, title: 'y' });
  expect(tokens).toEqual([true, false]);
});

test('an unchanged answer is 304 and every answer has an id and limits', async () => {
  const on = await stage();
  const alice = on.user('alice');
  const first = await alice.rest.repos.getContent({ ...on.at, path: 'README.md' });
  expect(first.headers['x-github-request-id']).toBeDefined();
  expect(Number(first.headers['x-ratelimit-remaining'])).toBe(14999);
  const again = alice.rest.repos.getContent({
    ...on.at,
    path: 'README.md',
    headers: { 'if-none-match': first.headers.etag ?? '' },
  });
  expect((await refusal(again)).status).toBe(304);
});

test('a list says where its other pages are', async () => {
  const on = await stage();
  for (let count = 0; count < 3; count += 1) await on.app.rest.issues.create({ ...on.at, title: `x${count}` });
  const middle = await on.app.rest.issues.listForRepo({ ...on.at, per_page: 1, page: 2 });
  expect([...(middle.headers.link ?? '').matchAll(/[?&]page=(\d+)>; rel="(\w+)"/g)].map((found) => [found[2], found[1]])).toEqual(
    [
      ['prev', '1'],
      ['next', '3'],
      ['last', '3'],
      ['first', '1'],
    ],
  );
});

test('a fault answers instead of the API, as often as it is told to', async () => {
  const on = await stage();
  const alice = on.user('alice');
  on.twin.faults.add({
    match: { method: 'GET', path: /\/issues$/ },
    after: 1,
    times: 1,
    respond: { status: 403, headers: { 'retry-after': '3' } },
  });
  const list = () => alice.rest.issues.listForRepo(on.at);
  expect((await list()).status).toBe(200);
  expect((await refusal(list())).status).toBe(403);
  expect((await list()).status).toBe(200);
  on.twin.faults.add({ match: { actor: 'user:alice' }, respond: { status: 503 } });
  expect((await refusal(list())).status).toBe(503);
  expect((await on.app.rest.issues.listForRepo(on.at)).status).toBe(200);
  on.twin.faults.clear();
  expect((await list()).status).toBe(200);
});

test('a lost answer leaves the write done', async () => {
  const on = await stage();
  on.twin.faults.add({ match: { method: 'POST', path: /\/issues$/ }, times: 1, dropAfterWrite: true });
  await expect(on.app.rest.issues.create({ ...on.at, title: 'once' })).rejects.toThrow();
  expect((await on.app.rest.issues.listForRepo(on.at)).data.map((issue) => issue.title)).toEqual(['once']);
});

test('a slow answer comes late', async () => {
  const on = await stage();
  on.twin.faults.add({ match: { path: /\/labels$/ }, delayMs: 60 });
  const before = performance.now();
  await on.app.rest.issues.listLabelsForRepo(on.at);
  expect(performance.now() - before).toBeGreaterThan(55);
});

test('a body that is no JSON is 400, a missing one counts as empty', async () => {
  const on = await stage();
  const send = (body: string | null) =>
    fetch(`${on.twin.url}/repos/acme/pipelines/issues`, {
      method: 'POST',
      headers: { authorization: 'token tok-alice' },
      ...(body === null ? {} : { body }),
    });
  expect((await send('{')).status).toBe(400);
  expect((await send(null)).status).toBe(422);
});
