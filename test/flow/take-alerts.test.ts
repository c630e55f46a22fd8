import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { foldHistory } from '../../src/core/history.ts';
import { takeAlerts } from '../../src/flow/take-alerts.ts';
import { appOn, firing, resolved } from '../support/incidents.ts';

const CONFIG = 'mode: shadow\ntargets: []\nidentity_labels: [job_id]\n';
const ON_COMMAND = `${CONFIG}investigate: command\n`;

describe('a fresh incident', () => {
  test('is told in one comment, which carries every mark', async () => {
    const app = await appOn(CONFIG);
    await app.tell(firing({ job_id: '42' }));
    const [issue] = await app.issues();

    expect(await app.said(issue!.number)).toHaveLength(1);
    const { entries, forged } = await app.ports.history.read(issue!.number);
    expect(entries.map((entry) => entry.what)).toEqual(['opened', 'signal', 'blocked']);
    expect(forged).toBe(0);
  });

  test('where only a command investigates is noted at once and says /investigate', async () => {
    const app = await appOn(ON_COMMAND);
    await app.tell(firing());
    const [said, ...more] = await app.said(1);

    expect(more).toEqual([]);
    expect(said).toContain('/investigate');
    expect((await app.ports.history.read(1)).entries.map((entry) => entry.what)).toEqual(['opened', 'signal']);
  });

  test('that lost its first comment is taken up by the next telling, from what that telling says', async () => {
    const app = await appOn(CONFIG);
    app.at.twin.faults.add({ match: { method: 'POST', path: /\/comments$/ }, times: 1, respond: { status: 502 } });
    await expect(app.tell(firing({ job_id: '42', severity: 'page' }))).rejects.toThrow();
    await app.tell(firing({ job_id: '42', severity: 'page' }));

    expect(await app.issues()).toHaveLength(1);
    const state = foldHistory((await app.ports.history.read(1)).entries);
    expect(state.signal?.labels.severity).toBe('page');
    expect(await app.said(1)).toHaveLength(1);
  });

  test('says how many alerts its sender left out', async () => {
    const app = await appOn(CONFIG);
    await takeAlerts([{ at: app.at.twin.clock().toISOString(), signals: [firing()], truncated: 7 }], app.ports);
    expect((await app.issue(1)).body).toContain('left 7 more alerts out');
  });
});

describe('a repeat', () => {
  test('edits the summary at most once a minute, and says nothing else', async () => {
    const app = await appOn(CONFIG);
    await app.tell(firing());
    const before = app.changes().length;
    app.at.tick(59);
    await app.tell(firing());
    expect(app.changes()).toHaveLength(before);
    app.at.tick(1);
    await app.tell(firing());
    await app.tell(firing());
    expect(app.changes().slice(before)).toMatchObject([{ method: 'PATCH', path: '/repos/acme/pipelines/issues/1' }]);
    expect((await app.issue(1)).body).toContain('Told at least 2 times');
    expect(await app.said(1)).toHaveLength(1);
  });

  test('of a resolve changes nothing the second time', async () => {
    const app = await appOn(CONFIG);
    await app.tell(firing());
    await app.tell(resolved());
    const before = app.changes().length;
    app.at.tick(3600);
    await app.tell(resolved());
    expect(app.changes()).toHaveLength(before);
  });

  test('of one of several alerts of an incident does not resolve it before the last has ended', async () => {
    const app = await appOn(CONFIG);
    await app.tell(firing({ job_id: '1', instance: 'a' }), firing({ job_id: '1', instance: 'b' }));
    await app.tell(resolved({ job_id: '1', instance: 'a' }));
    expect((await app.issue(1)).body).toMatch(/^\*\*Firing\*\*/);
    await app.tell(resolved({ job_id: '1', instance: 'b' }));
    expect((await app.issue(1)).body).toMatch(/^\*\*Resolved\*\* at 2026-11-23T04:00:00.000Z/);
  });

  test('that was told before a resolve but is taken after it does not undo it', async () => {
    const app = await appOn(CONFIG);
    await app.tell(firing());
    app.at.tick(120);
    const early = app.at.twin.clock().toISOString();
    app.at.tick(10);
    await app.tell(resolved());
    await takeAlerts([{ at: early, signals: [firing()], truncated: 0 }], app.ports);
    expect((await app.issue(1)).body).toMatch(/^\*\*Resolved\*\*/);
  });
});

