import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseAlertmanager } from '../../src/schema/alert.ts';
import { plainText } from '../../src/schema/outside-text.ts';

const captured = (name: string): unknown =>
  JSON.parse(readFileSync(`test/fixtures/alertmanager/alertmanager-${name}.json`, 'utf8'));

const alert = (more: object = {}) => ({
  status: 'firing',
  labels: { alertname: 'Lag', topic: 'orders' },
  annotations: {},
  startsAt: '2026-11-23T04:10:02.632Z',
  endsAt: '0001-01-01T00:00:00Z',
  fingerprint: 'f1',
  ...more,
});
const webhook = (alerts: readonly unknown[], more: object = {}) => ({ version: '4', status: 'firing', alerts, ...more });

describe('an Alertmanager webhook', () => {
  test('as captured while firing becomes one signal', () => {
    expect(parseAlertmanager(captured('firing'))).toEqual({
      ok: true,
      truncated: 0,
      faults: [],
      signals: [
        {
          source: 'alertmanager',
          status: 'firing',
          alertname: 'JobFailing',
          labels: {
            alertname: 'JobFailing',
            instance: '127.0.0.1:9391',
            job: 'app',
            job_id: '42',
            severity: 'page',
            team: 'data',
          },
          annotations: { runbook_url: 'https://example.invalid/rb', summary: 'Job 42 failing, value 1' },
          startsAt: '2026-11-23T04:10:02.632Z',
          endsAt: null,
          fingerprint: '317d5a2afd9acb21',
        },
      ],
    });
  });

  test('as captured when resolved keeps its start and gets an end', () => {
    expect(parseAlertmanager(captured('resolved'))).toMatchObject({
      ok: true,
      signals: [
        {
          status: 'resolved',
          startsAt: '2026-11-23T04:10:02.632Z',
          endsAt: '2026-11-23T04:10:08.632Z',
          fingerprint: '317d5a2afd9acb21',
        },
      ],
    });
  });

  test('gives each alert its own status, whatever the group’s is', () => {
    const parsed = parseAlertmanager(
      webhook([alert(), alert({ status: 'resolved', endsAt: '2026-11-23T05:00:00+01:00' })], { status: 'resolved' }),
    );

    expect(parsed).toMatchObject({
      signals: [
        { status: 'firing', endsAt: null },
        { status: 'resolved', endsAt: '2026-11-23T04:00:00.000Z' },
      ],
    });
  });

  test('a firing alert has no end, even where the sender foresees one', () => {
    expect(parseAlertmanager(webhook([alert({ endsAt: '2026-11-24T00:00:00Z' })]))).toMatchObject({
      signals: [{ endsAt: null }],
    });
    expect(parseAlertmanager(webhook([alert({ status: 'resolved' })]))).toMatchObject({ signals: [{ endsAt: null }] });
  });

  test('of Grafana is read too, and named so', () => {
    const body = webhook([alert({ values: { A: 1 }, silenceURL: 'x', dashboardURL: '' })], {
      version: '1',
      orgId: 1,
      state: 'alerting',
      title: 't',
    });

    expect(parseAlertmanager(body)).toMatchObject({ ok: true, signals: [{ source: 'grafana', alertname: 'Lag' }] });
  });

  test('of Grafana needs no version where its door or its organisation names it', () => {
    const documented = {
      receiver: 'My Super Webhook',
      status: 'firing',
      orgId: 1,
      alerts: [
        alert({
          startsAt: '2021-10-12T09:51:03.157076+02:00',
          endsAt: '0001-01-01T00:00:00Z',
          generatorURL: 'https://play.grafana.org/alerting/1afz29v7z/edit',
          silenceURL: 'https://play.grafana.org/alerting/silence/new',
          dashboardURL: '',
          panelURL: '',
          values: { B: 44.23943737541908, C: 1 },
          valueString: "[ var='B' labels={} value=44.2 ]",
        }),
      ],
      groupLabels: {},
      commonLabels: { team: 'blue' },
      commonAnnotations: {},
      externalURL: 'https://play.grafana.org/',
      groupKey: '{}:{}',
      truncatedAlerts: 0,
      title: '[FIRING:2]  (blue)',
      // What Grafana says of the whole group is less than what each alert says.
      state: 'ok',
      message: '**Firing**',
    };
    const read = parseAlertmanager(documented);

    expect(read).toMatchObject({
      ok: true,
      signals: [{ source: 'grafana', status: 'firing', startsAt: '2021-10-12T07:51:03.157Z', endsAt: null }],
    });
    expect(read.ok && read.signals[0]?.annotations).toEqual({ values: 'B = 44.23943737541908, C = 1' });
    const { orgId: _, ...bare } = documented;
    expect(parseAlertmanager(bare)).toMatchObject({ ok: false });
    expect(parseAlertmanager(bare, { door: 'grafana' })).toMatchObject({ ok: true, signals: [{ source: 'grafana' }] });
  });

  test('of Grafana’s legacy alerting is refused by name', () => {
    const legacy = { dashboardId: 1, orgId: 0, ruleName: 'Panel Title alert', state: 'alerting', evalMatches: [] };
    expect(parseAlertmanager(legacy, { door: 'grafana' })).toMatchObject({
      ok: false,
      faults: [{ message: expect.stringContaining('legacy alerting') }],
    });
  });

  test('of another version is not Grafana’s, whatever the door', () => {
    expect(parseAlertmanager(webhook([alert()], { version: '3', orgId: 1 }), { door: 'grafana' })).toMatchObject({ ok: false });
  });

  test('told by a dispatch is named so', () => {
    expect(parseAlertmanager(webhook([alert()]), { door: 'dispatch' })).toMatchObject({ signals: [{ source: 'dispatch' }] });
  });

  test('keeps what fits into one comment, and always the same of it', () => {
    const names = Array.from({ length: 60 }, (_, index) => `label_${String(index).padStart(2, '0')}`);
    const labels = (order: readonly string[]) => ({
      ...Object.fromEntries(order.map((name) => [name, 'x'.repeat(1000)])),
      alertname: 'A',
    });
    const [one, other] = [names, names.toReversed()].map((order) =>
      parseAlertmanager(webhook([alert({ labels: labels(order) })])),
    );
    const kept = one?.ok ? one.signals[0]?.labels : {};

    expect(Object.keys(kept ?? {})).toEqual(['alertname', 'label_00', 'label_01', 'label_02', 'label_03']);
    expect(other?.ok ? other.signals[0]?.labels : {}).toEqual(kept);
  });

  test('says how many alerts were left out', () => {
    expect(parseAlertmanager(webhook([alert()], { truncatedAlerts: 7 }))).toMatchObject({ truncated: 7 });
    expect(
      parseAlertmanager(
        webhook(
          Array.from({ length: 1003 }, () => alert()),
          { truncatedAlerts: 1 },
        ),
      ),
    ).toMatchObject({ truncated: 4 });
    expect(parseAlertmanager(webhook([alert()], { truncatedAlerts: 'many' }))).toMatchObject({ truncated: 0 });
  });

  test('without a fingerprint is told apart by its labels', () => {
    expect(parseAlertmanager(webhook([alert({ fingerprint: undefined })]))).toMatchObject({
      signals: [{ fingerprint: '[["alertname","Lag"],["topic","orders"]]' }],
    });
  });

  test('one unreadable alert does not lose the others', () => {
    expect(parseAlertmanager(webhook([alert({ status: 'gone' }), alert()]))).toMatchObject({
      ok: true,
      signals: [{ alertname: 'Lag' }],
      faults: [{ code: 'alert_malformed', message: expect.stringContaining('alerts[0].status') }],
    });
  });

  test('an empty group is no fault', () => {
    expect(parseAlertmanager(webhook([]))).toEqual({ ok: true, signals: [], truncated: 0, faults: [] });
  });

  test.each([
    ['null', null],
    ['a text', 'x'],
    ['a list', []],
    ['no version', { alerts: [] }],
    ['version 3', { version: '3', alerts: [] }],
    ['version 1 that is not Grafana’s', { version: '1', alerts: [] }],
    ['alerts that are no list', { version: '4', alerts: {} }],
    ['an alert that is no object', webhook([5])],
    ['an alert without a name', webhook([alert({ labels: { topic: 'x' } })])],
    ['an alert whose name is invisible', webhook([alert({ labels: { alertname: '\u200b\u202e' } })])],
    ['an alert without labels', webhook([alert({ labels: null })])],
    ['an alert with a start that is no time', webhook([alert({ startsAt: 'yesterday' })])],
    ['an alert with a start on no day', webhook([alert({ startsAt: '2026-13-01T00:00:00Z' })])],
  ])('%s is refused', (_, body) => {
    expect(parseAlertmanager(body)).toMatchObject({ ok: false, faults: [{ code: 'alert_malformed' }] });
  });
});

