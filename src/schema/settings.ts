import * as z from 'zod/mini';

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

export interface ConfiguredMetrics {
  readonly name: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** An alert token, kept as its SHA-256, and the only repositories that it may open incidents in. */
export interface AlertToken {
  readonly sha256: string;
  readonly repositories: readonly string[];
}

const AlertTokens = z.array(z.object({ sha256: z.string().check(z.regex(/^[0-9a-f]{64}$/)), repositories: z.array(z.string()) }));
const Headers = z.record(z.string(), z.string());

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

/** `SLUICE_PROMETHEUS_<NAME>_URL`, with `_HEADERS` as a JSON object. */
export function parseMetricsServers(env: Environment): ConfiguredMetrics[] {
  return Object.entries(env).flatMap(([key, url]) => {
    const name = /^SLUICE_PROMETHEUS_([A-Z0-9_]+)_URL$/.exec(key)?.[1];
    if (!name || !url) return [];
    return [{ name: name.toLowerCase(), url, headers: parseHeaders(env[`SLUICE_PROMETHEUS_${name}_HEADERS`]) }];
  });
}

export function parseHeaders(text: string | undefined): Readonly<Record<string, string>> {
  return text ? Headers.parse(JSON.parse(text)) : {};
}

export function parseAlertTokens(text: string | undefined): readonly AlertToken[] {
  return text ? AlertTokens.parse(JSON.parse(text)) : [];
}
