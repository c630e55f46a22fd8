import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseAlertmanager } from '../../src/schema/alert.ts';
import { parseDatabricks } from '../../src/schema/databricks-alert.ts';
import { readExactJson } from '../../src/schema/exact-json.ts';

const ALERT = {
  status: 'firing',
  labels: { alertname: 'Lag', topic: 'orders' },
  annotations: {},
  startsAt: '2026-11-23T04:10:02.632Z',
  endsAt: '0001-01-01T00:00:00Z',
  fingerprint: 'f1',
};
/** Two alerts, of which the second starts in line 13: the places below are lines of this text. */
const GROUP = JSON.stringify({ version: '4', status: 'firing', alerts: [ALERT, ALERT] }, null, 1);
const NOTE = JSON.stringify(
  { event_type: 'jobs.on_failure', workspace_id: 5, run: { run_id: 7 }, job: { job_id: 42, name: 'a' } },
  null,
  1,
);

function second(text: string, from: string, to: string): string {
  const at = text.lastIndexOf(from);
  expect(at).toBeGreaterThan(0);
  return text.slice(0, at) + to + text.slice(at + from.length);
}

function firstFault(text: string, read = (body: unknown) => parseAlertmanager(body, { text })) {
  const json = readExactJson(text);
  const [fault] = json.ok ? read(json.value).faults : [];
  return fault && [fault.line, fault.message, fault.fix];
}

describe('a fault of an alert names the value, its line and what to do at the sender', () => {
  test.each([
    ['[]', 1, 'the body is a list, not a JSON object', /Alertmanager webhook/],
    ['\n\n5', 3, 'the body is 5, not a JSON object', /Alertmanager webhook/],
    ['{\n"alerts": []}', 1, 'version is missing', /0\.16/],
    ['{\n"version": "3"}', 2, 'version is "3", not "4", or Grafana’s "1"', /0\.16/],
    ['{\n"version": 4}', 2, 'version is 4, not "4", or Grafana’s "1"', /0\.16/],
    ['{"version": "4",\n"x": 1}', 1, 'alerts is missing', /list of alerts/],
    ['{"version": "4",\n"alerts":\n{}}', 3, 'alerts is a map, not a list', /list of alerts/],
    ['{"version": "4",\n"alerts": [\n5]}', 3, 'alerts[0] is 5, not an object', /status, labels/],
    [second(GROUP, '"status": "firing",\n', ''), 16, 'alerts[1].status is missing', /"firing" or "resolved"/],
    [second(GROUP, '"firing"', '"Firing"'), 17, 'alerts[1].status is "Firing", not firing or resolved', /lower case/],
    [second(GROUP, '"alertname": "Lag",', ''), 18, 'alerts[1].labels.alertname is missing', /where it is defined/],
    [second(GROUP, '"Lag"', '5'), 19, 'alerts[1].labels.alertname is 5, not a text', /where it is defined/],
    [second(GROUP, '"Lag"', '""'), 19, 'alerts[1].labels.alertname is "", not a name that can be read', /where it is defined/],
    [second(GROUP, '"labels"', '"label"'), 16, 'alerts[1].labels is missing', /names and texts/],
    [
      second(GROUP, '{\n    "alertname": "Lag",\n    "topic": "orders"\n   }', 'null'),
      18,
      'alerts[1].labels is empty, not an object',
      /texts/,
    ],
    [second(GROUP, '"2026-11-23T04:10:02.632Z"', '"soon"'), 23, 'alerts[1].startsAt is "soon", not an RFC 3339 time', /2026/],
    [second(GROUP, '"startsAt"', '"startedAt"'), 16, 'alerts[1].startsAt is missing', /2026/],
  ])('%j', (text, line, message, fix) => {
    expect(firstFault(text)).toEqual([line, message, expect.stringMatching(fix)]);
  });

  test.each([
    ['{}', 1, 'event_type is missing', /notification destination/],
    [NOTE.replace('"jobs.on_failure"', '5'), 2, 'event_type is 5, not a text', /notification destination/],
    [
      NOTE.replace('jobs.on_failure', 'jobs.on_fire'),
      2,
      /^event_type is "jobs.on_fire", not one of jobs.on_start, /,
      /no other event/,
    ],
    [NOTE.replace('"job"', '"jobs"'), 1, 'job is missing', /notification destination/],
    [NOTE.replace('42', '"x"'), 8, 'job.job_id is "x", not the digits of an id', /notification destination/],
    [NOTE.replace('"run_id": 7', '"id": 7'), 4, 'run.run_id is missing', /notification destination/],
    [NOTE.replace('7', '{}'), 5, 'run.run_id is a map, not an id', /notification destination/],
  ])('of Databricks: %j', (text, line, message, fix) => {
    const told = typeof message === 'string' ? message : expect.stringMatching(message);
    expect(firstFault(text, (body) => parseDatabricks(body, '2026-11-23T03:00:00.000Z', text))).toEqual([
      line,
      told,
      expect.stringMatching(fix),
    ]);
  });

  test('of a key that stands twice means the last, which is the one that is read', () => {
    expect(firstFault('{"version": "4", "alerts": [],\n"alerts": 5}')?.slice(0, 2)).toEqual([2, 'alerts is 5, not a list']);
  });

  test('has no line where the text is not at hand', () => {
    expect(parseAlertmanager([])).toMatchObject({ ok: false, faults: [{ line: null }] });
  });

  test('quotes what was sent in one short line, whatever it holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (status) => {
        const text = JSON.stringify({ version: '4', alerts: [{ ...ALERT, status: `${status}x` }] });
        const [line, message] = firstFault(text) ?? [];
        expect(line).toBe(1);
        expect(message).not.toMatch(/[\p{Cc}\p{Cf}]/u);
        expect(String(message).length).toBeLessThan(250);
      }),
    );
  });
});
