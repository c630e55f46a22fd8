import * as z from 'zod/mini';

/** How a metrics server is asked: who we are, by what certificates, how long and for how much. */
export interface MetricsAccess {
  /** Extra headers, such as a tenant. */
  readonly headers: Readonly<Record<string, string>>;
  readonly identity: MetricsIdentity;
  readonly tls: MetricsTls | null;
  /** Milliseconds; null: 15,000. */
  readonly timeoutMs: number | null;
  /** Most series read of one answer; null: 200. */
  readonly limit: number | null;
}

export type MetricsIdentity =
  | { readonly by: 'nothing' }
  | { readonly by: 'bearer'; readonly token: string }
  | { readonly by: 'bearer-file'; readonly path: string }
  | { readonly by: 'basic'; readonly username: string; readonly password: string }
  | {
      readonly by: 'sigv4';
      readonly region: string;
      readonly service: string;
      readonly accessKeyId: string;
      readonly secretAccessKey: string;
      readonly sessionToken: string | null;
    };

/** Each as PEM text, or as the path of a file that holds it. */
export interface MetricsTls {
  readonly cert: string | null;
  readonly key: string | null;
  readonly ca: string | null;
}

type Environment = Readonly<Record<string, string | undefined>>;

const Headers = z.record(z.string(), z.string());

export function parseHeaders(text: string | undefined): Readonly<Record<string, string>> {
  return text ? Headers.parse(JSON.parse(text)) : {};
}

/**
 * Reads the settings that begin with `prefix`, such as `SLUICE_PROMETHEUS_MAIN`. Throws with the name of the setting that is missing, that
 * contradicts another one, or that is not of its form.
 */
export function parseMetricsAccess(env: Environment, prefix: string, url: string): MetricsAccess {
  const read = (name: string) => env[`${prefix}_${name}`]?.trim() || null;
  const headers = headersOf(env, prefix);
  const tls = tlsOf(read, prefix);
  if (tls !== null && !/^https:/i.test(url)) throw new Error(`${prefix}_URL is not https, but certificates are set for it`);
  return {
    headers,
    tls,
    identity: identityOf(read, env, prefix, headers),
    timeoutMs: seconds(read('TIMEOUT'), `${prefix}_TIMEOUT`),
    limit: whole(read('LIMIT'), `${prefix}_LIMIT`, 10_000),
  };
}

function headersOf(env: Environment, prefix: string): Readonly<Record<string, string>> {
  try {
    return parseHeaders(env[`${prefix}_HEADERS`]);
  } catch {
    throw new Error(`${prefix}_HEADERS is no JSON object of texts, such as {"x-scope-orgid": "team"}`);
  }
}

function identityOf(
  read: (name: string) => string | null,
  env: Environment,
  prefix: string,
  headers: Readonly<Record<string, string>>,
): MetricsIdentity {
  const [token, tokenFile, username, password, region] = ['TOKEN', 'TOKEN_FILE', 'USERNAME', 'PASSWORD', 'SIGV4_REGION'].map(
    read,
  );
  const authorized = Object.keys(headers).some((name) => name.toLowerCase() === 'authorization');
  const given = [
    ...(token ? ['_TOKEN'] : []),
    ...(tokenFile ? ['_TOKEN_FILE'] : []),
    ...(username || password ? ['_USERNAME'] : []),
    ...(region ? ['_SIGV4_REGION'] : []),
    ...(authorized ? ['an authorization in _HEADERS'] : []),
  ];
  if (given.length > 1) throw new Error(`of ${prefix} only one of ${given.join(' and ')} may be set: each says who asks`);
  if (token) return { by: 'bearer', token };
  if (tokenFile) return { by: 'bearer-file', path: tokenFile };
  if (username || password) {
    if (!username || !password) throw new Error(`${prefix}_${username ? 'PASSWORD' : 'USERNAME'} is not set: basic needs both`);
    return { by: 'basic', username, password };
  }
  return region ? signedWith(read, env, prefix, region) : { by: 'nothing' };
}

function signedWith(read: (name: string) => string | null, env: Environment, prefix: string, region: string): MetricsIdentity {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN: session } = env;
  if (!accessKeyId || !secretAccessKey)
    throw new Error(`${prefix}_SIGV4_REGION is set, but AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not`);
  const service = read('SIGV4_SERVICE') ?? 'aps';
  return { by: 'sigv4', region, service, accessKeyId, secretAccessKey, sessionToken: session || null };
}

function tlsOf(read: (name: string) => string | null, prefix: string): MetricsTls | null {
  const [cert = null, key = null, ca = null] = ['CLIENT_CERT', 'CLIENT_KEY', 'CA'].map(read);
  if ((cert === null) !== (key === null))
    throw new Error(
      `${prefix}_CLIENT_${cert === null ? 'CERT' : 'KEY'} is not set: a client certificate and its key go together`,
    );
  return cert === null && ca === null ? null : { cert, key, ca };
}

function seconds(text: string | null, name: string): number | null {
  const read = whole(text, name, 600);
  return read === null ? null : read * 1000;
}

function whole(text: string | null, name: string, most: number): number | null {
  if (text === null) return null;
  const read = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (read < 1 || read > most) throw new Error(`${name} is no number from 1 to ${most}`);
  return read;
}