describe('a resolve', () => {
  test('stands in the summary at once and is a signed entry', async () => {
    const app = await appOn(CONFIG);
    await app.tell(firing());
    await app.tell(resolved());
    expect((await app.issue(1)).body).toMatch(/^\*\*Resolved\*\*/);
    const state = foldHistory((await app.ports.history.read(1)).entries);
    expect(state.signal?.status).toBe('resolved');
  });

  test('is noted where nothing is investigated unasked, too', async () => {
    const app = await appOn(ON_COMMAND);
    await app.tell(firing());
    await app.tell(resolved());
    expect((await app.ports.history.read(1)).entries.map((entry) => entry.what)).toEqual(['opened', 'signal', 'signal']);
    app.at.tick(60);
    await app.tell(firing());
    app.at.tick(60);
    await app.tell(firing());
    expect(foldHistory((await app.ports.history.read(1)).entries).flaps).toHaveLength(1);
    expect(await app.said(1)).toHaveLength(3);
  });

  test('whose comment was lost is noted by the next one', async () => {
    const app = await appOn(CONFIG);
    await app.tell(firing());
    app.at.twin.faults.add({ match: { method: 'POST', path: /\/comments$/ }, times: 1, respond: { status: 502 } });
    await expect(app.tell(resolved())).rejects.toThrow();
    await app.tell(resolved());
    expect(foldHistory((await app.ports.history.read(1)).entries).signal?.status).toBe('resolved');
  });
});

/** Closed by a person, and back an hour later. */
async function comesBack(app: Awaited<ReturnType<typeof appOn>>) {
  await app.at.user('alice').rest.issues.update({ ...app.at.at, issue_number: 1, state: 'closed' });
  app.at.tick(3600);
  await app.tell(firing());
}

describe('an alert that comes back', () => {
  test('within the time set reopens its incident, in one comment', async () => {
    const app = await appOn(CONFIG);
    await app.tell(firing());
    await comesBack(app);
    expect(await app.issues()).toMatchObject([{ number: 1, state: 'open' }]);
    expect(await app.said(1)).toHaveLength(2);
    expect((await app.said(1))[1]).toMatch(/^The same alert is back: reopened\./);
    const { entries } = await app.ports.history.read(1);
    expect(entries.map((entry) => entry.what).slice(3)).toEqual(['reopened', 'signal', 'blocked']);
  });

  test('the third time is to be tuned: said once, with its returns, and not investigated again', async () => {
    const app = await appOn(CONFIG);
    await app.tell(firing());
    for (let time = 0; time < 5; time++) await comesBack(app);
    const said = await app.said(1);
    const advice = said.filter((one) => one.includes('#### Advice'));

    expect(advice).toHaveLength(1);
    const { flaps, advised } = foldHistory((await app.ports.history.read(1)).entries);
    expect(flaps).toHaveLength(5);
    expect(advised).toBe(true);
    for (const words of ['`Lag`', 'keep_firing_for: 60m', 'for: 15m', 'rate(', ...flaps.slice(0, 3)])
      expect(advice[0]).toContain(words);
    expect(said.filter((one) => one.includes('Sluice stopped here'))).toHaveLength(3);
  });

  test('while its incident is open flaps as well, and after the advice only the summary changes', async () => {
    const app = await appOn(CONFIG);
    await app.tell(firing());
    for (let time = 0; time < 6; time++) {
      app.at.tick(600);
      await app.tell(resolved());
      app.at.tick(600);
      await app.tell(firing());
    }
    const said = await app.said(1);
    expect(said.filter((one) => one.includes('#### Advice'))).toHaveLength(1);
    expect(said).toHaveLength(1 + 3 * 2);
    expect((await app.issue(1)).body).toMatch(/^\*\*Firing\*\*/);
  });

  test('with an issue that somebody reopened by hand is taken as a return', async () => {
    const app = await appOn(CONFIG);
    await app.tell(firing());
    await app.ports.issues.comment(
      1,
      app.ports.history.mark(1, [{ what: 'closed', at: '2026-11-23T05:00:00Z', why: 'dismissed' }]),
    );
    await app.tell(firing());
    expect((await app.ports.history.read(1)).entries.map((entry) => entry.what).slice(4)).toEqual([
      'reopened',
      'signal',
      'blocked',
    ]);
  });
});

const job = (id: number) => firing({ job_id: String(id), name: `job | ${id}` });
const jobs = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => job(from + index));
const SMALL = `${ON_COMMAND}limits: {incidents_per_hour: 3}\n`;

