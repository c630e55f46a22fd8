import { describe, expect, test } from 'vitest';
import { readJobPage, readLogDestination, readNodeTypes, readTaskError, readWrittenId } from '../../src/schema/databricks.ts';
import { readFault } from '../../src/schema/databricks-error.ts';
import { readRunPage, readRunsPage } from '../../src/schema/databricks-run.ts';

const finished = (code: string, type: string) => ({ status: { state: 'TERMINATED', termination_details: { code, type } } });
const old = (life_cycle_state: string, result_state?: string) => ({ state: { life_cycle_state, result_state } });

describe('the outcome of a run', () => {
  test.each([
    [finished('SUCCESS', 'SUCCESS'), 'succeeded'],
    [finished('SUCCESS_WITH_FAILURES', 'SUCCESS'), 'unknown'],
    [finished('RUN_EXECUTION_ERROR', 'CLIENT_ERROR'), 'failed'],
    [finished('CLOUD_FAILURE', 'CLOUD_FAILURE'), 'failed'],
    [finished('A_CODE_OF_NEXT_YEAR', 'CLIENT_ERROR'), 'failed'],
    [finished('A_CODE_OF_NEXT_YEAR', 'A_TYPE_OF_NEXT_YEAR'), 'unknown'],
    [finished('SUCCESS', 'A_TYPE_OF_NEXT_YEAR'), 'unknown'],
    [finished('USER_CANCELED', 'SUCCESS'), 'canceled'],
    [finished('SKIPPED', 'SUCCESS'), 'canceled'],
    [finished('CANCELED', 'INTERNAL_ERROR'), 'canceled'],
    [{ ...finished('CANCELED', 'INTERNAL_ERROR'), ...old('TERMINATED', 'TIMEDOUT') }, 'failed'],
    [{ status: { state: 'TERMINATED' } }, 'unknown'],
    [{ status: { state: 'RUNNING' } }, 'active'],
    [{ status: { state: 'WAITING' } }, 'active'],
    [{ status: { state: 'A_STATE_OF_NEXT_YEAR' } }, 'unknown'],
    [old('TERMINATED', 'SUCCESS'), 'succeeded'],
    [old('TERMINATED', 'FAILED'), 'failed'],
    [old('TERMINATED', 'TIMEDOUT'), 'failed'],
    [old('TERMINATED', 'CANCELED'), 'canceled'],
    [old('TERMINATED', 'SUCCESS_WITH_FAILURES'), 'unknown'],
    [old('TERMINATED'), 'unknown'],
    [old('INTERNAL_ERROR'), 'failed'],
    [old('SKIPPED'), 'canceled'],
    [old('RUNNING'), 'active'],
    [old('NEW'), 'unknown'],
    [{}, 'unknown'],
  ])('%j is %s', (state, outcome) => {
    expect(readRunPage({ run_id: 1, ...state })?.items[0]?.outcome).toBe(outcome);
  });
});

describe('reading an answer', () => {
  test('an original run is no repair, and times of 0 are no times', () => {
    const repairs = [
      { type: 'ORIGINAL', id: 1 },
      { type: 'REPAIR', id: '1234567890123456789', start_time: 1000 },
    ];

    const run = readRunPage({ run_id: 1, start_time: 1000, end_time: 0, repair_history: repairs })?.items[0];

    expect(run?.repairs).toEqual([{ id: '1234567890123456789', startedAt: '1970-01-01T00:00:01.000Z' }]);
    expect(run?.endedAt).toBeNull();
  });

  test('a run that was ended at its timeout says so, whatever the newer status calls it', () => {
    const state = { ...finished('CANCELED', 'INTERNAL_ERROR'), ...old('TERMINATED', 'TIMEDOUT') };

    const run = readRunPage({ run_id: 1, ...state, tasks: [{ run_id: 2, ...state }] })?.items[0];

    expect([run?.terminationCode, run?.tasks[0]?.terminationCode]).toEqual(['TIMEDOUT', 'TIMEDOUT']);
  });

  test('a task keeps its own code, message and attempt, a run how long it was queued; what is not told is absent', () => {
    const details = { code: 'CLUSTER_ERROR', type: 'CLIENT_ERROR', message: 'Cluster 1 was terminated.' };
    const tasks = [
      { run_id: 2, status: { state: 'TERMINATED', termination_details: details }, attempt_number: 2 },
      { run_id: 3 },
    ];

    const run = readRunPage({ run_id: 1, queue_duration: 90_000, tasks })?.items[0];

    expect(run?.queuedSeconds).toBe(90);
    expect(run?.tasks[0]).toMatchObject({ terminationCode: 'CLUSTER_ERROR', message: 'Cluster 1 was terminated.', attempt: 3 });
    for (const absent of ['terminationCode', 'message', 'attempt']) expect(run?.tasks[1]).not.toHaveProperty(absent);
    expect(readRunPage({ run_id: 1 })?.items[0]).not.toHaveProperty('queuedSeconds');
  });

  test('lists that are absent are empty', () => {
    expect(readRunsPage({})).toEqual({ items: [], next: null });
    expect(readNodeTypes({})).toEqual([]);
    expect(readTaskError({})).toEqual({ error: '', trace: '' });
    expect(readLogDestination({})).toEqual({ destination: null });
  });

  test.each([null, 7, 'x', [], { runs: 'x' }])('%j is no page of runs', (value) => {
    expect(readRunsPage(value)).toBeNull();
  });

  test('an id is text, a written id too', () => {
    expect(readJobPage({ job_id: 7, settings: {} })?.id).toBe('7');
    expect(readWrittenId({ run_id: '1234567890123456789' })).toBe('1234567890123456789');
    expect(readWrittenId({})).toBeNull();
  });
});

describe('an error answer', () => {
  test.each([
    [404, '', 'missing', '404 without a message'],
    [
      400,
      '{"error_code":"INVALID_PARAMETER_VALUE","message":"Run 9 does not exist."}',
      'missing',
      '400 INVALID_PARAMETER_VALUE: Run 9 does not exist.',
    ],
    [
      400,
      '{"error_code":"INVALID_PARAMETER_VALUE","message":"Task key does not exist"}',
      'refused',
      '400 INVALID_PARAMETER_VALUE: Task key does not exist',
    ],
    [401, '{"error_code":"UNAUTHENTICATED"}', 'forbidden', '401 UNAUTHENTICATED'],
    [500, '{"error_code":"RESOURCE_DOES_NOT_EXIST","message":"x"}', 'missing', '500 RESOURCE_DOES_NOT_EXIST: x'],
    [429, '{"error_code":429,"message":"x"}', 'busy', '429 429: x'],
    [503, '{"error_code":"TEMPORARILY_UNAVAILABLE"}', 'busy', '503 TEMPORARILY_UNAVAILABLE'],
    [409, '{"detail":"scim","status":"409"}', 'refused', '409 scim'],
    [400, '{"error":"api 1.2"}', 'refused', '400 api 1.2'],
    [502, '<html>bad gateway</html>', 'broken', '502 an HTML page'],
  ])('%s %s is %s', (status, body, code, text) => {
    expect(readFault(status, body)).toEqual({ code, text });
  });

  test('its words are cut short and have no control characters', () => {
    const { text } = readFault(500, `{"message":"a\\u0007\\u202eb${'x'.repeat(1000)}"}`);

    expect(text.length).toBeLessThan(420);
    expect(text).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });
});
