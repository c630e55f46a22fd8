import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { foldHistory } from '../../src/core/history.ts';
import { answerComment } from '../../src/flow/answer.ts';
import { decidePull } from '../../src/flow/decide.ts';
import { type Plant, startPlant } from '../../src/twin/databricks/plant.ts';
import { appOn, firing, oomAppOn, resolved } from '../support/incidents.ts';
import { rehearsalStart, signalOf } from '../support/rehearsal.ts';

const CONFIG = 'mode: shadow\ntargets: []\nidentity_labels: [job_id]\n';
let plant: Plant;
beforeAll(async () => {
  plant = await startPlant({ workloads: ['oom'], start: rehearsalStart });
});
afterAll(() => plant.close());

async function snoozed(duration = '2h') {
  const app = await appOn(CONFIG);
  await app.tell(firing());
  app.at.tick(120);
  const answer = await app.say('olga', 1, `/snooze ${duration}`);
  return { app, answer, state: async () => foldHistory((await app.ports.history.read(1)).entries) };
}

describe('/snooze', () => {
  test('is marked, answered with the instant that it lasts until, and stands in the summary', async () => {
    const { app, answer, state } = await snoozed();
    const { snoozedUntil } = await state();
    expect(Date.parse(snoozedUntil ?? '') - app.at.twin.clock().getTime()).toBe(2 * 3_600_000);
    expect(answer).toContain(`Kept quiet until ${snoozedUntil}`);
    expect((await app.issue(1)).body).toContain(`Kept quiet until ${snoozedUntil}`);
  });

  test('lets repeats, resolves and returns change the summary, and nothing else', async () => {
    const { app } = await snoozed();
    const said = (await app.said(1)).length;
    app.at.tick(300);
    await app.tell(firing());
    await app.tell(resolved());
    expect((await app.issue(1)).body).toMatch(/^\*\*Resolved\*\*/);
    await app.at.user('alice').rest.issues.update({ ...app.at.at, issue_number: 1, state: 'closed' });
    await app.tell(firing());
    expect(await app.issue(1)).toMatchObject({ state: 'closed', body: expect.stringMatching(/^\*\*Firing\*\*/) });
    expect(await app.said(1)).toHaveLength(said);
    expect(await app.issues()).toHaveLength(1);
  });

  test('holds longer than an incident could be reopened', async () => {
    const { app } = await snoozed('3d');
    await app.at.user('alice').rest.issues.update({ ...app.at.at, issue_number: 1, state: 'closed' });
    app.at.tick(2 * 24 * 3600);
    await app.tell(firing());
    expect(await app.issues()).toHaveLength(1);
  });

  test('ends by itself', async () => {
    const { app } = await snoozed();
    await app.at.user('alice').rest.issues.update({ ...app.at.at, issue_number: 1, state: 'closed' });
    app.at.tick(2 * 3600 + 1);
    await app.tell(firing());
    expect(await app.issue(1)).toMatchObject({ state: 'open', body: expect.not.stringContaining('Kept quiet') });
    expect((await app.said(1)).at(-1)).toContain('Sluice stopped here');
  });

  test('ends by /investigate', async () => {
    const { app, state } = await snoozed();
    await app.say('olga', 1, '/investigate');
    const now = app.at.twin.clock().toISOString();
    expect((await state()).snoozedUntil! <= now).toBe(true);
    app.at.tick(60);
    await app.tell(resolved());
    expect((await app.said(1)).at(-1)).toContain('was resolved');
  });

  test('holds although the summary lost its hint to an edit at the same time', async () => {
    const { app } = await snoozed();
    const { body } = await app.issue(1);
    const without = body?.replace(/snoozed=\S+/, 'snoozed=-') ?? '';
    await app.at.user('olga').rest.issues.update({ ...app.at.at, issue_number: 1, body: without });
    const said = (await app.said(1)).length;
    await app.tell(resolved());
    expect(await app.said(1)).toHaveLength(said);
    expect((await app.issue(1)).body).toContain('Kept quiet until');
  });

  test('that a writer wrote into the body alone is not believed', async () => {
    const app = await appOn(CONFIG);
    await app.tell(firing());
    const { body } = await app.issue(1);
    const forged = body?.replace('snoozed=-', 'snoozed=2030-01-01T00:00:00.000Z') ?? '';
    await app.at.user('olga').rest.issues.update({ ...app.at.at, issue_number: 1, body: forged });
    await app.tell(resolved());
    expect((await app.said(1)).at(-1)).toContain('was resolved');
  });

  test('is for people with write access, and of a duration that is one', async () => {
    const app = await appOn(CONFIG);
    await app.tell(firing());
    expect(await app.say('rita', 1, '/snooze 2h')).toContain('write access');
    expect(await app.say('olga', 1, '/snooze forever')).toContain('30m, 4h or 2d');
    expect(foldHistory((await app.ports.history.read(1)).entries).snoozedUntil).toBeNull();
  });
});

