import { parseGrant } from '../../schema/databricks-grant.ts';
import { workspaceOrigin } from './address.ts';

/** How an identity that GitHub vouches for becomes a token of one workspace. */
export interface Federation {
  readonly host: string;
  /** Id of the service principal whose federation policy names the subject. */
  readonly clientId: string;
  /** A fresh identity token for the audience that the policy names: it lives for minutes. */
  readonly identity: () => Promise<string>;
  readonly now: () => number;
  /** Hears of each token as soon as it is granted, so that it can be masked. */
  readonly granted: (token: string) => void;
  readonly fetch?: typeof fetch;
}

/** A token is asked for again this long before it ends. */
const SPARE_MS = 60_000;
const TIMEOUT_MS = 30_000;

/**
 * Tokens by OAuth token exchange (RFC 8693), as Databricks' workload identity federation grants them; one is used until a minute before its
 * end. Rejects with what the workspace said, which never holds a token.
 */
export function federatedToken(federation: Federation): () => Promise<string> {
  let held: { readonly token: string; readonly until: number } | null = null;
  return async () => {
    if (held && federation.now() < held.until) return held.token;
    const { token, seconds } = await exchanged(federation);
    federation.granted(token);
    held = { token, until: federation.now() + seconds * 1000 - SPARE_MS };
    return token;
  };
}

async function exchanged({ host, clientId, identity, fetch: send = fetch }: Federation) {
  const form = {
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
    subject_token: await identity(),
    client_id: clientId,
    scope: 'all-apis',
  };
  const response = await send(`${workspaceOrigin(host)}/oidc/v1/token`, {
    method: 'POST',
    body: new URLSearchParams(form),
    redirect: 'manual',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  return parseGrant(response.status, await response.text());
}
