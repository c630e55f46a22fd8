import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseDatabricks } from '../../src/schema/databricks-alert.ts';
import { readExactJson } from '../../src/schema/exact-json.ts';

const AT = '2026-11-23T03:00:00.000Z';

/** As Databricks documents it; ids come as numbers. */
const notification = (event: string, more: object = {}) => ({
  event_type: event,
  workspace_id: 6051921418418893,
  run: { run_id: 41847992357943 },
  job: { job_id: 281874479417551, name: 'orders-nightly' },
  ...more,
});

describe('a job notification of Databricks', () => {
  test.each([
    ['jobs.on_failure', 'DatabricksJobFailed'],
    ['jobs.on_duration_warning_threshold_exceeded', 'DatabricksJobSlow'],
    ['jobs.on_streaming_backlog_exceeded', 'DatabricksStreamingBacklog'],
  ])('%s fires %s', (event, alertname) => {
    expect(parseDatabricks(notification(event), AT)).toEqual({
      ok: true,
      truncated: 0,
      faults: [],
      signals: [
        {
          source: 'databricks',
          status: 'firing',
          alertname,
          labels: {
            alertname,
            job_id: '281874479417551',
            job_name: 'orders-nightly',
            run_id: '41847992357943',
            workspace_id: '6051921418418893',
          },
          annotations: {},
          startsAt: AT,
          endsAt: null,
          fingerprint: `${alertname} 6051921418418893 281874479417551`,
        },
      ],
    });
  });

  test('of a success resolves what a failed or slow run had fired, by the same fingerprint', () => {
    const failed = parseDatabricks(notification('jobs.on_failure'), AT);
    const ended = parseDatabricks(notification('jobs.on_success', { run: { run_id: 5 } }), AT);
    const signals = ended.ok ? ended.signals : [];

    expect(signals.map((one) => [one.alertname, one.status, one.endsAt])).toEqual([
      ['DatabricksJobFailed', 'resolved', AT],
      ['DatabricksJobSlow', 'resolved', AT],
    ]);
    expect(signals[0]?.fingerprint).toBe(failed.ok && failed.signals[0]?.fingerprint);
  });

  test('of a start is read and is no alert', () => {
    expect(parseDatabricks(notification('jobs.on_start'), AT)).toEqual({ ok: true, signals: [], truncated: 0, faults: [] });
  });

  test('of a task names the job’s run, and the task', () => {
    const task = { run: { run_id: 7, parent_run_id: 6 }, task: { task_key: 'join_orders' } };
    expect(parseDatabricks(notification('jobs.on_failure', task), AT)).toMatchObject({
      signals: [{ labels: { run_id: '6', task_key: 'join_orders' } }],
    });
  });

  test('keeps ids that a double cannot hold', () => {
    const json = readExactJson(
      '{"event_type":"jobs.on_failure","run":{"run_id":9007199254740995},"job":{"job_id":1234567890123456789}}',
    );
    expect(json.ok && parseDatabricks(json.value, AT)).toMatchObject({
      signals: [{ labels: { job_id: '1234567890123456789', run_id: '9007199254740995' } }],
    });
  });

  test.each([
    ['null', null, 'body'],
    ['a list', [], 'body'],
    ['no event', { ...notification('x'), event_type: undefined }, 'event_type'],
    ['an unknown event', notification('jobs.on_fire'), 'event_type'],
    ['an event of another kind', notification('toString'), 'event_type'],
    ['no job', { ...notification('jobs.on_failure'), job: undefined }, 'job'],
    ['a job id that is no number', notification('jobs.on_failure', { job: { job_id: 'x; drop' } }), 'job.job_id'],
    ['a run id that is no number', notification('jobs.on_failure', { run: { run_id: '' } }), 'run.run_id'],
  ])('%s is refused, with the place', (_, body, place) => {
    expect(parseDatabricks(body, AT)).toMatchObject({
      ok: false,
      faults: [{ code: 'alert_malformed', message: expect.stringContaining(place) }],
    });
  });

  test('never throws, and never lets a job’s name carry more than one line', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.jsonValue(), (name, any) => {
        parseDatabricks(any, AT);
        const read = parseDatabricks(notification('jobs.on_failure', { job: { job_id: 1, name } }), AT);
        expect(read.ok && (read.signals[0]?.labels.job_name ?? '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
      }),
    );
  });
});
