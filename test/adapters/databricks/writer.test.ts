import { afterEach, describe, expect, test } from 'vitest';
import { createWorkspaceReader } from '../../../src/adapters/databricks/reader.ts';
import { createWorkspaceWriter } from '../../../src/adapters/databricks/writer.ts';
import { jobIds } from '../../../src/twin/pipeline/workloads.ts';
import { answering, json } from '../../support/answering.ts';
import { connectionOf, startRehearsal } from '../../support/rehearsal.ts';

const closing: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((one) => one.close()));
});

async function twin() {
  const { plant } = await startRehearsal(['oom']);
  closing.push(plant);
  const connection = { ...connectionOf(plant), token: plant.tokens.write };
  return { plant, writer: createWorkspaceWriter(connection), reader: createWorkspaceReader(connection) };
}

async function server(answer: Parameters<typeof answering>[0]) {
  const at = await answering(answer);
  closing.push(at);
  return { at, writer: createWorkspaceWriter({ name: 'prod', host: at.url, token: 't', patience: 0, timeoutMs: 300 }) };
}

describe('writing to a workspace', () => {
  test('a reset sends the settings as the text they are', async () => {
    const { at, writer } = await server((_, response) => json(response, 200, '{}'));

    expect(await writer.reset('1234567890123456789', '{"n": 1.0, "id": 9007199254740993}')).toEqual({ done: true, id: null });
    expect(at.seen[0]?.body).toBe('{"job_id":1234567890123456789,"new_settings":{"n": 1.0, "id": 9007199254740993}}');
  });

  test('a reset is there when read again', async () => {
    const { plant, writer, reader } = await twin();
    const text = (plant.databricks.settingsText(jobIds.oom) ?? '').replace('"200"', '"800"');

    await writer.reset(jobIds.oom, text);

    const job = await reader.job(jobIds.oom);
    expect(job.known && job.value.settings).toContain('"800"');
  });

  test('a failed run is repaired, and a second repair must name the first', async () => {
    const { plant, writer, reader } = await twin();
    const runs = await reader.runs(jobIds.oom, 1);
    const id = runs.known ? (runs.value[0]?.id ?? '') : '';

    const first = await writer.repair(id, null);
    plant.clock.advance(90 * 60_000);
    const blind = await writer.repair(id, null);
    const second = await writer.repair(id, first.done ? first.id : null);

    expect([first.done, blind.done, second.done]).toEqual([true, false, true]);
    const run = await reader.run(id);
    expect(run.known && run.value.repairs.map((repair) => repair.id)).toEqual([first.done && first.id, second.done && second.id]);
  });

  test('run-now with the same token starts one run', async () => {
    const { writer } = await twin();

    const [one, other] = [await writer.runNow(jobIds.oom, 'change-7', {}), await writer.runNow(jobIds.oom, 'change-7', {})];

    expect(one).toEqual(other);
    expect(one.done && one.id).toMatch(/^\d+$/);
  });

  test('a write that was accepted before the connection broke is unsure, and is not sent again', async () => {
    const { plant, writer } = await twin();
    const text = plant.databricks.settingsText(jobIds.oom) ?? '';
    plant.databricks.faults.add({ fault: { kind: 'accepted_then_broken' }, path: '/api/2.2/jobs/reset' });

    const answer = await writer.reset(jobIds.oom, text.replace('"200"', '"800"'));

    expect(answer).toMatchObject({ done: false, sure: false });
    expect(plant.databricks.settingsText(jobIds.oom)).toContain('"800"');
    expect(plant.databricks.writes).toHaveLength(1);
  });

  test.each([
    [400, '{"error_code":"INVALID_PARAMETER_VALUE","message":"no"}', true],
    [403, '{"error_code":"PERMISSION_DENIED","message":"no"}', true],
    [429, '{"error_code":"REQUEST_LIMIT_EXCEEDED"}', true],
    [302, '', true],
    [500, '{"error_code":"UNKNOWN"}', false],
    [503, '', false],
    [200, '<html>log in</html>', false],
  ])('an answer of %s %s is %s for sure', async (status, body, sure) => {
    const { at, writer } = await server((_, response) => json(response, status, body));

    expect(await writer.reset('7', '{}')).toMatchObject({ done: false, sure });
    expect(at.seen).toHaveLength(1);
  });

  test('a service that nobody listens for was not reached, for sure', async () => {
    const { at, writer } = await server(() => undefined);
    await at.close();
    closing.length = 0;

    expect(await writer.reset('7', '{}')).toMatchObject({ done: false, sure: true });
  });

  test('a service that hangs may have done it', async () => {
    const { writer } = await server(() => undefined);

    expect(await writer.runNow('7', 'token', {})).toEqual({ done: false, sure: false, why: 'no answer in time' });
  });

  test('what is no id, no settings or no token is not sent', async () => {
    const { at, writer } = await server((_, response) => json(response, 200, '{}'));

    const answers = await Promise.all([
      writer.reset('7,"x":1', '{}'),
      writer.reset('7', 'not json'),
      writer.reset('7', '[]'),
      writer.repair('x', null),
      writer.repair('7', 'x'),
      writer.cancel('x'),
      writer.runNow('7', '', {}),
      writer.runNow('7', 'a'.repeat(65), {}),
    ]);

    expect(answers.every((answer) => !answer.done && answer.sure)).toBe(true);
    expect(at.seen).toHaveLength(0);
  });

  test('without a token nothing is sent', async () => {
    const at = await answering((_, response) => json(response, 200, '{}'));
    closing.push(at);
    const token = async () => {
      throw new Error('no federation here');
    };

    const answer = await createWorkspaceWriter({ name: 'prod', host: at.url, token }).reset('7', '{}');

    expect(answer).toEqual({ done: false, sure: true, why: 'no federation here' });
    expect(at.seen).toHaveLength(0);
  });
});
