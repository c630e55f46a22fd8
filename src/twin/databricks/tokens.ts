import { createPublicKey, randomBytes, timingSafeEqual, verify } from 'node:crypto';
import type { Json } from '../pipeline/json.ts';
import { isList, jsonObject, listAt, numberAt, parseJson, textAt, writeJson } from '../pipeline/json.ts';
import type { Answer } from './answer.ts';
import { Refusal } from './answer.ts';

/** `deploy` is the token of a team's own deployment pipeline: Sluice never holds it. */
export type TokenKind = 'read' | 'write' | 'deploy' | 'federated';

/** A federation policy: tokens of this issuer's keys are taken if their subject (and audience, when given) are exactly these. */
export interface Federation {
  readonly jwksUrl: string;
  readonly subject: string;
  readonly clientId: string;
  readonly audience?: string;
  readonly issuer?: string;
}

/** The workspace's tokens; the one of a deployment pipeline only where the rehearsal has one. */
export interface WorkspaceTokens {
  readonly read: string;
  readonly write: string;
  readonly deploy?: string;
}

/** A service principal's OAuth secret, for client_credentials. */
export interface MachineSecret {
  readonly clientId: string;
  readonly clientSecret: string;
}

export interface TokenDesk {
  /** Which token a request carries; refuses a missing, unknown or expired one. */
  kindOf(authorization: string | undefined): TokenKind;
  /** POST /oidc/v1/token with a form. */
  exchange(form: URLSearchParams, authorization: string | undefined): Promise<Answer>;
}

const lifetimeSeconds = 3600;
const exchangeGrant = 'urn:ietf:params:oauth:grant-type:token-exchange';

export function createTokenDesk(
  seed: {
    readonly tokens: WorkspaceTokens;
    readonly federation?: Federation;
    readonly machine?: MachineSecret;
  },
  clock: () => Date,
): TokenDesk {
  const issued = new Map<string, number>();
  const issue = (): Answer => {
    const token = `twin-${randomBytes(24).toString('base64url')}`;
    issued.set(token, clock().getTime() + lifetimeSeconds * 1000);
    const body = { access_token: token, token_type: 'Bearer', expires_in: lifetimeSeconds, scope: 'all-apis' };
    return { status: 200, body: jsonObject({ ...body, issued_token_type: 'urn:ietf:params:oauth:token-type:access_token' }) };
  };
  return {
    kindOf: (authorization) => {
      const token = /^Bearer (.+)$/.exec(authorization ?? '')?.[1];
      if (token === undefined)
        throw new Refusal(401, 'UNAUTHENTICATED', 'Credential was not sent or was of an unsupported type for this API.');
      if (same(token, seed.tokens.write)) return 'write';
      if (same(token, seed.tokens.read)) return 'read';
      if (seed.tokens.deploy !== undefined && same(token, seed.tokens.deploy)) return 'deploy';
      const ends = issued.get(token);
      if (ends !== undefined && ends > clock().getTime()) return 'federated';
      throw new Refusal(403, 'PERMISSION_DENIED', 'Invalid access token.');
    },
    exchange: async (form, authorization) => {
      if (form.get('grant_type') === 'client_credentials') {
        return machineGiven(form, authorization, seed.machine)
          ? issue()
          : oauthError(401, 'invalid_client', 'Client authentication failed');
      }
      if (form.get('grant_type') !== exchangeGrant) return oauthError(400, 'unsupported_grant_type', 'Unsupported grant type');
      const fault = await subjectFault(form, seed.federation, clock());
      return fault === null ? issue() : oauthError(400, 'invalid_grant', fault);
    },
  };
}

function oauthError(status: number, error: string, description: string): Answer {
  return { status, body: jsonObject({ error, error_description: description }) };
}

function machineGiven(form: URLSearchParams, authorization: string | undefined, machine: MachineSecret | undefined): boolean {
  if (machine === undefined) return false;
  const basic = /^Basic (.+)$/.exec(authorization ?? '')?.[1];
  const [id, secret] = basic === undefined ? [form.get('client_id'), form.get('client_secret')] : splitBasic(basic);
  return same(id ?? '', machine.clientId) && same(secret ?? '', machine.clientSecret);
}

function splitBasic(basic: string): readonly (string | undefined)[] {
  const text = Buffer.from(basic, 'base64').toString('utf8');
  const at = text.indexOf(':');
  return [decodeURIComponent(text.slice(0, at)), decodeURIComponent(text.slice(at + 1))];
}

/** Why the workload's token is not taken, or null. Times are judged on the twin's clock. */
async function subjectFault(form: URLSearchParams, federation: Federation | undefined, now: Date): Promise<string | null> {
  if (federation === undefined) return 'No federation policy is configured';
  const clientId = form.get('client_id');
  if (clientId !== null && clientId !== federation.clientId) return 'No matching federation policy for this client';
  const [head = '', payload = '', signature = ''] = (form.get('subject_token') ?? '').split('.');
  if (signature === '') return 'subject_token is not a JWT';
  const header = decoded(head);
  if (textAt(header, 'alg') !== 'RS256') return 'Only RS256 tokens are accepted';
  const jwks = parseJson(await (await fetch(federation.jwksUrl, { redirect: 'error' })).text());
  const keys = listAt(jwks, 'keys').filter(
    (key) => textAt(header, 'kid') === undefined || textAt(key, 'kid') === textAt(header, 'kid'),
  );
  const bytes = Buffer.from(`${head}.${payload}`);
  if (!keys.some((key) => signed(bytes, signature, key))) return 'The token signature does not match';
  const claims = decoded(payload);
  const seconds = now.getTime() / 1000;
  if ((numberAt(claims, 'exp') ?? 0) <= seconds) return 'The token has expired';
  if ((numberAt(claims, 'nbf') ?? 0) > seconds + 60) return 'The token is not valid yet';
  if (federation.issuer !== undefined && textAt(claims, 'iss') !== federation.issuer) return 'The issuer does not match';
  if (federation.audience !== undefined && !audiences(claims).includes(federation.audience)) return 'The audience does not match';
  return textAt(claims, 'sub') === federation.subject ? null : 'The subject does not match the federation policy';
}

function audiences(claims: Json): readonly string[] {
  const list = listAt(claims, 'aud');
  return isList(list) && list.length > 0 ? list.map(String) : [textAt(claims, 'aud') ?? ''];
}

function decoded(part: string): Json {
  try {
    return parseJson(Buffer.from(part, 'base64url').toString('utf8'));
  } catch {
    return null;
  }
}

function signed(bytes: Buffer, signature: string, jwk: Json): boolean {
  try {
    const key = createPublicKey({ format: 'jwk', key: JSON.parse(writeJson(jwk)) });
    return verify('RSA-SHA256', bytes, key, Buffer.from(signature, 'base64url'));
  } catch {
    return false;
  }
}

function same(left: string, right: string): boolean {
  const [one, two] = [Buffer.from(left), Buffer.from(right)];
  return one.length === two.length && timingSafeEqual(one, two);
}
