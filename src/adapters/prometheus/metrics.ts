import type { Known } from '../../model/known.ts';
import { known, unknown } from '../../model/known.ts';
import type { MetricSeries } from '../../model/series.ts';
import type { Metrics } from '../../ports.ts';
import type { MetricsAccess, MetricsIdentity } from '../../schema/metrics-access.ts';
import { readPrometheusAnswer } from '../../schema/prometheus.ts';
import { NoSecretFile, secretFile } from './secret-file.ts';
import { type Reply, type Send, sendByFetch, sendByTls, TooLarge } from './send.ts';
import { signatureHeaders } from './sigv4.ts';

export interface MetricsConnection extends Partial<MetricsAccess> {
  /** With or without a path in front of `/api/v1`. Credentials and headers go to this origin alone. */
  readonly url: string;
  readonly fetch?: typeof fetch;
  /** For signatures; the real clock. */
  readonly now?: () => Date;
}

/** More points tell neither a person nor a rule more; a longer range gets a wider step. */
const mostPoints = 300;
const usualLimit = 200;
const usualTimeoutMs = 15_000;

/**
 * Prometheus' HTTP API (also Thanos, Mimir, Managed Service for Prometheus) by POST, so that long queries fit. An answer with
 * warnings or cut at the limit is `partial` on each series; one that is partial and empty is unknown, never "no data".
 */
export function createMetrics(connection: MetricsConnection): Metrics {
  const send = connection.tls ? sendByTls(connection.tls) : sendByFetch(connection.fetch ?? fetch);
  return {
    instant: (query, at) => ask(connection, send, 'query', { query, time: seconds(at) }),
    range: (query, from, to, stepSeconds) => {
      const span = (to.getTime() - from.getTime()) / 1000;
      // Both ends are points.
      const step = Math.max(1, Math.ceil(stepSeconds), Math.ceil(span / (mostPoints - 1)));
      return ask(connection, send, 'query_range', { query, start: seconds(from), end: seconds(to), step: String(step) });
    },
  };
}

async function ask(
  connection: MetricsConnection,
  send: Send,
  path: string,
  form: Readonly<Record<string, string>>,
): Promise<Known<readonly MetricSeries[]>> {
  const limit = connection.limit ?? usualLimit;
  const timeoutMs = connection.timeoutMs ?? usualTimeoutMs;
  const url = new URL(`${connection.url.replace(/\/+$/, '')}/api/v1/${path}`);
  // The server is told the same time. One series is asked for beyond the limit, so that a cut is seen.
  const body = new URLSearchParams({ ...form, timeout: `${Math.ceil(timeoutMs / 1000)}s`, limit: String(limit + 1) }).toString();
  const plain = { ...connection.headers, 'content-type': 'application/x-www-form-urlencoded', 'user-agent': 'sluice/0.1' };
  const now = connection.now ?? (() => new Date());
  try {
    const headers = { ...plain, ...identityHeaders(connection.identity ?? { by: 'nothing' }, url, body, now()) };
    return meaning(await send({ url, headers, body, timeoutMs }), limit);
  } catch (error) {
    return unknown(faultOf(error));
  }
}

function identityHeaders(identity: MetricsIdentity, url: URL, body: string, now: Date): Readonly<Record<string, string>> {
  if (identity.by === 'nothing') return {};
  if (identity.by === 'bearer') return { authorization: `Bearer ${identity.token}` };
  if (identity.by === 'bearer-file') return { authorization: `Bearer ${secretFile(identity.path).trim()}` };
  if (identity.by === 'basic')
    return { authorization: `Basic ${Buffer.from(`${identity.username}:${identity.password}`).toString('base64')}` };
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  return signatureHeaders({ method: 'POST', url, headers, body }, identity, now);
}

function meaning({ status, text }: Reply, limit: number): Known<readonly MetricSeries[]> {
  if (status >= 300 && status < 400) return unknown('unreachable: answered with a redirect, which is refused');
  const answer = readPrometheusAnswer(text);
  if (!answer.ok)
    return unknown(status === 400 || status === 422 ? `refused: ${answer.why}` : `unreadable: ${status} ${answer.why}`);
  const cut = answer.series.length > limit ? [`the answer was cut after ${limit} series`] : [];
  const warnings = [...answer.warnings, ...cut];
  const partial = warnings.length > 0;
  if (partial && answer.series.length === 0) return unknown(`partial: ${warnings.join('; ').slice(0, 400)}`);
  const notes = [...warnings, ...answer.infos].map((note) => note.slice(0, 400)).slice(0, 10);
  const told = { ...(partial ? { partial } : {}), ...(notes.length === 0 ? {} : { notes }) };
  return known(answer.series.slice(0, limit).map((one) => ({ ...one, ...told })));
}

function faultOf(error: unknown): string {
  if (error instanceof TooLarge) return 'unreadable: the answer is larger than 32 MiB; aggregate the query';
  if (error instanceof NoSecretFile) return `unreachable: ${error.message}`;
  if (error instanceof Error && error.name === 'TimeoutError') return 'unreachable: no answer in time';
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  const code = cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : '';
  return `unreachable: the connection broke${code}`;
}

function seconds(date: Date): string {
  return String(date.getTime() / 1000);
}
