import { commit, mainOf, type Probe, pull, status } from '../probe.ts';
import type { Side } from '../sides.ts';

async function merge({ app, at }: Side, number: number, given: object = { merge_method: 'merge' }): Promise<number> {
  return status(app.rest.pulls.merge({ ...at, pull_number: number, ...given }));
}

/** GitHub computes `mergeable` in the background: what it says the second time. */
async function mergeable({ app, at }: Side, number: number): Promise<boolean | null> {
  await app.rest.pulls.get({ ...at, pull_number: number });
  return (await app.rest.pulls.get({ ...at, pull_number: number })).data.mergeable;
}

async function onMain({ app, at }: Side, ...paths: readonly string[]): Promise<readonly number[]> {
  const found: number[] = [];
  for (const path of paths) found.push(await status(app.rest.repos.getContent({ ...at, path })));
  return found;
}

/** Pull requests: where the other emulator is wrong in most of what matters to a gate. */
export const PULLS: readonly Probe[] = [
  {
    what: 'a pull request is opened, read, changed and listed by its branch',
    ask: async (side) => {
      const number = await pull(side, 'fix');
      const at = { ...side.at, pull_number: number };
      const { data } = await side.app.rest.pulls.get(at);
      await side.app.rest.pulls.update({ ...at, title: 'Renamed' });
      const listed = await side.app.rest.pulls.list({ ...side.at, head: 'acme:fix', state: 'open' });
      return [
        data.state,
        data.head.ref,
        data.base.ref,
        data.merged,
        listed.data.map((one) => [one.number === number, one.title]),
      ];
    },
    expected: ['open', 'fix', 'main', false, [[true, 'Renamed']]],
  },
  {
    what: 'a merge brings the file to the base and says so',
    ask: async (side) => {
      const number = await pull(side, 'fix');
      const merged = await merge(side, number);
      const { data } = await side.app.rest.pulls.get({ ...side.at, pull_number: number });
      return [
        merged,
        data.merged,
        data.state,
        data.merge_commit_sha === (await mainOf(side)),
        await onMain(side, 'fix.txt', 'README.md'),
      ];
    },
    expected: [200, true, 'closed', true, [200, 200]],
  },
  {
    what: 'a merge of another head than the named one does not happen',
    ask: async (side) => {
      const number = await pull(side, 'fix');
      const refused = (await merge(side, number, { sha: await mainOf(side) })) >= 400;
      return [refused, (await side.app.rest.pulls.get({ ...side.at, pull_number: number })).data.merged];
    },
    expected: [true, false],
  },
  {
    what: 'and is refused as a conflict of versions',
    ask: async (side) => merge(side, await pull(side, 'fix'), { sha: await mainOf(side) }),
    expected: 409,
    emulateIsWrong: 'answers 422',
  },
  {
    what: 'a merge without a body is a merge',
    ask: async (side) => merge(side, await pull(side, 'fix'), {}),
    expected: 200,
    emulateIsWrong: 'answers 400, "Problems parsing JSON"',
  },
  {
    what: 'what is merged is not merged again',
    ask: async (side) => {
      const number = await pull(side, 'fix');
      await merge(side, number);
      return merge(side, number);
    },
    expected: 405,
    emulateIsWrong: 'answers 422',
  },
  {
    what: 'a second merge keeps what the first one brought',
    ask: async (side) => {
      const [one, other] = [await pull(side, 'one'), await pull(side, 'other')];
      return [await merge(side, one), await merge(side, other), await onMain(side, 'one.txt', 'other.txt')];
    },
    expected: [200, 200, [200, 200]],
    emulateIsWrong: 'loses the file and the commit of the first',
  },
  {
    what: 'two changes of one file conflict',
    ask: async (side) => {
      const [one, other] = [await pull(side, 'one', 'same.txt'), await pull(side, 'other', 'same.txt')];
      return [await merge(side, one), await mergeable(side, other), await merge(side, other)];
    },
    expected: [200, false, 405],
    emulateIsWrong: 'calls it mergeable and overwrites',
  },
  {
    what: 'the head follows its branch, and that is told',
    ask: async (side) => {
      const number = await pull(side, 'fix');
      const sha = await commit(side, 'fix', 'more.txt', 'more\n');
      const { data } = await side.app.rest.pulls.get({ ...side.at, pull_number: number });
      return [data.head.sha === sha, (await side.inbox.wait('pull_request', 'synchronize')) !== null];
    },
    expected: [true, true],
    emulateIsWrong: 'the head stays where it was',
  },
  {
    what: 'a pull request lists its files with their patches',
    ask: async (side) => {
      const { data } = await side.app.rest.pulls.listFiles({ ...side.at, pull_number: await pull(side, 'fix') });
      return data.map((file) => [file.filename, file.status, file.patch]);
    },
    expected: [['fix.txt', 'added', '@@ -0,0 +1 @@\n+fix']],
    emulateIsWrong: 'lists none',
  },
  {
    what: 'no second pull request of a branch, none without a difference, none of a branch that is not there',
    ask: async (side) => {
      await pull(side, 'fix');
      await side.app.rest.git.createRef({ ...side.at, ref: 'refs/heads/same', sha: await mainOf(side) });
      const open = (head: string) => status(side.app.rest.pulls.create({ ...side.at, head, base: 'main', title: 'x' }));
      return [await open('fix'), await open('same'), await open('ghost')];
    },
    expected: [422, 422, 422],
    emulateIsWrong: 'answers 201 to each',
  },
  {
    what: 'a merge closes the issue that it fixes, and is told as a push',
    ask: async (side) => {
      await side.app.rest.issues.create({ ...side.at, title: 'broken' });
      await merge(side, await pull(side, 'fix', 'fix.txt', 'Fixes #1'));
      const pushes = () => side.inbox.delivered.filter((one) => one.event === 'push' && one.text.includes('"refs/heads/main"'));
      await side.inbox.wait('pull_request', 'closed');
      return [(await side.app.rest.issues.get({ ...side.at, issue_number: 1 })).data.state, pushes().length];
    },
    expected: ['closed', 1],
    emulateIsWrong: 'leaves the issue open and sends no push',
  },
  {
    what: 'a person approves, and the review is found at its commit',
    ask: async (side) => {
      const number = await pull(side, 'fix');
      const at = { ...side.at, pull_number: number };
      await side.olga.rest.pulls.createReview({ ...at, event: 'APPROVE', body: 'good' });
      const { data } = await side.app.rest.pulls.get(at);
      const reviews = await side.app.rest.pulls.listReviews(at);
      return reviews.data.map((one) => [one.user?.login, one.state, one.commit_id === data.head.sha]);
    },
    expected: [['olga', 'APPROVED', true]],
  },
  {
    what: 'nobody approves their own pull request',
    ask: async (side) =>
      status(side.app.rest.pulls.createReview({ ...side.at, pull_number: await pull(side, 'fix'), event: 'APPROVE' })),
    expected: 422,
    emulateIsWrong: 'approves',
  },
];
