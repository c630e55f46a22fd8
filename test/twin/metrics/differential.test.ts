import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Exposed } from '../../../src/twin/metrics/exposition.ts';
import { openMetrics } from '../../../src/twin/metrics/exposition.ts';
import type { TwinMetrics } from '../../../src/twin/metrics/server.ts';
import { startMetrics } from '../../../src/twin/metrics/server.ts';
import type { RealPrometheus } from './real-prometheus.ts';
import { binaries, onPath, startRealPrometheus } from './real-prometheus.ts';

const expressions: readonly string[] = [
  'kafka_consumergroup_lag',
  'kafka_consumergroup_lag{partition="1"}',
  'kafka_consumergroup_lag{partition!="1"}',
  'kafka_consumergroup_lag{partition=~"[01]",topic!~"pay.*"}',
  '{__name__=~"kafka_consumergroup_lag|jumps"}',
  'kafka_consumergroup_lag offset 10m',
  'kafka_consumergroup_lag offset -5m',
  'sum(kafka_consumergroup_lag)',
  'sum by (topic) (kafka_consumergroup_lag)',
  'sum without (partition) (kafka_consumergroup_lag)',
  'max by (topic, consumergroup) (kafka_consumergroup_lag)',
  'min(kafka_consumergroup_lag) by (topic)',
  'avg by (topic) (kafka_consumergroup_lag)',
  'count by (topic) (kafka_consumergroup_lag)',
  'stddev by (topic) (kafka_consumergroup_lag)',
  'topk(2, kafka_consumergroup_lag)',
  'bottomk(1, kafka_consumergroup_lag)',
  'quantile(0.95, kafka_consumergroup_lag)',
  'quantile by (topic) (0.5, kafka_consumergroup_lag)',
  'rate(produced_total[5m])',
  'rate(produced_total[1m])',
  'rate(resetting_total[5m])',
  'increase(resetting_total[10m])',
  'increase(produced_total[90s])',
  'irate(produced_total[5m])',
  'rate(jumps[7m])',
  'delta(kafka_consumergroup_lag[10m])',
  'idelta(kafka_consumergroup_lag[10m])',
  'deriv(kafka_consumergroup_lag[10m])',
  'deriv(constant[10m])',
  'sum(deriv(kafka_consumergroup_lag[10m] offset 5m))',
  'quantile(0.5, deriv(kafka_consumergroup_lag[10m]))',
  'sum((changes(kafka_consumergroup_lag[10m]) == bool 0) * (min_over_time(kafka_consumergroup_lag[10m]) > bool 0))',
  'sum((resets(kafka_consumergroup_lag[10m]) == bool 0) * (min_over_time(kafka_consumergroup_lag[10m]) > bool 0))',
  'max(rate(produced_total[10m])) / quantile(0.5, rate(produced_total[10m]))',
  'max(quantile_over_time(0.5, kafka_consumergroup_lag[10m] offset 5m))',
  'sum by (topic) (rate(produced_total[5m]))',
  'avg_over_time(kafka_consumergroup_lag[10m])',
  'max_over_time(kafka_consumergroup_lag[10m])',
  'min_over_time(kafka_consumergroup_lag[10m])',
  'sum_over_time(kafka_consumergroup_lag[5m])',
  'count_over_time(jumps[20m])',
  'last_over_time(jumps[20m])',
  'quantile_over_time(0.9, kafka_consumergroup_lag[10m])',
  'stddev_over_time(kafka_consumergroup_lag[10m])',
  'changes(jumps[20m])',
  'resets(resetting_total[20m])',
  'present_over_time(jumps[20m])',
  'predict_linear(kafka_consumergroup_lag[10m], 3600)',
  'predict_linear(kafka_consumergroup_lag[10m] offset 5m, 600)',
  'kafka_consumergroup_lag > 4000',
  'kafka_consumergroup_lag > bool 4000',
  '4000 < kafka_consumergroup_lag',
  'kafka_consumergroup_lag / 1000 + 1',
  '1 - kafka_consumergroup_lag % 7',
  '2 ^ 10 - 3 * 4',
  '1 > bool 2',
  '-kafka_consumergroup_lag',
  'kafka_consumergroup_lag - on (topic, partition, consumergroup) kafka_consumergroup_lag offset 5m',
  'sum by (topic) (kafka_consumergroup_lag) / on (topic) sum by (topic) (rate(produced_total[5m]))',
  'produced_total / ignoring (consumergroup) produced_total',
  'kafka_consumergroup_lag > on (topic, partition) produced_total',
  'kafka_consumergroup_lag >= kafka_consumergroup_lag offset 5m',
  'kafka_consumergroup_lag + kafka_consumergroup_lag offset 5m * 2',
  'sum(kafka_consumergroup_lag) * sum(kafka_consumergroup_lag offset 5m) + 2 ^ 3 ^ 2 - -kafka_consumergroup_lag{partition="7"} offset 5m or sum(kafka_consumergroup_lag)',
  '-kafka_consumergroup_lag offset 5m ^ 2',
  '1 + -2 * 3 - 4 ^ -1',
  'clamp_min(kafka_consumergroup_lag - 4000, 0)',
  'clamp_max(kafka_consumergroup_lag, 4500)',
  'clamp(kafka_consumergroup_lag, 3000, 3500)',
  'abs(delta(kafka_consumergroup_lag[5m]))',
  'ceil(kafka_consumergroup_lag / 1000)',
  'floor(kafka_consumergroup_lag / 1000)',
  'round(kafka_consumergroup_lag / 7, 0.5)',
  'round(kafka_consumergroup_lag / 7)',
  'absent(kafka_consumergroup_lag)',
  'absent(nothing{topic="orders",a=~"b"})',
  'absent_over_time(jumps[3m])',
  'scalar(sum(kafka_consumergroup_lag)) * 2',
  'vector(1.5)',
  'time() - 1000',
  'sqrt(kafka_consumergroup_lag)',
  'ln(kafka_consumergroup_lag)',
  'kafka_consumergroup_lag and on (topic) produced_total{topic="orders"}',
  'kafka_consumergroup_lag unless kafka_consumergroup_lag > 4000',
  'kafka_consumergroup_lag{partition="0"} or jumps',
  'sum(kafka_consumergroup_lag) > 1e9 or vector(0)',
  'kafka_consumergroup_lag / 0',
  'huge * 1e300',
  'huge',
  '(sum(rate(produced_total{topic="orders"}[5m])) - sum(rate(produced_total{topic="payments"}[5m]))) / 2',
];