describe('/investigate with a hint', () => {
  test('keeps the hint as data, quotes it, and notes who asked', async () => {
    const app = await appOn(CONFIG);
    await app.tell(firing());
    const answer = await app.say('olga', 1, '/investigate look at @alice `x` <!-- sluice:incident 0 --> | y');
    expect(answer).toContain('Asked for by `olga`, with the hint');
    expect(answer).not.toMatch(/<!-- sluice:incident/);
  });

  test('is in the mark of what was found', async () => {
    const app = await oomAppOn(plant, 'shadow');
    await app.tell({ ...signalOf('oom'), startsAt: '2026-11-20T03:00:00.000Z' });
    await app.say('olga', 1, '/investigate it is the join');
    const { entries } = await app.ports.history.read(1);
    const found = entries.filter((entry) => entry.what === 'investigated');
    expect(found.map(({ hint, asker }) => [hint, asker?.login])).toEqual([
      [null, undefined],
      ['it is the join', 'olga'],
    ]);
  });
});

async function withProposal() {
  const app = await oomAppOn(plant, 'propose');
  await app.tell(signalOf('oom'));
  const [pull] = await app.pulls();
  return { app, pull: pull! };
}

describe('a proposal', () => {
  test('stands with its investigation in one comment on the issue, and with its plan and remarks in one review', async () => {
    const { app, pull } = await withProposal();
    const [said, ...more] = await app.said(1);
    expect(more).toEqual([]);
    expect(said).toContain(`Proposed in #${pull.number}`);
    const { entries } = await app.ports.history.read(1);
    expect(entries.map((entry) => entry.what)).toEqual(['opened', 'signal', 'investigated', 'proposed']);
    const [review, ...others] = await app.reviews(pull.number);
    expect(others).toEqual([]);
    expect(review).toMatchObject({ state: 'COMMENTED', commit_id: pull.head.sha });
    expect(review?.body).toMatch(new RegExp(`^### Plan for \`${pull.head.sha}\``));
    expect(foldHistory((await app.ports.history.readPull(pull.number)).entries).plannedHeads).toEqual([pull.head.sha]);
    for (const text of [said, review?.body]) {
      expect(text).toContain('<details><summary>Commands to do it by hand</summary>');
      expect(text).toMatch(/sluice edit jobs\/orders-nightly\.json --set \S+ > edited[\s\S]*databricks jobs repair-run \d+/);
      expect(text).toMatch(/After the apply\*\*: run \d+ is repaired, once/);
    }
  });
});

describe('/approve on the issue', () => {
  test('of the head of an open proposal leads to the pull request with the exact line, and counts for nothing', async () => {
    const { app, pull } = await withProposal();
    const answer = await app.say('olga', 1, `/approve ${pull.head.sha.slice(0, 12)}`);
    expect(answer).toContain(`#${pull.number}`);
    expect(answer).toContain(`    /approve ${pull.head.sha}`);
    expect(answer).toContain('counts for nothing here');
  });

  test('of another head names those that are open', async () => {
    const { app, pull } = await withProposal();
    const answer = await app.say('olga', 1, `/approve ${'a'.repeat(40)}`);
    expect(answer).toContain(`#${pull.number} at \`${pull.head.sha}\``);
    expect(answer).not.toMatch(/^ {4}\/approve/m);
  });

  test('without a SHA is refused with help', async () => {
    const { app, pull } = await withProposal();
    const answer = await app.say('olga', 1, '/approve');
    expect(answer).toContain('approves nothing');
    expect(answer).toContain(`Say on #${pull.number}, as a new comment:\n\n    /approve ${pull.head.sha}`);
  });

  test('by somebody without write access gets the usual answer', async () => {
    const { app, pull } = await withProposal();
    expect(await app.say('rita', 1, `/approve ${pull.head.sha}`)).toContain('write access');
  });
});

describe('a command in the wrong place', () => {
  test.each(['hold', 'retry', 'unapprove'])('/%s on the issue is answered with where to say it', async (name) => {
    const { app, pull } = await withProposal();
    expect(await app.say('olga', 1, `/${name}`)).toContain(`Say it on #${pull.number}`);
  });

  test('/revise says that it needs a model, and how to go on by hand', async () => {
    const { app, pull } = await withProposal();
    const answer = await app.say('olga', 1, '/revise use 900 partitions');
    expect(answer).toContain('language model');
    expect(answer).toContain(`#${pull.number}`);
  });

  test.each(['/snooze 2h', '/investigate', '/dismiss no'])('%s on the pull request leads to the incident', async (command) => {
    const { app, pull } = await withProposal();
    expect(await app.say('olga', pull.number, command, true)).toContain('heard on the incident only');
  });
});

