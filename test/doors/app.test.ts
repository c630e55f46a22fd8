import { createRequire } from 'node:module';
import nock from 'nock';
import { Probot, ProbotOctokit } from 'probot';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { answerWake, sluiceApp } from '../../src/doors/app.ts';
import { lookAtInstalled } from '../../src/doors/installed.ts';
import { appPorts } from '../../src/doors/wiring.ts';
import type { Wake } from '../../src/model/delivery.ts';
import { rememberingInbox } from '../support/inbox.ts';

/** An issue of ours, as GitHub answers it. */
const incident = {
  number: 3,
  state: 'open',
  title: 'An incident',
  body: '<!-- sluice:incident 0123456789abcdef -->',
  labels: [],
  closed_at: null,
  created_at: '2026-11-23T03:00:00Z',
};

const examples: readonly { readonly name: string; readonly examples: readonly { readonly action?: string }[] }[] = createRequire(
  import.meta.url,
)('@octokit/webhooks-examples');

/** A real payload as GitHub documents it; `change` edits a copy. */
function example(event: string, action: string | undefined, change: (payload: object) => void = () => {}) {
  const found = examples.find((one) => one.name === event)?.examples.find((one) => one.action === action);
  if (!found) throw new Error(`no example of ${event}.${action}`);
  const payload = JSON.parse(JSON.stringify(found));
  change(payload);
  return payload;
}

async function stored(name: string, payload: unknown, id = 'guid-1') {
  const inbox = rememberingInbox();
  const probot = new Probot({
    githubToken: 'test',
    Octokit: ProbotOctokit.defaults((options: object) => ({ ...options, throttle: { enabled: false } })),
    logLevel: 'fatal',
  });
  sluiceApp(probot, inbox, { now: async () => new Date('2026-11-23T03:00:00Z'), sleep: async () => {} });
  await probot.receive({ id, name, payload } as never);
  await probot.receive({ id, name, payload } as never);
  return inbox.stored;
}

const heard: readonly (readonly [string, string, Wake['what']])[] = [
  ['issue_comment', 'created', 'comment'],
  ['issue_comment', 'edited', 'comment'],
  ['issue_comment', 'deleted', 'comment'],
  ['pull_request', 'opened', 'pull'],
  ['pull_request', 'synchronize', 'pull'],
  ['pull_request', 'reopened', 'pull'],
  ['pull_request', 'ready_for_review', 'pull'],
];