const wrong: readonly string[] = [
  'rate(produced_total)',
  'sum(',
  'foo[5m',
  '1 > 2',
  '{}',
  'rate(a[5m], 1)',
  'sum by (topic) (1)',
  'foo[0s]',
  'kafka_consumergroup_lag / on () produced_total',
];

const long =
  'sum by (topic, consumergroup) (rate(produced_total{topic="orders",consumergroup="a"}[5m])) / ignoring (partition) avg without (partition) (kafka_consumergroup_lag{topic="orders"}) > bool 0.00001';
const printed: readonly string[] = [
  'sum  by(topic)(rate(produced_total[ 5m ]))',
  'a+b*  c>bool 1',
  'topk( 3,{__name__="a",b=~"c.*"} offset 90s)',
  '-(a)',
  'quantile(0.5,a) without(b)',
  '1000000 * 0.00001',
  'clamp(a[1d:5m] offset 1w,1,2)',
  long,
];

const start = Date.UTC(2026, 10, 20, 0, 0, 0);
const scrapes = history();
const end = scrapes.at(-1)?.at ?? start;

/** An hour and a half of irregular data: resets, gaps, a series that appears late, jumps, constants and huge values. */
function history(): readonly { readonly at: number; readonly samples: readonly Exposed[] }[] {
  return Array.from({ length: 361 }, (_, step) => {
    const at = start + step * 15_000;
    const gauge = (name: string, labels: Record<string, string>, value: number): Exposed => ({
      name,
      labels,
      value,
      type: 'gauge',
    });
    const each = ['orders', 'payments'].flatMap((topic, which) =>
      [0, 1, 2].flatMap((partition) => {
        const labels = { consumergroup: 'a', topic, partition: String(partition) };
        const lag = 3000 + step * (which + 1) * 4.37 + 400 * Math.sin(step / (3 + partition)) + partition * 17;
        return [
          gauge('kafka_consumergroup_lag', labels, lag),
          gauge('produced_total', labels, 123_456_789 + step * (150 + 13 * partition) + (step % 7)),
        ];
      }),
    );
    const resetting = gauge('resetting_total', { topic: 'orders' }, ((step * 37) % 1000) + 0.25);
    const jumps = step % 40 < 9 && step > 30 ? [gauge('jumps', { topic: 'orders' }, Math.floor(step / 3))] : [];
    return {
      at,
      samples: [
        ...each,
        resetting,
        ...jumps,
        gauge('constant', {}, 7),
        gauge('huge', { kind: 'big' }, step * 1e21),
        gauge('huge', { kind: 'small' }, step * 1e-9),
      ],
    };
  });
}

const present = onPath(binaries.server) && onPath(binaries.tool);

test('CI has a real Prometheus to compare with', () => {
  expect(present || process.env.CI === undefined || process.env.CI === '').toBe(true);
});

