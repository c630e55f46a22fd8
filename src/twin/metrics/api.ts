import { evaluate } from './promql/evaluate.ts';
import { QueryFault, wrongQuery } from './promql/expression.ts';
import { formatQuery } from './promql/format.ts';
import { parseDuration, writeFloat } from './promql/literals.ts';
import { parseQuery } from './promql/parse.ts';
import type { Labels, Point, Value } from './promql/value.ts';
import { compareLabels, labelKey, sortedLabels } from './promql/value.ts';
import type { SampleStore } from './samples.ts';

/** An answer of the HTTP API: status, and the text of its JSON body. */
export interface ApiAnswer {
  readonly status: number;
  readonly body: string;
}

export interface ApiRequest {
  readonly path: string;
  readonly parameters: URLSearchParams;
}

const mostPoints = 11_000;

/** Answers Prometheus' `/api/v1` in the shapes of 2.42; `now` stands in for a missing `time`. */
export function answerApi(request: ApiRequest, store: SampleStore, now: Date): ApiAnswer | null {
  const route = routes[request.path];
  if (route === undefined) return null;
  try {
    return { status: 200, body: `{"status":"success","data":${route(request.parameters, store, now)}}` };
  } catch (error) {
    if (!(error instanceof QueryFault)) throw error;
    const status = error.errorType === 'bad_data' ? 400 : 422;
    return { status, body: JSON.stringify({ status: 'error', errorType: error.errorType, error: error.message }) };
  }
}

type Route = (parameters: URLSearchParams, store: SampleStore, now: Date) => string;

const routes: Readonly<Record<string, Route>> = {
  '/api/v1/query': (parameters, store, now) => {
    const at = parameters.get('time') === null ? now.getTime() : timeOf(parameters, 'time');
    return resultText(evaluate(parsed(parameters), at, store), at);
  },
  '/api/v1/query_range': queryRange,
  '/api/v1/format_query': (parameters) => JSON.stringify(formatQuery(parsed(parameters))),
  '/api/v1/label/__name__/values': (_, store) => JSON.stringify(store.names()),
  '/api/v1/status/buildinfo': () =>
    JSON.stringify({
      version: '2.42.0',
      revision: 'sluice-twin',
      branch: 'embedded',
      buildUser: 'sluice',
      buildDate: '',
      goVersion: '',
    }),
};

function parsed(parameters: URLSearchParams): ReturnType<typeof parseQuery> {
  try {
    return parseQuery(parameters.get('query') ?? '');
  } catch (error) {
    if (error instanceof QueryFault && error.errorType === 'bad_data')
      throw wrongQuery(`invalid parameter "query": ${error.message}`);
    throw error;
  }
}

function queryRange(parameters: URLSearchParams, store: SampleStore): string {
  const start = timeOf(parameters, 'start');
  const end = timeOf(parameters, 'end');
  if (end < start) throw wrongQuery('invalid parameter "end": end timestamp must not be before start time');
  const step = stepOf(parameters);
  if (step <= 0)
    throw wrongQuery(
      'invalid parameter "step": zero or negative query resolution step widths are not accepted. Try a positive integer',
    );
  if ((end - start) / step > mostPoints) {
    throw wrongQuery(
      'exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)',
    );
  }
  const expression = parsed(parameters);
  const series = new Map<string, { readonly labels: Labels; readonly points: Point[] }>();
  for (let at = start; at <= end; at += step) {
    const value = evaluate(expression, at, store);
    if (value.type === 'matrix' || value.type === 'string') {
      const type = value.type === 'matrix' ? 'range vector' : 'string';
      throw wrongQuery(
        `invalid parameter "query": invalid expression type "${type}" for range query, must be Scalar or instant Vector`,
      );
    }
    const entries = value.type === 'scalar' ? [{ labels: {}, value: value.value }] : value.entries;
    for (const entry of entries) {
      const key = labelKey(entry.labels);
      const found = series.get(key) ?? { labels: entry.labels, points: [] };
      series.set(key, found);
      found.points.push({ t: at, v: entry.value });
    }
  }
  return resultText({ type: 'matrix', series: [...series.values()] }, end);
}

/** RFC 3339 or seconds since the epoch, to the millisecond. */
function timeOf(parameters: URLSearchParams, name: string): number {
  const text = parameters.get(name) ?? '';
  const seconds = Number(text);
  if (text !== '' && Number.isFinite(seconds)) return Math.round(seconds * 1000);
  const date = /^\d{4}-\d\d-\d\dT/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(date)) throw wrongQuery(`invalid parameter "${name}": cannot parse "${text}" to a valid timestamp`);
  return date;
}

function stepOf(parameters: URLSearchParams): number {
  const text = parameters.get('step') ?? '';
  const seconds = Number(text);
  if (text !== '' && Number.isFinite(seconds)) return Math.round(seconds * 1000);
  try {
    return parseDuration(text);
  } catch {
    throw wrongQuery(`invalid parameter "step": cannot parse "${text}" to a valid duration`);
  }
}

function resultText(value: Value, at: number): string {
  switch (value.type) {
    case 'scalar':
      return `{"resultType":"scalar","result":${pointText({ t: at, v: value.value })}}`;
    case 'string':
      return `{"resultType":"string","result":[${at / 1000},${JSON.stringify(value.value)}]}`;
    case 'vector': {
      const rows = value.entries.map(
        (entry) => `{"metric":${metricText(entry.labels)},"value":${pointText({ t: at, v: entry.value })}}`,
      );
      return `{"resultType":"vector","result":[${rows.join(',')}]}`;
    }
    case 'matrix': {
      const rows = [...value.series]
        .sort((left, right) => compareLabels(left.labels, right.labels))
        .map((series) => `{"metric":${metricText(series.labels)},"values":[${series.points.map(pointText).join(',')}]}`);
      return `{"resultType":"matrix","result":[${rows.join(',')}]}`;
    }
  }
}

function metricText(labels: Labels): string {
  return JSON.stringify(Object.fromEntries(sortedLabels(labels)));
}

function pointText(point: Point): string {
  return `[${point.t / 1000},"${writeFloat(point.v)}"]`;
}