describe('the Probot door', () => {
  beforeEach(() => nock.disableNetConnect());
  afterEach(() => {
    nock.cleanAll();
    nock.enableNetConnect();
  });

  test('a merge group is looked at when its checks are wanted, and not when it is gone', async () => {
    const group = example('merge_group', 'checks_requested');
    expect(await stored('merge_group', group)).toMatchObject([
      {
        key: 'octo-org/octo-repo@queue',
        wake: { what: 'group', branch: 'main', head: '2ffea6db159f6b6c47a24e778fb9ef40cf6b1c7d' },
      },
    ]);
    expect(await stored('merge_group', { ...group, action: 'destroyed' })).toEqual([]);
  });

  test.each(heard)('%s.%s is stored once as a wake-up, also when it is delivered twice', async (event, action, what) => {
    const deliveries = await stored(event, example(event, action));
    expect(deliveries).toHaveLength(1);
    expect(deliveries[0]).toMatchObject({
      kind: 'webhook',
      id: 'guid-1',
      wake: { what, owner: 'Codertocat', repo: 'Hello-World' },
    });
  });

  test.each([
    ['pull_request', 'labeled'],
    ['issues', 'opened'],
    ['check_suite', 'requested'],
  ])('%s.%s wakes nobody: it can change no answer', async (event, action) => {
    expect(await stored(event, example(event, action))).toEqual([]);
  });

  test('a check run of another name wakes nobody: its suite tells for all its runs', async () => {
    expect(await stored('check_run', example('check_run', 'completed'))).toEqual([]);
  });

  test.each([
    ['check_suite', suite([5])],
    ['check_run', example('check_run', 'completed', (payload) => named(payload, 'Sluice/Gate', 9))],
    ['pull_request_review', reviewed('approved')],
    ['pull_request_review', reviewed('changes_requested')],
    ['pull_request_review', { ...reviewed('dismissed'), action: 'dismissed' }],
  ])('%s tells that what GitHub wants may have changed', async (event, payload) => {
    expect(await stored(event, payload)).toMatchObject([
      { id: 'guid-1', wake: { what: 'protection', owner: 'Codertocat', repo: 'Hello-World' } },
    ]);
  });

  test('a review that only comments wakes nobody', async () => {
    expect(await stored('pull_request_review', reviewed('commented'))).toEqual([]);
  });

  test('a suite of several pull requests wakes each of them, in its own turn', async () => {
    const deliveries = await stored('check_suite', suite([5, 6]));
    expect(deliveries.map(({ key }) => key)).toEqual(['Codertocat/Hello-World#5', 'Codertocat/Hello-World#6']);
    expect(new Set(deliveries.map(({ id }) => id)).size).toBe(2);
  });

  test.each([
    ['success', 'build', 1],
    ['pending', 'build', 0],
    ['pending', 'sluice/gate', 1],
  ])('a status that is %s of %s is looked at: %i', async (state, context, count) => {
    const { action: _, ...status } = example('status', undefined, (payload) => Object.assign(payload, { state, context }));
    expect(await stored('status', status)).toHaveLength(count);
  });

  test('a status leads to the open pull requests that its commit heads, and to no others', async () => {
    const sha = 'a'.repeat(40);
    const listed = [
      { number: 3, state: 'open', head: { sha } },
      { number: 4, state: 'closed', head: { sha } },
      { number: 5, state: 'open', head: { sha: 'b'.repeat(40) } },
    ];
    nock('https://api.github.com').get(`/repos/acme/pipelines/commits/${sha}/pulls?per_page=100`).reply(200, listed);
    const inbox = rememberingInbox();
    const wake: Wake = { owner: 'acme', repo: 'pipelines', key: 'k', what: 'status', id: 77, sha };
    await answerWake(wake, 8, async () => portsOn(silent()), inbox);
    expect(inbox.stored).toMatchObject([{ key: 'acme/pipelines#3', wake: { what: 'protection', number: 3, appId: null } }]);
  });

  test.each([
    ['of any other branch', 'refs/heads/topic', [['jobs/orders.json']], []],
    ['of a tag', 'refs/tags/main', [['jobs/orders.json']], []],
    ['of the default branch', 'refs/heads/master', [['CODEOWNERS', 'jobs/orders.json']], [{ what: 'open', all: false }]],
    ['of another policy', 'refs/heads/master', [['a'], ['.github/sluice.yml']], [{ what: 'open', all: true }]],
    ['that lists no commits', 'refs/heads/master', [], [{ what: 'open', all: true }]],
    [
      'of more commits than are listed',
      'refs/heads/master',
      Array.from({ length: 20 }, () => ['a']),
      [{ what: 'open', all: true }],
    ],
  ] as const)('a push %s has the open pull requests looked at, or nothing', async (_, ref, paths, wakes) => {
    const commits = paths.map((modified) => ({ added: [], removed: [], modified }));
    const { action: __, ...push } = example('push', undefined, (payload) => Object.assign(payload, { ref, commits }));
    expect(await stored('push', push)).toMatchObject(wakes.map((wake) => ({ key: 'Codertocat/Hello-World@open', wake })));
  });

  test('a collaborator who comes or goes has the open pull requests of that repository looked at', async () => {
    expect(await stored('member', example('member', 'edited'))).toMatchObject([{ wake: { what: 'open', all: false } }]);
  });

  test.each([
    ['team', 'removed_from_repository'],
    ['team', 'edited'],
    ['membership', 'removed'],
    ['organization', 'member_added'],
  ])('%s.%s has every repository of that account looked at', async (event, action) => {
    expect(await stored(event, example(event, action))).toEqual([
      { id: 'guid-1', key: expect.stringContaining(' installed'), kind: 'installed', owner: expect.any(String) },
    ]);
  });

  test('every repository is looked at in a turn of its own', async () => {
    const inbox = rememberingInbox();
    const of = { id: 1, defaultBranch: 'main', installation: 1 };
    const places = ['pipelines', 'streams'].map((repo) => ({ owner: 'acme', repo, ...of }));
    await lookAtInstalled('acme', { list: async () => places }, inbox);
    expect(inbox.stored).toMatchObject([
      { key: 'acme/pipelines@open', wake: { repo: 'pipelines', what: 'open', all: false } },
      { key: 'acme/streams@open', wake: { repo: 'streams', what: 'open', all: false } },
    ]);
  });

  test.each([
    [false, { what: 'protection', number: 4, appId: null }],
    [true, { what: 'pull', number: 4 }],
  ])(
    'open pull requests onto the default branch are each looked at in their own turn, every time (all of them: %s)',
    async (all, found) => {
      const listed = nock('https://api.github.com').get('/repos/acme/pipelines/pulls?per_page=100&state=open&base=main');
      listed.times(2).reply(200, [{ number: 3 }, { number: 4 }]);
      const inbox = rememberingInbox();
      const wake: Wake = { owner: 'acme', repo: 'pipelines', key: 'acme/pipelines@open', what: 'open', all };
      for (const _ of [1, 2]) await answerWake(wake, 8, async () => portsOn(silent()), inbox);
      expect(inbox.stored.map(({ key }) => key)).toEqual([3, 4, 3, 4].map((number) => `acme/pipelines#${number}`));
      expect(inbox.stored[1]).toMatchObject({ wake: found });
    },
  );

  test('our own check wakes nobody', async () => {
    const wake: Wake = { owner: 'acme', repo: 'pipelines', key: 'k', what: 'protection', number: 3, appId: 7 };
    await answerWake(wake, 8, async () => portsOn(silent()), rememberingInbox());
  });

  test('the checks of a pull request that the gate has not spoken on cost one look', async () => {
    const api = nock('https://api.github.com').get('/repos/acme/pipelines/issues/3/comments?per_page=100').reply(200, []);
    const wake: Wake = { owner: 'acme', repo: 'pipelines', key: 'k', what: 'protection', number: 3, appId: 9 };
    await answerWake(wake, 8, async () => portsOn(silent()), rememberingInbox());
    expect(api.isDone()).toBe(true);
  });

  test('repository_dispatch of type sluice-alert tells alerts, for the repository that it happened in', async () => {
    const alert = { status: 'firing', labels: { alertname: 'Lag', repository: 'acme/other' }, startsAt: '2026-11-23T03:00:00Z' };
    const told = (action: string, alerts: readonly object[]) =>
      example('repository_dispatch', 'on-demand-test', (payload) =>
        Object.assign(payload, { action, client_payload: { version: '4', alerts } }),
      );
    expect(await stored('repository_dispatch', told('sluice-alert', [alert]))).toMatchObject([
      { kind: 'alerts', id: 'guid-1', repository: 'octo-org/octo-repo', signals: [{ source: 'dispatch', alertname: 'Lag' }] },
    ]);
    expect(await stored('repository_dispatch', told('sluice', [alert]))).toEqual([]);
    expect(await stored('repository_dispatch', told('sluice-alert', [{ status: 'gone' }]))).toEqual([]);
  });

  test('an approval on a pull request is answered without reading the thread first', async () => {
    const api = nock('https://api.github.com').post('/repos/acme/pipelines/issues/comments/5/reactions').reply(201, { id: 1 });
    const asked: string[] = [];
    nock.emitter.on('no match', ({ path }) => asked.push(path));
    const wake = commentWake({ isPull: true, comment: { id: 5, body: '/approve', login: 'olga', userId: 1 } });
    await answerWake(wake, 8, async () => portsOn(silent()), rememberingInbox()).catch(() => {});
    nock.emitter.removeAllListeners('no match');
    expect(api.isDone()).toBe(true);
    expect(asked.filter((path) => path.startsWith('/repos/acme/pipelines/issues/3'))).toEqual([]);
  });

  test('comments of one pull request share a key, so that they are answered in order', async () => {
    const [delivery] = await stored('issue_comment', example('issue_comment', 'created'));
    expect(delivery?.key).toBe('Codertocat/Hello-World#1');
  });

  test('a bot is never obeyed: nothing is asked of GitHub', async () => {
    const wake = commentWake({ byBot: true });
    await answerWake(wake, 8, async () => portsOn(silent()), rememberingInbox());
    expect(nock.pendingMocks()).toEqual([]);
  });

  test('an unknown command is answered in words, with a reaction at once', async () => {
    const bodies: unknown[] = [];
    const api = nock('https://api.github.com').get('/repos/acme/pipelines/issues/3').reply(200, incident);
    api.post('/repos/acme/pipelines/issues/comments/5/reactions').reply(201, { id: 1 });
    api.post('/repos/acme/pipelines/issues/3/comments', (body) => bodies.push(body) > 0).reply(201, { id: 6 });
    await answerWake(
      commentWake({ comment: { id: 5, body: '/approve all of it', login: 'olga', userId: 1 } }),
      8,
      async () => portsOn(silent()),
      rememberingInbox(),
    );
    expect(api.isDone()).toBe(true);
    expect(JSON.stringify(bodies)).toContain('/approve');
  });

  test('/investigate by somebody without write access is refused in words', async () => {
    const bodies: unknown[] = [];
    const api = nock('https://api.github.com').get('/repos/acme/pipelines/issues/3').reply(200, incident);
    api.post('/repos/acme/pipelines/issues/comments/5/reactions').reply(201, { id: 1 });
    api
      .get('/repos/acme/pipelines/collaborators/rita/permission')
      .reply(200, { permission: 'read', role_name: 'read', user: { id: 9, login: 'rita', type: 'User' } });
    api.post('/repos/acme/pipelines/issues/3/comments', (body) => bodies.push(body) > 0).reply(201, { id: 6 });
    await answerWake(
      commentWake({ comment: { id: 5, body: '/investigate', login: 'rita', userId: 9 } }),
      8,
      async () => portsOn(silent()),
      rememberingInbox(),
    );
    expect(api.isDone()).toBe(true);
    expect(JSON.stringify(bodies)).toContain('write access');
  });

  test('an unknown command on an issue that is not ours is left to others', async () => {
    const api = nock('https://api.github.com')
      .get('/repos/acme/pipelines/issues/3')
      .reply(200, { ...incident, body: 'a plain issue' });
    await answerWake(
      commentWake({ comment: { id: 5, body: '/deploy prod', login: 'olga', userId: 1 } }),
      8,
      async () => portsOn(silent()),
      rememberingInbox(),
    );
    expect(api.isDone()).toBe(true);
  });

  test('/help on an incident lists every command', async () => {
    const bodies: unknown[] = [];
    const api = nock('https://api.github.com').get('/repos/acme/pipelines/issues/3').reply(200, incident);
    api.post('/repos/acme/pipelines/issues/comments/5/reactions').reply(201, { id: 1 });
    api.post('/repos/acme/pipelines/issues/3/comments', (body) => bodies.push(body) > 0).reply(201, { id: 6 });
    await answerWake(
      commentWake({ comment: { id: 5, body: '/help', login: 'rita', userId: 9 } }),
      8,
      async () => portsOn(silent()),
      rememberingInbox(),
    );
    expect(api.isDone()).toBe(true);
    for (const name of ['approve', 'hold', 'retry', 'rollback', 'dismiss', 'status'])
      expect(JSON.stringify(bodies)).toContain(`/${name}`);
  });

  test('a rollout told by another App is not listened to', async () => {
    await answerWake(
      { owner: 'acme', repo: 'pipelines', key: 'k', what: 'rollout', target: 'orders-nightly', sha: 'a'.repeat(40), appId: 9 },
      8,
      async () => portsOn(silent()),
      rememberingInbox(),
    );
    expect(nock.pendingMocks()).toEqual([]);
  });
});

