import { describe, expect, test } from 'vitest';
import type { ProposalFiles } from '../../src/core/proposal.ts';
import { publish } from '../../src/flow/publish.ts';
import { record } from '../support/gate.ts';
import { appOn } from '../support/incidents.ts';

const WORDS = { title: 'A change', body: 'Because.', message: 'A change', draft: false };

/** What is proposed under the n-th name; a later attempt expires later and is the same proposal. */
const filesOf =
  (expires: string, workers = 12) =>
  (sequence: number): ProposalFiles => ({
    branch: `sluice/1-${sequence}`,
    record: record({}),
    files: [
      { path: 'jobs/orders.json', text: `{\n  "max_workers": ${workers}\n}\n` },
      { path: `.sluice/changes/1-${sequence}.json`, text: `{"expires_at": "${expires}"}\n` },
    ],
  });
const EARLY = filesOf('2026-11-24T03:00:00Z');
const LATER = filesOf('2026-11-24T03:05:00Z');

type App = Awaited<ReturnType<typeof appOn>>;

async function repository() {
  const app = await appOn('targets: []\n');
  const base = await app.ports.content.tip('main');
  const again = (files = LATER) => publish(files, 1, base, WORDS, app.ports);
  return { app, base, again };
}

/** An attempt that got as far as its branch. */
const opened = async (app: App) => (await app.ports.proposals.open('sluice/1-1', 'A change', 'Because.', false))?.number ?? 0;
const branched = (app: App, base: string) => app.ports.proposals.commit('sluice/1-1', base, EARLY(1).files, 'A change');

describe('a fresh name', () => {
  test('is claimed by making the branch: nobody’s pull requests are listed first', async () => {
    const { app, again } = await repository();
    const published = await again();
    expect(published).toMatchObject({ fresh: true, planned: false, proposal: { branch: 'sluice/1-1' } });
    expect(app.at.twin.calls.all().filter(({ method, path }) => method === 'GET' && path.endsWith('/pulls'))).toEqual([]);
  });
});

describe('a name that is taken', () => {
  test('by anybody else is left, and the next one used', async () => {
    const { app, again } = await repository();
    await app.at.branch('sluice/1-1', { 'jobs/orders.json': 'theirs\n' });
    expect(await again()).toMatchObject({ fresh: true, proposal: { branch: 'sluice/1-2' } });
  });

  test('by our own branch without a pull request is finished', async () => {
    const { app, base, again } = await repository();
    const head = await branched(app, base);
    expect(await again()).toMatchObject({ fresh: true, planned: false, proposal: { branch: 'sluice/1-1', headSha: head } });
    expect(await app.pulls()).toHaveLength(1);
  });

  test('by a branch that holds our files and one more is not ours', async () => {
    const { app, again } = await repository();
    const extra = Object.fromEntries(EARLY(1).files.map(({ path, text }) => [path, text]));
    await app.at.branch('sluice/1-1', { ...extra, 'README.md': '# mine\n' });
    expect(await again()).toMatchObject({ proposal: { branch: 'sluice/1-2' } });
  });

  test('by our own pull request without its plan is finished', async () => {
    const { app, base, again } = await repository();
    const head = await branched(app, base);
    const number = await opened(app);
    expect(await again()).toMatchObject({ fresh: false, planned: false, proposal: { number, headSha: head } });
  });

  test('by our own pull request with its plan is taken as it is, though the evidence leads elsewhere now', async () => {
    const { app, base, again } = await repository();
    const head = (await branched(app, base)) ?? '';
    const number = await opened(app);
    const mark = app.ports.history.mark(number, [{ what: 'planned', at: '2026-11-23T03:00:00Z', pull: number, head }]);
    await app.ports.proposals.explain(number, head, `### Plan\n\n${mark}`, []);
    expect(await again(filesOf('2026-11-24T03:05:00Z', 16))).toMatchObject({ fresh: false, planned: true, proposal: { number } });
  });

  test('by our own pull request that nobody has heard of and that holds something else is closed: one stays open', async () => {
    const { app, base, again } = await repository();
    await branched(app, base);
    const number = await opened(app);
    expect(await again(filesOf('2026-11-24T03:05:00Z', 16))).toMatchObject({ fresh: true, proposal: { branch: 'sluice/1-2' } });
    const pulls = await app.pulls();
    expect(pulls.map((pull) => [pull.number, pull.state])).toEqual(expect.arrayContaining([[number, 'closed']]));
    expect(pulls.filter((pull) => pull.state === 'open')).toHaveLength(1);
    expect((await app.said(number)).at(-1)).toContain('cut short');
  });

  test('by our own pull request that a writer pushed onto gets no plan', async () => {
    const { app, base, again } = await repository();
    await branched(app, base);
    await opened(app);
    const pushed = await app.at.branch('theirs', { 'jobs/orders.json': 'theirs\n' }, 'sluice/1-1');
    await app.at.user('olga').rest.git.updateRef({ ...app.at.at, ref: 'heads/sluice/1-1', sha: pushed });
    expect(await again()).toMatchObject({ fresh: true, proposal: { branch: 'sluice/1-2' } });
  });

  test('by somebody’s pull request from a branch with just our files is left to them', async () => {
    const { app, base, again } = await repository();
    await branched(app, base);
    await app.at.user('olga').rest.pulls.create({ ...app.at.at, title: 'Mine', head: 'sluice/1-1', base: 'main' });
    expect(await again()).toMatchObject({ fresh: true, proposal: { branch: 'sluice/1-2' } });
  });

  test('five times over ends the search', async () => {
    const { app, again } = await repository();
    for (let name = 1; name <= 5; name++) await app.at.branch(`sluice/1-${name}`, { 'jobs/orders.json': `theirs ${name}\n` });
    expect(await again()).toBeNull();
  });
});

test('a remark that GitHub cannot place costs the remark, not the plan', async () => {
  const { app, base } = await repository();
  const head = (await branched(app, base)) ?? '';
  const number = await opened(app);
  await app.ports.proposals.explain(number, head, 'The plan.', [{ path: 'jobs/orders.json', line: 99, body: 'why' }]);
  expect((await app.reviews(number)).map((review) => review.body)).toEqual(['The plan.']);
});
