import * as z from 'zod/mini';
import { type MetricsAccess, parseHeaders, parseMetricsAccess } from './metrics-access.ts';

const TwinTime = z.object({ now: z.string() });

export function parseTwinTime(answer: unknown): Date {
  return new Date(TwinTime.parse(answer).now);
}

/** A workspace or metrics server as the environment names it. */
export interface ConfiguredWorkspace {
  readonly name: string;
  readonly host: string;
  readonly token: string;
}

export interface ConfiguredMetrics extends Partial<MetricsAccess> {
  readonly name: string;
  readonly url: string;
}

/** Where Spark's own words are, beside the clusters' log destinations. */
export interface ConfiguredSpark {
  /** A History Server or a Spark UI, or a folder of event logs. */
  readonly at: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** An alert token, kept as its SHA-256, and the only repositories that it may open incidents in. */
export interface AlertToken {
  readonly sha256: string;
  readonly repositories: readonly string[];
}

const AlertTokens = z.array(z.object({ sha256: z.string().check(z.regex(/^[0-9a-f]{64}$/)), repositories: z.array(z.string()) }));

type Environment = Readonly<Record<string, string | undefined>>;

/** `SLUICE_WORKSPACE_<NAME>_HOST` and `_TOKEN`: names are lower-cased, so they match `workspace:` in sluice.yml. */
export function parseWorkspaces(env: Environment): ConfiguredWorkspace[] {
  return Object.entries(env).flatMap(([key, host]) => {
    const name = /^SLUICE_WORKSPACE_([A-Z0-9_]+)_HOST$/.exec(key)?.[1];
    if (!name || !host) return [];
    const token = env[`SLUICE_WORKSPACE_${name}_TOKEN`];
    if (!token) throw new Error(`${key} is set but SLUICE_WORKSPACE_${name}_TOKEN is not: set a token with CAN_VIEW on the jobs`);
    return [{ name: name.toLowerCase(), host, token }];
  });
}

/** `SLUICE_PROMETHEUS_<NAME>_URL`, with the settings of its access. */
export function parseMetricsServers(env: Environment): ConfiguredMetrics[] {
  return Object.entries(env).flatMap(([key, url]) => {
    const name = /^SLUICE_PROMETHEUS_([A-Z0-9_]+)_URL$/.exec(key)?.[1];
    if (!name || !url) return [];
    return [{ name: name.toLowerCase(), url, ...parseMetricsAccess(env, `SLUICE_PROMETHEUS_${name}`, url) }];
  });
}

/** The server of that name, such as a target's workspace; else `main`, else the first. */
export function metricsNamed(servers: readonly ConfiguredMetrics[], name: string | null): ConfiguredMetrics | null {
  return (
    servers.find((one) => one.name === name?.toLowerCase()) ?? servers.find((one) => one.name === 'main') ?? servers[0] ?? null
  );
}

/** `SLUICE_SPARK`, an address or a folder, with `SLUICE_SPARK_HEADERS`. */
export function parseSpark(env: Environment): ConfiguredSpark | null {
  const at = env.SLUICE_SPARK;
  if (!at) return null;
  try {
    return { at, headers: parseHeaders(env.SLUICE_SPARK_HEADERS) };
  } catch {
    throw new Error('SLUICE_SPARK_HEADERS is no JSON object of texts');
  }
}

export function parseAlertTokens(text: string | undefined): readonly AlertToken[] {
  return text ? AlertTokens.parse(JSON.parse(text)) : [];
}
