import type { Known } from '../../model/known.ts';
import { known, unknown } from '../../model/known.ts';
import type { MetricSeries } from '../../model/series.ts';
import type { Metrics } from '../../ports.ts';
import { readPrometheusAnswer } from '../../schema/prometheus.ts';

export interface MetricsConnection {
  /** With or without a path in front of `/api/v1`. */
  readonly url: string;
  /** Extra headers: authorization, tenant. They go to this origin alone. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly fetch?: typeof fetch;
  /** Milliseconds; 15,000. The server is told the same limit. */
  readonly timeoutMs?: number;
  /** Most series read of one answer; 200. */
  readonly limit?: number;
}

/** More points tell neither a person nor a rule more; a longer range gets a wider step. */
const mostPoints = 300;

/**
 * Prometheus' HTTP API (also Thanos, Mimir, Managed Service for Prometheus) by POST, so that long queries fit. An answer with
 * warnings or cut at the limit is `partial` on each series; one that is partial and empty is unknown, never "no data".
 */
export function createMetrics(connection: MetricsConnection): Metrics {
  return {
    instant: (query, at) => ask(connection, 'query', { query, time: seconds(at) }),
    range: (query, from, to, stepSeconds) => {
      const span = (to.getTime() - from.getTime()) / 1000;
      const step = Math.max(1, Math.ceil(stepSeconds), Math.ceil(span / mostPoints));
      return ask(connection, 'query_range', { query, start: seconds(from), end: seconds(to), step: String(step) });
    },
  };
}

async function ask(
  connection: MetricsConnection,
  path: string,
  form: Readonly<Record<string, string>>,
): Promise<Known<readonly MetricSeries[]>> {
  const limit = connection.limit ?? 200;
  const timeoutMs = connection.timeoutMs ?? 15_000;
  const url = `${connection.url.replace(/\/+$/, '')}/api/v1/${path}`;
  try {
    const response = await (connection.fetch ?? fetch)(url, {
      method: 'POST',
      headers: { ...connection.headers, 'content-type': 'application/x-www-form-urlencoded', 'user-agent': 'sluice/0.1' },
      body: new URLSearchParams({ ...form, timeout: `${Math.ceil(timeoutMs / 1000)}s`, limit: String(limit + 1) }),
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    });
    if (response.status >= 300 && response.status < 400)
      return unknown('unreachable: answered with a redirect, which is refused');
    return meaning(response.status, await response.text(), limit);
  } catch (error) {
    const late = error instanceof Error && error.name === 'TimeoutError';
    return unknown(`unreachable: ${late ? 'no answer in time' : 'the connection broke'}`);
  }
}

function meaning(status: number, body: string, limit: number): Known<readonly MetricSeries[]> {
  const answer = readPrometheusAnswer(body);
  if (!answer.ok)
    return unknown(status === 400 || status === 422 ? `refused: ${answer.why}` : `unreadable: ${status} ${answer.why}`);
  // One series is asked for beyond the limit, so that a cut is seen; the server itself also warns when it cut.
  const partial = answer.warnings.length > 0 || answer.series.length > limit;
  if (partial && answer.series.length === 0) return unknown(`partial: ${answer.warnings.join('; ').slice(0, 400)}`);
  const series = answer.series.slice(0, limit);
  return known(partial ? series.map((one) => ({ ...one, partial })) : series);
}

function seconds(date: Date): string {
  return String(date.getTime() / 1000);
}
