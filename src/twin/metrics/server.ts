import type { IncomingMessage, ServerResponse } from 'node:http';
import { answerApi } from './api.ts';
import type { Exposed } from './exposition.ts';
import { exposition } from './exposition.ts';
import type { Loopback } from './loopback.ts';
import { answerJson, answerText, listenLoopback, readBody } from './loopback.ts';
import type { SampleStore } from './samples.ts';
import { createSampleStore } from './samples.ts';

/** What is scraped: the pipeline, or anything else that shows samples for an instant that is not in the future. */
export interface SeriesSource {
  series(at: Date): readonly Exposed[];
  /** Called with the present before samples are asked for, so that the source can catch up. */
  advanceTo?(at: Date): void;
}

export interface MetricsSeed {
  readonly clock: () => Date;
  readonly source: SeriesSource;
  /** The first scrape; six hours before the present unless given. */
  readonly since?: Date;
  /** A bearer token that the HTTP API asks for; none unless given. */
  readonly token?: string;
  /** Whether a series that is missing in a scrape ends there, as for a scraping Prometheus; yes unless given. */
  readonly staleMarks?: boolean;
}

export interface TwinMetrics extends Loopback {
  /** The text exposition, for a real Prometheus to scrape. */
  readonly metricsUrl: string;
  readonly calls: { count(): number; queries(): readonly string[] };
  /** Scrapes all that is due. A query does so too, but by then an event may have changed what a past instant would have shown. */
  scrapeDue(): void;
}

/** Twin time between two scrapes. */
export const scrapeInterval = 15_000;

/** Starts `/metrics` and an embedded Prometheus HTTP API over samples scraped every 15 s of twin time. */
export async function startMetrics(seed: MetricsSeed): Promise<TwinMetrics> {
  const store = createSampleStore(seed.staleMarks ?? true);
  const start = (seed.since ?? new Date(seed.clock().getTime() - 6 * 3_600_000)).getTime();
  let next = Math.ceil(start / scrapeInterval) * scrapeInterval;
  const scrapeDue = (): void => {
    const now = seed.clock();
    seed.source.advanceTo?.(now);
    for (; next <= now.getTime(); next += scrapeInterval) store.scrape(next, seed.source.series(new Date(next)));
  };
  scrapeDue();
  const queries: string[] = [];
  let calls = 0;
  const loopback = await listenLoopback(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://twin');
    scrapeDue();
    if (url.pathname === '/metrics') {
      answerText(response, 200, 'text/plain; version=0.0.4; charset=utf-8', exposition(seed.source.series(seed.clock())));
      return;
    }
    calls += 1;
    if (seed.token !== undefined && request.headers.authorization !== `Bearer ${seed.token}`) {
      answerText(response, 401, 'text/plain', 'Unauthorized\n');
      return;
    }
    const parameters = await parametersOf(request, url);
    queries.push(parameters.get('query') ?? '');
    answerQuery(response, url.pathname, { parameters, store, now: seed.clock() });
  });
  return {
    ...loopback,
    metricsUrl: `${loopback.url}/metrics`,
    calls: { count: () => calls, queries: () => [...queries] },
    scrapeDue,
  };
}

function answerQuery(
  response: ServerResponse,
  path: string,
  asked: { parameters: URLSearchParams; store: SampleStore; now: Date },
): void {
  const ready = path === '/-/ready' || path === '/-/healthy';
  const answer = ready ? null : answerApi({ path, parameters: asked.parameters }, asked.store, asked.now);
  if (ready) answerText(response, 200, 'text/plain', 'Prometheus Server is Ready.\n');
  else if (answer !== null) answerText(response, answer.status, 'application/json', answer.body);
  else answerJson(response, 404, { status: 'error', errorType: 'not_found', error: `${path} is not served by the twin` });
}

/** Parameters from the query and, for POST, from the form, which comes first as in Go's FormValue. */
async function parametersOf(request: IncomingMessage, url: URL): Promise<URLSearchParams> {
  const body = request.method === 'POST' ? await readBody(request) : '';
  return new URLSearchParams([...new URLSearchParams(body), ...url.searchParams]);
}