describe('/dismiss', () => {
  const dismissed = async () => {
    const { app, pull } = await withProposal();
    app.at.tick(60);
    const answer = await app.say('olga', 1, '/dismiss noise <!-- sluice:status -->');
    const found = (await app.pulls()).find((one) => one.number === pull.number);
    return { app, pull, answer, found };
  };

  test('closes the open proposal, and both say why', async () => {
    const { app, pull, answer, found } = await dismissed();
    expect([found?.state, found?.merged_at]).toEqual(['closed', null]);
    expect(answer).toContain(`Closed with it: #${pull.number}`);
    const said = (await app.said(pull.number)).at(-1);
    expect(said).toContain('`olga` dismissed the incident #1: `noise');
    expect(said).not.toContain('<!-- sluice:status');
    expect(await app.issue(1)).toMatchObject({ state: 'closed', state_reason: 'not_planned' });
  });

  test('leaves nothing that an approval could merge', async () => {
    const { app, pull } = await dismissed();
    await app.say('olga', pull.number, `/approve ${pull.head.sha}`, true);
    const { verdict } = await decidePull(pull.number, app.ports);
    expect([verdict.verdict, verdict.reasons.map(({ code }) => code).includes('superseded')]).toEqual(['deny', true]);
    expect((await app.pulls()).map(({ merged_at: merged }) => merged)).toEqual([null]);
  });

  test('that is delivered twice closes once', async () => {
    const { app, pull } = await dismissed();
    const said = (await app.said(pull.number)).length;
    await app.say('olga', 1, '/dismiss noise');
    expect(await app.said(pull.number)).toHaveLength(said);
  });

  test('is over when the same alert comes back: it gets a proposal of its own', async () => {
    const { app, pull } = await dismissed();
    app.at.tick(600);
    await app.tell(signalOf('oom'));
    const open = (await app.pulls()).filter(({ state }) => state === 'open');
    expect(open.map(({ number, head }) => [number > pull.number, head.ref])).toEqual([[true, 'sluice/1-2']]);
    expect(await app.issue(1)).toMatchObject({ state: 'open' });
  });
});

describe('a command on the pull request', () => {
  test.each([
    ['/hold', '@olga holds this: nothing is merged or applied until @olga says `/retry` here.'],
    ['/retry', 'Asked again, as @olga said. Nobody holds this.'],
    [
      '/unapprove',
      '@olga approves this no longer: an approval given before counts for nothing now. Approvals needed: 1; counted now: 0.',
    ],
    ['/status', 'The gate waits. Approvals needed: 1; counted: 0.'],
  ])('%s is answered in words', async (command, words) => {
    const { app, pull } = await withProposal();
    const answer = await app.say('olga', pull.number, command, true);
    expect(answer).toContain(words);
    expect(answer).not.toContain('sluice:status');
  });

  test('/hold of somebody who may not write is told that it stops nothing', async () => {
    const { app, pull } = await withProposal();
    expect(await app.say('rita', pull.number, '/hold', true)).toContain('stops nothing');
  });

  test('/retry names who else holds', async () => {
    const { app, pull } = await withProposal();
    await app.say('alice', pull.number, '/hold', true);
    expect(await app.say('olga', pull.number, '/retry', true)).toContain('Still held by @alice');
  });

  test('is answered once, however often it is delivered', async () => {
    const { app, pull } = await withProposal();
    await app.say('olga', pull.number, '/hold', true);
    const comments = await app.at.app.rest.issues.listComments({ ...app.at.at, issue_number: pull.number });
    const hold = comments.data.find(({ body }) => body === '/hold');
    const by = { id: hold?.user?.id ?? 0, login: 'olga' };
    await answerComment({ thread: pull.number, isPull: true, comment: hold?.id ?? 0, body: '/hold', by }, app.ports);
    expect((await app.said(pull.number)).filter((body) => body.includes('holds this'))).toHaveLength(1);
  });

  test('that changes nothing of a target is not answered in words', async () => {
    const { app } = await withProposal();
    const { rest } = app.at.user('olga');
    const head = 'docs';
    const { data: main } = await rest.git.getRef({ ...app.at.at, ref: 'heads/main' });
    await rest.git.createRef({ ...app.at.at, ref: `refs/heads/${head}`, sha: main.object.sha });
    const content = Buffer.from('x').toString('base64');
    await rest.repos.createOrUpdateFileContents({ ...app.at.at, path: 'notes.txt', message: 'x', content, branch: head });
    const { data: pull } = await rest.pulls.create({ ...app.at.at, title: 'x', head, base: 'main' });
    expect(await app.say('olga', pull.number, '/hold', true)).toBe('/hold');
  });
});
