import type { Signature } from './git/commit.ts';
import { fieldsOf, type Json, textOf } from './json.ts';
import type { Account } from './nouns.ts';
import { type Call, writer } from './route.ts';
import { emailOf, GITHUB_EMAIL } from './shapes/commit.ts';

export function signatureOf(account: Account, date: string): Signature {
  return { name: account.login, email: emailOf(account), date };
}

export function githubSignature(date: string): Signature {
  return { name: 'GitHub', email: GITHUB_EMAIL, date };
}

/**
 * Author and committer of a commit made through the API: what the request says (nobody checks it: a commit's e-mails prove
 * nothing), else the caller. For bots that say nothing GitHub commits and signs itself.
 */
export function signatures(call: Call): { readonly author: Signature; readonly committer: Signature } {
  const account = writer(call);
  const now = call.world.now();
  const author = given(call.body.author, now);
  const committer = given(call.body.committer, now);
  const own = signatureOf(account, now);
  const signed = account.type === 'Bot' && author === null && committer === null;
  return { author: author ?? committer ?? own, committer: signed ? githubSignature(now) : (committer ?? author ?? own) };
}

function given(value: Json | undefined, now: string): Signature | null {
  const fields = fieldsOf(value);
  const name = textOf(fields.name);
  const email = textOf(fields.email);
  if (name === null || email === null) return null;
  const date = textOf(fields.date);
  const time = date === null || Number.isNaN(Date.parse(date)) ? now : new Date(date).toISOString().replace(/\.\d+Z$/, 'Z');
  return { name, email, date: time };
}
