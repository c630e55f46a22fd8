import { createPublicKey, createSign, randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';

export interface Claims {
  readonly [name: string]: string;
}

export interface OidcOptions {
  /** PEM of an RSA private key. */
  readonly key: string;
  /** The claims that make up `sub`, like GitHub's customised templates; the default is `repo` and `context`. */
  readonly template?: readonly string[];
  readonly clock: () => Date;
}

/** GitHub's token endpoint for jobs, and the key set by which others check what it issued. */
export interface Oidc {
  readonly issuer: Promise<string>;
  /** What a job with `id-token: write` finds in its environment. */
  grant(claims: Claims): Promise<{ readonly url: string; readonly token: string }>;
  close(): Promise<void>;
}

const KEY_ID = 'twin-1';

export function startOidc(options: OidcOptions): Oidc {
  const grants = new Map<string, Claims>();
  const server: Server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://twin');
    const answer = (status: number, body: object) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    };
    const token = (request.headers.authorization ?? '').replace(/^bearer /i, '');
    const claims = grants.get(token);
    const issuer = addressOf(server);
    if (url.pathname === '/.well-known/jwks') answer(200, { keys: [publicKey(options.key)] });
    else if (url.pathname === '/.well-known/openid-configuration')
      answer(200, { issuer, jwks_uri: `${issuer}/.well-known/jwks` });
    else if (url.pathname !== '/token' || claims === undefined) answer(401, { message: 'Unauthorized' });
    else {
      const audience = url.searchParams.get('audience') ?? `https://github.com/${claims.repository_owner ?? ''}`;
      answer(200, { count: 1, value: signed(options, issuer, audience, claims) });
    }
  });
  const issuer = new Promise<string>((resolve) => server.listen(0, '127.0.0.1', () => resolve(addressOf(server))));
  return {
    issuer,
    grant: async (claims) => {
      const token = randomBytes(24).toString('hex');
      grants.set(token, claims);
      return { url: `${await issuer}/token?api-version=2.0`, token };
    },
    close: async () => {
      await issuer;
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function addressOf(server: Server): string {
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
}

function publicKey(pem: string): object {
  return { ...createPublicKey(pem).export({ format: 'jwk' }), kid: KEY_ID, use: 'sig', alg: 'RS256' };
}

/** `repo:o/r:environment:prod` by default; else `name:value` for each claim of the template. */
export function subjectOf(claims: Claims, template: readonly string[] = ['repo', 'context']): string {
  const pull = claims.event_name === 'pull_request' ? 'pull_request' : `ref:${claims.ref ?? ''}`;
  const context = claims.environment === undefined ? pull : `environment:${claims.environment}`;
  const part = (name: string) => {
    if (name === 'repo') return `repo:${claims.repository ?? ''}`;
    return name === 'context' ? context : `${name}:${claims[name] ?? ''}`;
  };
  return template.map(part).join(':');
}

function signed(options: OidcOptions, issuer: string, audience: string, claims: Claims): string {
  const now = Math.floor(options.clock().getTime() / 1000);
  const times = { iat: now, nbf: now - 300, exp: now + 300 };
  const whole = {
    jti: randomBytes(12).toString('hex'),
    sub: subjectOf(claims, options.template),
    aud: audience,
    ...claims,
    iss: issuer,
    ...times,
  };
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const content = `${part({ alg: 'RS256', typ: 'JWT', kid: KEY_ID })}.${part(whole)}`;
  return `${content}.${createSign('RSA-SHA256').update(content).sign(options.key).toString('base64url')}`;
}