describe('text in an alert', () => {
  test('loses invisible and direction-changing characters, and keeps its words apart', () => {
    const labels = {
      alertname: 'La\u200bg\u202e',
      a: 'x\r\n\ty',
      b: '\ufeffz\u0000',
      ['c\u200b']: 'spoof',
      d: 5,
      'e\n': 'x',
      ['__proto__']: 'p',
    };
    const parsed = parseAlertmanager(webhook([alert({ labels })]));

    expect(parsed.ok && parsed.signals[0]?.alertname).toBe('Lag');
    expect(parsed.ok && Object.entries(parsed.signals[0]?.labels ?? {})).toEqual(
      expect.arrayContaining([
        ['alertname', 'Lag'],
        ['a', 'x y'],
        ['b', 'z'],
      ]),
    );
    expect(parsed.ok && Object.keys(parsed.signals[0]?.labels ?? {})).not.toContain('c');
  });

  test('is cut to its longest length, never through a character', () => {
    expect(plainText('😀'.repeat(10), 5)).toBe('😀😀');
    expect(plainText('x'.repeat(5000), 1024)).toHaveLength(1024);
  });

  test('is plain whatever was sent, and cleaning it again changes nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 50 }), (text, most) => {
        const plain = plainText(text, most);
        expect(plain.length).toBeLessThanOrEqual(most);
        expect(plain).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Surrogate}]/u);
        expect(plainText(plain, most).length).toBeLessThanOrEqual(plain.length);
      }),
      { numRuns: 1000 },
    );
  });
});
