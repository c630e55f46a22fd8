import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { answerApi } from '../../../src/twin/metrics/api.ts';
import type { Exposed } from '../../../src/twin/metrics/exposition.ts';
import { exposition } from '../../../src/twin/metrics/exposition.ts';
import { evaluate } from '../../../src/twin/metrics/promql/evaluate.ts';
import { formatQuery } from '../../../src/twin/metrics/promql/format.ts';
import { parseDuration, writeDuration, writeFloat } from '../../../src/twin/metrics/promql/literals.ts';
import { parseQuery } from '../../../src/twin/metrics/promql/parse.ts';
import { createSampleStore } from '../../../src/twin/metrics/samples.ts';
import { startMetrics } from '../../../src/twin/metrics/server.ts';
import { createPipeline } from '../../../src/twin/pipeline/pipeline.ts';
import { workload } from '../../../src/twin/pipeline/workloads.ts';
import { workloadNames } from '../../support/rehearsal.ts';

const start = Date.UTC(2026, 10, 20, 3);
const store = createSampleStore();
for (let step = 0; step <= 40; step += 1) {
  const lag: Exposed = { name: 'lag', labels: { topic: 'a"b' }, value: step * 100, type: 'gauge' };
  store.scrape(start + step * 15_000, step <= 20 ? [lag, { ...lag, name: 'gone' }] : [lag]);
}
const end = start + 600_000;

function ask(path: string, parameters: Record<string, string>): { readonly status: number; readonly body: string } {
  return (
    answerApi({ path: `/api/v1/${path}`, parameters: new URLSearchParams(parameters) }, store, new Date(end)) ?? {
      status: 404,
      body: '',
    }
  );
}

describe('the HTTP API', () => {
  test('an instant query is answered as Prometheus answers it', () => {
    expect(ask('query', { query: 'lag', time: String(end / 1000) })).toEqual({
      status: 200,
      body: `{"status":"success","data":{"resultType":"vector","result":[{"metric":{"__name__":"lag","topic":"a\\"b"},"value":[${end / 1000},"4000"]}]}}`,
    });
  });

  test('without a time the present is meant', () => {
    expect(ask('query', { query: 'time()' }).body).toBe(
      `{"status":"success","data":{"resultType":"scalar","result":[${end / 1000},"${end / 1000}"]}}`,
    );
  });

  test('a time may be RFC 3339', () => {
    expect(ask('query', { query: 'time()', time: '2026-11-20T03:00:00Z' }).body).toContain(`"${start / 1000}"`);
  });

  test('a series that was missing in a scrape is gone at once, and back in a range before it', () => {
    expect(ask('query', { query: 'gone' }).body).toContain('"result":[]');
    expect(ask('query', { query: 'gone', time: String(start / 1000 + 300) }).body).toContain('"2000"');
  });

  test.each([
    ['sum(', 400, 'bad_data', 'parse error'],
    ['rate(lag)', 400, 'bad_data', 'expected type range vector in call to function "rate", got instant vector'],
    ['max_over_time(lag[5m:1m])', 422, 'execution', 'a subquery'],
    ['lag @ 5', 422, 'execution', 'the @ modifier'],
    ['label_replace(lag, "a", "$1", "b", "(.*)")', 422, 'execution', 'the function label_replace'],
    ['histogram_quantile(0.9, lag)', 422, 'execution', 'the function histogram_quantile'],
    ['lag / on (topic) group_left lag', 422, 'execution', 'group_left'],
    ['count_values("v", lag)', 422, 'execution', 'the aggregation count_values'],
    ['lag{topic=~"(?i)a"}', 422, 'execution', 'inline flags'],
    ['lag{topic=~"("}', 400, 'bad_data', 'error parsing regexp'],
    ['{"lag"}', 422, 'execution', 'a quoted label or metric name'],
    ['sum by (topic) ({topic="a\\"b"}) / on () {topic="a\\"b"}', 200, undefined, undefined],
  ])('%s is answered %i %s', (query, status, errorType, text) => {
    const answer = ask('query', { query });
    const body: { readonly errorType?: string; readonly error?: string } = JSON.parse(answer.body);
    expect([answer.status, body.errorType]).toEqual([status, errorType]);
    if (text !== undefined) expect(body.error).toContain(text);
  });

  test('no query makes the answer wrong in another way than 200, 400 or 422', () => {
    const part = fc.constantFrom(
      'lag',
      '(',
      ')',
      '[5m]',
      'rate',
      'sum',
      'by',
      '{',
      '}',
      'topic',
      '=',
      '"a"',
      '+',
      '-',
      ' offset 5m',
      ',',
      '1',
      '>',
      'bool',
      '^',
      'and',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
        expect([200, 400, 422]).toContain(ask('query', { query: parts.join(' ') }).status);
      }),
      { numRuns: 500 },
    );
  });

  test('what is printed is read again as the same', () => {
    for (const query of [
      'sum by(a)(rate(b{c="d"}[5m] offset 1h30m))',
      '-a ^ 2 + b / on(c) d',
      'topk(3, a) > bool 1e-7',
      'a and b or c unless d',
      '(a + b) * c',
    ]) {
      expect(parseQuery(formatQuery(parseQuery(query)))).toEqual(parseQuery(query));
    }
  });
});

