import { beforeAll, describe, expect, test } from 'vitest';
import { alertOf, build, document, folder, sluice, webhook } from './sluice.ts';

const target = (name: string, match: string) =>
  `  - {name: ${name}, match: ${match}, files: [jobs/a.json], kind: job-json, workspace: prod, job: {id: "7"}}\n`;
const CONFIG = `targets:\n${target('any', '{severity: critical}')}${target('orders', '{severity: critical, job_name: orders-nightly}')}`;

beforeAll(build);

async function resolved(alert: string, config = CONFIG) {
  const root = folder({ 'alert.json': alert, 'sluice.yml': config });
  return sluice(['resolve', '--alert', `${root}/alert.json`, '--config', `${root}/sluice.yml`, '--json']);
}

describe('sluice resolve', () => {
  test('says the most specific target, its line and who else matched', async () => {
    const ended = await resolved(webhook(alertOf('oom')));

    expect(ended.code).toBe(0);
    expect(document(ended)).toEqual({ target: 'orders', rule: { line: 3 }, candidates: ['orders', 'any'] });
  });

  test('of a group the first firing alert is meant, and that is said', async () => {
    const ended = await resolved(webhook(alertOf('lag', { status: 'resolved' }), alertOf('oom')));

    expect(document(ended).target).toBe('orders');
    expect(ended.stderr).toMatch(/holds 2 alerts; this is about SparkJobOutOfMemory/);
  });

  test('an alert without a target is refused with what to add', async () => {
    const ended = await resolved(webhook(alertOf('oom')), 'targets: []\n');

    expect(ended.code).toBe(1);
    expect(document(ended)).toMatchObject({
      target: null,
      rule: null,
      candidates: [],
      error: { code: 'target_unknown', fix: expect.stringContaining('- name: REPLACE-WITH-NAME') },
    });
  });

  test('two equally good targets are a tie, never a choice', async () => {
    const config = `targets:\n${target('one', '{severity: critical}')}${target('two', '{job_name: orders-nightly}')}`;
    const ended = await resolved(webhook(alertOf('oom')), config);

    expect(ended.code).toBe(1);
    expect(document(ended)).toMatchObject({
      ...{ target: null, candidates: ['one', 'two'] },
      error: { code: 'target_ambiguous', line: 2, message: expect.stringContaining('one (line 2), two (line 3)') },
    });
  });

  test.each([
    ['text that is not JSON', '{"version":\n nope', { code: 'alert_malformed', line: 2 }],
    ['another version', '{\n"version":"3","alerts":[]}', { code: 'alert_malformed', line: 2, fix: expect.stringMatching(/./) }],
    ['a group without alerts', '{"version":"4","alerts":[]}', { code: 'alert_malformed' }],
    ['an alert without a name', webhook(alertOf('oom', { labels: {} })), { code: 'alert_malformed' }],
    ['a list', '[]', { code: 'alert_malformed' }],
  ])('%s is no alert', async (_, alert, error) => {
    const ended = await resolved(alert);

    expect(ended.code).toBe(1);
    expect(document(ended).error).toMatchObject(error);
  });

  test('a person reads file, line, what is wrong and what to do in one line', async () => {
    const root = folder({ 'alert.json': '{\n"version": "4",\n"alerts": [{"status": "gone"}]}' });
    const ended = await sluice(['resolve', '--alert', `${root}/alert.json`]);

    expect([ended.code, ended.stdout]).toEqual([1, '']);
    expect(ended.stderr).toBe(
      `sluice: ${root}/alert.json:3: alerts[0].status is "gone", not firing or resolved. Let the sender write "firing" or "resolved", in lower case.\n`,
    );
  });

  test('of a group the alerts that cannot be read are named, each with its line', async () => {
    const ended = await resolved(webhook(alertOf('oom'), { status: 'gone' }));

    expect(ended.code).toBe(0);
    expect(ended.stderr).toMatch(/alert\.json:1: alerts\[1\]\.status is "gone"/);
  });

  test('a missing alert file is a missing file', async () => {
    const ended = await sluice(['resolve', '--alert', 'nowhere.json', '--json']);

    expect([ended.code, document(ended).error.code]).toEqual([2, 'file_missing']);
  });
});
