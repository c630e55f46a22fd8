import { afterEach, describe, expect, test } from 'vitest';
import { createMetrics } from '../../../src/adapters/prometheus/metrics.ts';
import { answering, json } from '../../support/answering.ts';
import { startRehearsal } from '../../support/rehearsal.ts';

const closing: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((one) => one.close()));
});

async function server(
  answer: Parameters<typeof answering>[0],
  change: { readonly limit?: number; readonly headers?: Record<string, string> } = {},
) {
  const at = await answering(answer);
  closing.push(at);
  return { at, metrics: createMetrics({ url: `${at.url}/prefix/`, timeoutMs: 300, ...change }) };
}

const now = new Date('2026-11-20T03:00:00Z');
const vector = (...values: string[]) =>
  JSON.stringify({
    status: 'success',
    data: { resultType: 'vector', result: values.map((value, index) => ({ metric: { n: String(index) }, value: [1, value] })) },
  });

describe('asking Prometheus', () => {
  test('an instant gives each series with its labels and its number', async () => {
    const { plant } = await startRehearsal(['lag']);
    closing.push(plant);

    const answer = await createMetrics({ url: plant.metrics.url }).instant(
      'sum(kafka_consumergroup_lag{topic="orders"})',
      plant.clock.now(),
    );

    expect(answer.known && answer.value.map((one) => [one.labels, one.points.length])).toEqual([[{}, 1]]);
  });

  test('a range that would have more than 300 points gets a wider step', async () => {
    const { plant } = await startRehearsal(['lag']);
    closing.push(plant);
    const from = new Date(plant.clock.now().getTime() - 5 * 3_600_000);

    const answer = await createMetrics({ url: plant.metrics.url }).range(
      'sum(kafka_consumergroup_lag)',
      from,
      plant.clock.now(),
      1,
    );

    if (!answer.known) throw new Error(answer.why);
    expect(answer.value[0]?.points.length).toBeLessThanOrEqual(300);
    expect(answer.value[0]?.points.length).toBeGreaterThan(250);
  });

  test('the query travels in a form below the configured path, with a limit, a timeout and the configured headers', async () => {
    const { at, metrics } = await server((_, response) => json(response, 200, vector('1')), {
      headers: { 'x-scope-orgid': 'team' },
    });

    await metrics.instant('up{job="a&b"}', now);

    const [seen] = at.seen;
    expect([seen?.method, seen?.url, seen?.headers['x-scope-orgid']]).toEqual(['POST', '/prefix/api/v1/query', 'team']);
    expect(Object.fromEntries(new URLSearchParams(seen?.body))).toEqual({
      query: 'up{job="a&b"}',
      time: '1795143600',
      timeout: '1s',
      limit: '201',
    });
  });

  test('NaN and the infinities stay what they are', async () => {
    const { metrics } = await server((_, response) => json(response, 200, vector('NaN', '+Inf', '-Inf', '1.5')));

    const answer = await metrics.instant('x', now);

    expect(answer.known && answer.value.map((one) => one.points[0]?.[1])).toEqual([Number.NaN, Infinity, -Infinity, 1.5]);
  });

  test('an answer with warnings is partial', async () => {
    const body = vector('1').replace('"success"', '"success","warnings":["a store is gone"]');
    const { metrics } = await server((_, response) => json(response, 200, body));

    const answer = await metrics.instant('x', now);

    expect(answer.known && answer.value[0]).toMatchObject({ partial: true, notes: ['a store is gone'] });
  });

  test('an answer with infos is whole, and keeps them', async () => {
    const body = vector('1').replace('"success"', '"success","infos":["metric might not be a counter"]');
    const { metrics } = await server((_, response) => json(response, 200, body));

    const answer = await metrics.instant('x', now);

    expect(answer.known && answer.value[0]?.notes).toEqual(['metric might not be a counter']);
    expect(answer.known && answer.value[0]).not.toHaveProperty('partial');
  });

  test.each([60, 299, 300, 301, 86_400, 7 * 86_400 + 1])('a range of %s seconds has at most 300 points', async (span) => {
    const { at, metrics } = await server((_, response) => json(response, 200, vector('1')));

    await metrics.range('x', new Date(now.getTime() - span * 1000), now, 1);

    const step = Number(new URLSearchParams(at.seen[0]?.body).get('step'));
    expect(Math.floor(span / step) + 1).toBeLessThanOrEqual(300);
  });

  test('10,000 series are cut, and an answer beyond all bounds is not held', async () => {
    const many = await server((_, response) => json(response, 200, vector(...Array.from({ length: 10_000 }, () => '1'))));
    const huge = createMetrics({
      url: 'http://prometheus',
      fetch: async () => new Response(new ReadableStream({ pull: (to) => to.enqueue(new Uint8Array(1024 * 1024)) })),
    });

    const answer = await many.metrics.instant('x', now);

    expect(answer.known && answer.value.length).toBe(200);
    expect(answer.known && answer.value[0]?.notes).toEqual(['the answer was cut after 200 series']);
    expect(await huge.instant('x', now)).toEqual({
      known: false,
      why: 'unreadable: the answer is larger than 32 MiB; aggregate the query',
    });
  });

  test('an empty answer with warnings is unknown, not "no data"', async () => {
    const body = vector().replace('"success"', '"success","warnings":["a store is gone"]');
    const { metrics } = await server((_, response) => json(response, 200, body));

    expect(await metrics.instant('x', now)).toEqual({ known: false, why: 'partial: a store is gone' });
  });

  test('an answer of more series than the limit is cut and partial', async () => {
    const { metrics } = await server((_, response) => json(response, 200, vector('1', '2', '3')), { limit: 2 });

    const answer = await metrics.instant('x', now);

    expect(answer.known && answer.value.map((one) => one.partial)).toEqual([true, true]);
  });

  test.each([
    [400, '{"status":"error","errorType":"bad_data","error":"parse error"}', 'refused: bad_data: parse error'],
    [422, '{"status":"error","errorType":"execution","error":"too many"}', 'refused: execution: too many'],
    [503, '{"status":"error","errorType":"timeout","error":"late"}', 'unreadable: 503 timeout: late'],
    [200, '<html>', 'unreadable: 200 the answer is not one of Prometheus with plain numbers'],
    [
      200,
      '{"status":"success","data":{"resultType":"string","result":[1,"x"]}}',
      'unreadable: 200 the answer is not one of Prometheus with plain numbers',
    ],
    [302, '', 'unreachable: answered with a redirect, which is refused'],
  ])('an answer of %s %s is unknown: %s', async (status, body, why) => {
    const { at, metrics } = await server((_, response) => json(response, status, body, { location: 'http://127.0.0.1:1/' }));

    expect(await metrics.instant('x', now)).toEqual({ known: false, why });
    expect(at.seen).toHaveLength(1);
  });

  test('what hangs is given up', async () => {
    const { metrics } = await server(() => undefined);

    expect(await metrics.instant('x', now)).toEqual({ known: false, why: 'unreachable: no answer in time' });
  });
});