function suite(numbers: readonly number[]) {
  return example('check_suite', 'completed', (payload) =>
    Object.assign(payload, { check_suite: { app: { id: 9 }, pull_requests: numbers.map((number) => ({ number })) } }),
  );
}

function named(payload: object, name: string, id: number): void {
  const check_run = { name, head_sha: 'a'.repeat(40), external_id: '', app: { id }, pull_requests: [{ number: 5 }] };
  Object.assign(payload, { check_run });
}

function reviewed(state: string) {
  return example('pull_request_review', 'submitted', (payload) => Object.assign(payload, { review: { state } }));
}

function commentWake(change: Partial<Extract<Wake, { what: 'comment' }>> = {}): Wake {
  return {
    owner: 'acme',
    repo: 'pipelines',
    key: 'acme/pipelines#3',
    what: 'comment',
    action: 'created',
    number: 3,
    isPull: false,
    byBot: false,
    comment: { id: 5, body: '/investigate', login: 'olga', userId: 1 },
    ...change,
  };
}

function silent() {
  return new (ProbotOctokit.defaults((options: object) => ({
    ...options,
    throttle: { enabled: false },
    retry: { enabled: false },
  })))({ auth: 'test' });
}

function portsOn(octokit: InstanceType<typeof ProbotOctokit>) {
  const settings = {
    botLogin: 'sluice[bot]',
    appId: 7,
    applyAppId: 8,
    recordKey: 'key',
    workspaces: [],
    metrics: [],
    twinClock: undefined,
  };
  return appPorts(octokit, { owner: 'acme', repo: 'pipelines' }, { id: 1, defaultBranch: 'main', botId: 2 }, settings, {
    set: () => {},
  });
}