describe('the evaluator', () => {
  test('the rate of a linear counter is its slope, wherever it is asked', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1000 }),
        fc.integer({ min: 0, max: 1_000_000 }),
        fc.integer({ min: 60, max: 900 }),
        fc.integer({ min: 900, max: 3000 }),
        (slope, first, range, at) => {
          const linear = createSampleStore();
          for (let second = 0; second <= 3600; second += 15)
            linear.scrape(second * 1000, [{ name: 'c', labels: {}, value: 1e6 + first + slope * second }]);
          for (const query of [`rate(c[${range}s])`, `deriv(c[${range}s])`]) {
            const value = evaluate(parseQuery(query), at * 1000, linear);
            const got = value.type === 'vector' ? value.entries[0]?.value : undefined;
            expect(Math.abs((got ?? 0) / slope - 1)).toBeLessThan(1e-9);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  test('a comparison and its opposite part every vector in two', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 5000 }), (limit) => {
        const count = (query: string) => {
          const value = evaluate(parseQuery(query), end, store);
          return value.type === 'vector' ? value.entries.length : Number.NaN;
        };
        expect(count(`lag > ${limit}`) + count(`lag <= ${limit}`)).toBe(count('lag'));
      }),
    );
  });
});

describe('numbers and durations', () => {
  test('a written float is the same number again, without an exponent', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const text = writeFloat(value);
        expect(text).not.toMatch(/e/i);
        expect(Object.is(Number(text), value)).toBe(true);
      }),
    );
  });

  test('a written duration is the same duration again', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e12 }), (milliseconds) => {
        expect(parseDuration(writeDuration(milliseconds))).toBe(milliseconds);
      }),
    );
  });
});

describe('what is scraped', () => {
  test('the exposition has one type line a family and escaped labels', () => {
    const sample = (value: number): Exposed => ({ name: 'm', labels: { a: 'x"\\\n' }, value, type: 'counter' });
    expect(exposition([sample(1), sample(1e21)])).toBe(
      '# TYPE m counter\nm{a="x\\"\\\\\\n"} 1\nm{a="x\\"\\\\\\n"} 1000000000000000000000\n',
    );
  });

  test('the pipeline shows the names of the real exporters, for a scraper and in the API', async () => {
    const from = new Date(start);
    const pipeline = createPipeline({ workloads: workloadNames.map((name) => workload(name, from)), start: from });
    const metrics = await startMetrics({ clock: () => from, source: pipeline, since: new Date(start - 3_600_000 - 15 * 60_000) });
    const text = await (await fetch(metrics.metricsUrl)).text();
    for (const name of [
      'kafka_consumergroup_lag{',
      'kafka_consumergroup_lag_sum{',
      'kafka_consumer_group_ConsumerLagMetrics_Value{',
      'aws_kinesis_get_records_iterator_age_milliseconds_maximum{',
    ])
      expect(text).toContain(`\n${name}`);
    const query = new URLSearchParams({ query: 'sum(last_over_time(metrics_executor_failedTasks_total[1h])) > 0' });
    const answer = await fetch(`${metrics.url}/api/v1/query`, { method: 'POST', body: query });
    expect(await answer.text()).toMatch(/"value":\[\d+,"\d+"\]/);
    expect((await fetch(`${metrics.url}/api/v1/nothing`)).status).toBe(404);
    expect(await (await fetch(`${metrics.url}/api/v1/status/buildinfo`)).json()).toMatchObject({
      status: 'success',
      data: { version: '2.42.0' },
    });
    await metrics.close();
  });
});
