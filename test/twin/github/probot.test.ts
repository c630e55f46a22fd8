import { createServer } from 'node:http';
import { createNodeMiddleware, Probot, ProbotOctokit } from 'probot';
import { expect, test } from 'vitest';
import { APP_ID, appKey, stage } from '../../support/github.ts';

test('Probot hears a signed webhook and answers with a comment of its App', async () => {
  const on = await stage();
  const quiet = { throttle: { enabled: false }, retry: { enabled: false } };
  const Octokit = ProbotOctokit.defaults((options: object) => ({ ...options, ...quiet }));
  const identity = { appId: APP_ID, privateKey: appKey, secret: 's3cret', baseUrl: on.twin.url };
  const probot = new Probot({ ...identity, Octokit, logLevel: 'fatal' });
  const middleware = await createNodeMiddleware(
    (app) => {
      app.on('issue_comment.created', async (context) => {
        if (context.isBot || context.payload.issue.pull_request === undefined) return;
        await context.octokit.rest.issues.createComment(context.issue({ body: 'heard' }));
      });
    },
    { probot },
  );
  // Probot's own server takes port 0 for "not given" and listens on 3000.
  const server = createServer((request, response) => void middleware(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    on.twin.setAppWebhook(APP_ID, `http://127.0.0.1:${port}/api/github/webhooks`, 's3cret');
    await on.branch('fix', { 'a.txt': 'a\n' });
    const pull = await on.app.rest.pulls.create({ ...on.at, head: 'fix', base: 'main', title: 'Fix' });
    await on.user('olga').rest.issues.createComment({ ...on.at, issue_number: pull.data.number, body: '/status' });
    await on.twin.deliveries.settled();
    const comments = await on.app.rest.issues.listComments({ ...on.at, issue_number: pull.data.number });
    expect(comments.data.map((one) => [one.user?.login, one.body])).toEqual([
      ['olga', '/status'],
      ['sluice[bot]', 'heard'],
    ]);
    const answers = on.twin.deliveries
      .list()
      .filter((one) => one.appId === APP_ID)
      .flatMap((one) => one.answers);
    expect(answers.every((status) => status >= 200 && status < 300)).toBe(true);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});
