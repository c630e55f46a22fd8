import { createHmac } from 'node:crypto';
import { commit, mainOf, type Probe, pull, status } from '../probe.ts';
import { INSTALLATION, SECRET, type Side } from '../sides.ts';

async function issue({ app, at }: Side, title = 'Lag', labels: string[] = []) {
  const { data } = await app.rest.issues.create({ ...at, title, labels });
  return { ...at, issue_number: data.number };
}

/** Issues, comments, labels, checks, and what webhooks tell of them. */
export const THREADS: readonly Probe[] = [
  {
    what: 'an issue is opened, renamed, closed with a reason and opened again',
    ask: async (side) => {
      const at = await issue(side);
      const { app } = side;
      await app.rest.issues.update({ ...at, title: 'Lag grows' });
      await app.rest.issues.update({ ...at, state: 'closed', state_reason: 'not_planned' });
      const closed = (await app.rest.issues.get(at)).data;
      await app.rest.issues.update({ ...at, state: 'open' });
      const opened = (await app.rest.issues.get(at)).data;
      return [closed.title, closed.state, closed.state_reason, closed.closed_at !== null, opened.state, opened.closed_at];
    },
    expected: ['Lag grows', 'closed', 'not_planned', true, 'open', null],
  },
  {
    what: 'labels are put on, listed and taken off, and one that is not there is not found',
    ask: async (side) => {
      const at = await issue(side, 'x', ['incident']);
      const { app } = side;
      await app.rest.issues.addLabels({ ...at, labels: ['sluice'] });
      const names = async () => (await app.rest.issues.listLabelsOnIssue(at)).data.map((one) => one.name).sort();
      const before = await names();
      await app.rest.issues.removeLabel({ ...at, name: 'incident' });
      return [before, await names(), await status(app.rest.issues.removeLabel({ ...at, name: 'ghost' }))];
    },
    expected: [['incident', 'sluice'], ['sluice'], 404],
  },
  {
    what: 'comments are written, changed, listed in order and deleted',
    ask: async (side) => {
      const at = await issue(side);
      const { app } = side;
      const first = await app.rest.issues.createComment({ ...at, body: 'one' });
      await app.rest.issues.createComment({ ...at, body: 'two' });
      await app.rest.issues.updateComment({ ...side.at, comment_id: first.data.id, body: 'one, changed' });
      const bodies = async () => (await app.rest.issues.listComments(at)).data.map((one) => one.body);
      const before = await bodies();
      await app.rest.issues.deleteComment({ ...side.at, comment_id: first.data.id });
      return [before, await bodies(), (await app.rest.issues.get(at)).data.comments];
    },
    expected: [['one, changed', 'two'], ['two'], 1],
  },
  {
    what: 'lists come in pages, and issues by state and label',
    ask: async (side) => {
      for (const labels of [['a'], ['b'], ['a']]) await issue(side, 'x', labels);
      const { app, at } = side;
      await app.rest.issues.update({ ...at, issue_number: 1, state: 'closed' });
      const page = await app.rest.issues.listForRepo({ ...at, per_page: 1 });
      const numbers = async (given: object) =>
        (await app.rest.issues.listForRepo({ ...at, ...given })).data.map((one) => one.number);
      return [
        page.data.length,
        /rel="next"/.test(page.headers.link ?? ''),
        await numbers({ labels: 'a' }),
        await numbers({ state: 'closed' }),
      ];
    },
    expected: [1, true, [3], [1]],
  },
  {
    what: 'an issue that is not there is not found',
    ask: ({ app, at }) => status(app.rest.issues.get({ ...at, issue_number: 99 })),
    expected: 404,
  },
  {
    what: 'a check run is opened, completed and found at its commit',
    ask: async (side) => {
      const { app, at } = side;
      const sha = await mainOf(side);
      const made = await app.rest.checks.create({ ...at, name: 'sluice/gate', head_sha: sha, status: 'in_progress' });
      await app.rest.checks.update({ ...at, check_run_id: made.data.id, status: 'completed', conclusion: 'success' });
      const { data } = await app.rest.checks.listForRef({ ...at, ref: sha });
      return data.check_runs.map((run) => [run.name, run.status, run.conclusion]);
    },
    expected: [['sluice/gate', 'completed', 'success']],
  },
  {
    what: 'a check run names the App that it belongs to',
    ask: async (side) => {
      const made = await side.app.rest.checks.create({ ...side.at, name: 'sluice/gate', head_sha: await mainOf(side) });
      return made.data.app?.id;
    },
    expected: 7,
    emulateIsWrong: 'names none, so that anybody’s check passes for ours',
  },
  {
    what: 'a webhook is signed, and says which installation it is for',
    ask: async (side) => {
      await issue(side);
      const told = await side.inbox.wait('issues', 'opened');
      const signature = `sha256=${createHmac('sha256', SECRET)
        .update(told?.text ?? '')
        .digest('hex')}`;
      return {
        signed: told?.headers['x-hub-signature-256'] === signature,
        installation: told?.payload.installation?.id,
        issue: told?.payload.issue?.number,
        sender: told?.payload.sender?.login,
      };
    },
    expected: { signed: true, installation: INSTALLATION, issue: 1, sender: 'sluice[bot]' },
  },
  {
    what: 'every delivery has an id of its own and names its hook',
    ask: async (side) => {
      await issue(side);
      const headers = (await side.inbox.wait('issues', 'opened'))?.headers;
      return [
        /^[0-9a-f]{8}-[0-9a-f]{4}-/.test(String(headers?.['x-github-delivery'])),
        headers?.['x-github-hook-id'] !== undefined,
      ];
    },
    expected: [true, true],
    emulateIsWrong: 'takes milliseconds for a delivery id, which two can share, and names no hook',
  },
  {
    what: 'a comment on a pull request is told as one',
    ask: async (side) => {
      const number = await pull(side, 'fix');
      await side.app.rest.issues.createComment({ ...side.at, issue_number: number, body: '/approve' });
      return (await side.inbox.wait('issue_comment', 'created'))?.payload.issue?.pull_request !== undefined;
    },
    expected: true,
    emulateIsWrong: 'leaves issue.pull_request out, so that no comment is ever on a pull request',
  },
  {
    what: 'a reaction is given once',
    ask: async (side) => {
      const at = await issue(side);
      const react = () => status(side.app.rest.reactions.createForIssue({ ...at, content: 'eyes' }));
      return [await react(), await react()];
    },
    expected: [201, 200],
    emulateIsWrong: 'has no reactions',
  },
  {
    what: 'a push to the branch of a commit is told',
    ask: async (side) => {
      await commit(side, 'main', 'a.txt', 'a\n');
      return (await side.inbox.wait('push')) !== null;
    },
    expected: true,
  },
];