describe('a storm', () => {
  test('opens as many incidents as the hour has room for, and lists every other one with its labels as data', async () => {
    const app = await appOn(SMALL);
    await app.tell(...jobs(1, 10), firing({ job_id: '11', note: '<!-- sluice:incident --> | x' }));
    const issues = await app.issues();
    const [summary, ...more] = issues.filter((issue) => issue.title === 'More alerts than incidents an hour');

    expect(issues).toHaveLength(4);
    expect(more).toEqual([]);
    expect(summary?.body).toContain('Waiting: 8 more alerts of 8 identities.');
    for (let id = 4; id <= 11; id++) expect(summary?.body).toContain(`job_id=${id}`);
    expect(summary?.body?.match(/<!-- sluice:/g)).toHaveLength(1);
  });

  test('edits its summary at most once a minute, however many tellings there are, and loses none', async () => {
    const app = await appOn(SMALL);
    const start = app.at.twin.clock().getTime();
    for (let id = 1; id <= 8; id++) await app.tell(job(id));
    for (let id = 4; id <= 8; id++) await app.tell(job(id));
    const minutes = Math.ceil((app.at.twin.clock().getTime() - start) / 60_000);
    const edits = app.changes().filter(({ method, path }) => method === 'PATCH' && path === '/repos/acme/pipelines/issues/4');

    expect(edits.length).toBeLessThanOrEqual(minutes);
    const { body } = await app.issue(4);
    for (let id = 4; id <= 8; id++) expect(body).toContain(`job_id=${id},`);
  });

  test('gives way: when the hour has room, the next repeat opens its incident and its row says which', async () => {
    const app = await appOn(SMALL);
    await app.tell(...jobs(1, 5));
    app.at.tick(3601);
    await app.tell(job(4));
    expect((await app.issue(4)).body).toMatch(/job_id=4, .*\| #5 <!--/);
    expect((await app.issue(5)).body).toContain('`4`');
    app.at.tick(61);
    await app.tell(job(5));
    expect(await app.issue(4)).toMatchObject({ state: 'closed', body: expect.stringContaining('Nothing waits here any more') });
    expect(await app.issues()).toHaveLength(6);
  });

  test('is counted from GitHub’s own list: a new process has no more room', async () => {
    const app = await appOn(SMALL);
    await app.tell(...jobs(1, 3));
    const fresh = { ...app.ports };
    await takeAlerts([{ at: app.at.twin.clock().toISOString(), signals: jobs(4, 6), truncated: 0 }], fresh);
    expect(await app.issues()).toHaveLength(4);
  });

  test('of 2,000 alerts of 200 identities costs a few looks, and every identity is somewhere', async () => {
    const app = await appOn(`${ON_COMMAND}limits: {incidents_per_hour: 5}\n`);
    await app.tell(...Array.from({ length: 10 }, () => jobs(1, 200)).flat());
    const issues = await app.issues();
    const all = issues.map((issue) => issue.body).join('\n');
    for (let id = 1; id <= 200; id++) expect(all).toMatch(new RegExp(`job_id=${id},|\`${id}\``));
    expect(issues).toHaveLength(5 + 1);
    expect(app.at.twin.calls.count('app:7')).toBeLessThan(40);
  });
});

describe('one alert that cannot be taken', () => {
  test('does not hold up the others, and is named as the one that failed', async () => {
    const app = await appOn(ON_COMMAND);
    app.at.twin.faults.add({ match: { method: 'POST', path: /\/issues$/ }, times: 1, respond: { status: 502 } });
    const at = app.at.twin.clock().toISOString();
    const errors = await takeAlerts(
      [1, 2].map((id) => ({ at, signals: [job(id)], truncated: 0 })),
      app.ports,
    );
    expect(errors.map((error) => error === null)).toEqual([false, true]);
    expect(await app.issues()).toHaveLength(1);
  });
});

test('runbook titles need no text from outside', async () => {
  const app = await appOn(ON_COMMAND, { 'runbooks/x.md': readFileSync('runbooks/databricks-job-oom.md', 'utf8') });
  await app.tell(firing({ alertname: 'DatabricksJobFailed', job_id: '1' }, { source: 'databricks' }));
  expect((await app.issue(1)).title).toMatch(/^A Databricks job failed \(no target, [0-9a-f]{8}\)$/);
});
