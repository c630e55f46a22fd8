import * as z from 'zod/mini';
import { plainText } from './outside-text.ts';

const Grant = z.object({ access_token: z.string().check(z.minLength(1)), expires_in: z.number() });
const Denial = z.object({ error: z.string(), error_description: z.optional(z.string()) });

/** The answer of a workspace's token endpoint. Throws with its own words where it granted nothing. */
export function parseGrant(status: number, text: string): { readonly token: string; readonly seconds: number } {
  const body = json(text);
  const granted = Grant.safeParse(body);
  if (status === 200 && granted.success) return { token: granted.data.access_token, seconds: granted.data.expires_in };
  const denied = Denial.safeParse(body);
  const why = denied.success ? `${denied.data.error}: ${denied.data.error_description ?? 'no reason given'}` : `status ${status}`;
  throw new Error(`the workspace grants no token: ${plainText(why, 300)}`);
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