describe.skipIf(!present)(
  'the embedded evaluator equals a real Prometheus (skipped when prometheus and promtool are not on PATH)',
  () => {
    let real: RealPrometheus;
    let twin: TwinMetrics;

    beforeAll(async () => {
      real = await startRealPrometheus(openMetrics(scrapes));
      const at = new Map(scrapes.map((scrape) => [scrape.at, scrape.samples]));
      // Back-filled blocks hold no stale marks, so a series that pauses must be shown as before: the twin gets no mark either.
      twin = await startMetrics({
        clock: () => new Date(end),
        since: new Date(start),
        source: { series: (date) => at.get(date.getTime()) ?? [] },
        staleMarks: false,
      });
    });

    afterAll(async () => {
      await twin.close();
      await real.close();
    });

    test.each(expressions)('at instants: %s', async (query) => {
      for (const at of [
        start,
        start + 7000,
        start + 20 * 60_000,
        start + 3_000_500,
        end,
        end + 299_000,
        end + 300_000,
        end + 400_000,
      ]) {
        const [one, two] = await both('query', { query, time: String(at / 1000) });
        expectSame(one, two);
      }
    });

    test.each(expressions)('over a range: %s', async (query) => {
      const [one, two] = await both('query_range', {
        query,
        start: String(start / 1000 + 3),
        end: String(end / 1000 + 600),
        step: '97',
      });
      expectSame(one, two);
    });

    test.each(wrong)('both refuse %s with the same status and type', async (query) => {
      const [one, two] = await both('query', { query, time: String(end / 1000) });
      expect([two.status, two.body.errorType]).toEqual([one.status, one.body.errorType]);
    });

    test.each(printed.filter((query) => !query.includes(':')))('both print %s alike', async (query) => {
      const [one, two] = await both('format_query', { query });
      expect(two.body).toEqual(one.body);
    });

    test('a query for a range of one series is answered with raw points', async () => {
      const [one, two] = await both('query', { query: 'jumps[20m]', time: String((start + 3_000_000) / 1000) });
      expectSame(one, two);
    });

    test.each([
      { start: '10', end: '5', step: '1' },
      { start: '0', end: '5', step: '0' },
      { start: '0', end: '100000', step: '1' },
      { start: 'x', end: '5', step: '1' },
      { start: '1', end: '5', step: 'y' },
    ])('both refuse the range %j alike', async (range) => {
      const [one, two] = await both('query_range', { query: 'constant', ...range });
      expect([two.status, two.body]).toEqual([one.status, one.body]);
    });

    async function both(path: string, parameters: Record<string, string>): Promise<readonly [Answered, Answered]> {
      const ask = async (url: string, method: string): Promise<Answered> => {
        const form = new URLSearchParams(parameters);
        const init = method === 'POST' ? { method, body: form } : {};
        const answer = await fetch(`${url}/api/v1/${path}${method === 'POST' ? '' : `?${form}`}`, init);
        return { status: answer.status, body: JSON.parse(await answer.text()) };
      };
      return [await ask(real.url, 'GET'), await ask(twin.url, 'POST')];
    }
  },
);

interface Answered {
  readonly status: number;
  readonly body: {
    readonly status: string;
    readonly errorType?: string;
    readonly error?: string;
    readonly data?: { readonly resultType: string; readonly result: unknown };
  };
}

type Row = {
  readonly metric: Record<string, string>;
  readonly value?: readonly [number, string];
  readonly values?: readonly (readonly [number, string])[];
};

/** Same type, same label sets, same times, and values within 1e-9 of each other. */
function expectSame(one: Answered, two: Answered): void {
  expect(two.status, two.body.error).toBe(one.status);
  expect(two.body.data?.resultType).toBe(one.body.data?.resultType);
  const [left, right] = [rowsOf(one), rowsOf(two)];
  expect([...right.keys()].sort()).toEqual([...left.keys()].sort());
  for (const [key, points] of left) {
    const others = right.get(key) ?? [];
    expect(
      others.map(([at]) => at),
      key,
    ).toEqual(points.map(([at]) => at));
    for (const [index, [at, value]] of points.entries())
      expect(
        near(Number(value.replace('Inf', 'Infinity')), Number((others[index]?.[1] ?? '').replace('Inf', 'Infinity'))),
        `${key} at ${at}: ${value} against ${others[index]?.[1]}`,
      ).toBe(true);
  }
}

function rowsOf(answered: Answered): ReadonlyMap<string, readonly (readonly [number, string])[]> {
  const { data } = answered.body;
  if (data === undefined) return new Map();
  if (data.resultType === 'scalar') return new Map([['', [data.result as readonly [number, string]]]]);
  return new Map(
    (data.result as readonly Row[]).map((row) => [
      JSON.stringify(Object.entries(row.metric).sort()),
      row.values ?? (row.value === undefined ? [] : [row.value]),
    ]),
  );
}

function near(left: number, right: number): boolean {
  if (Object.is(left, right) || left === right || (Number.isNaN(left) && Number.isNaN(right))) return true;
  return Math.abs(left - right) <= 1e-9 * Math.max(Math.abs(left), Math.abs(right));
}
