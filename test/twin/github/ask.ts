import { createHash } from 'node:crypto';
import { expect } from 'vitest';
import type { Stage } from '../../support/github.ts';

export const REPO = 'repository(owner: "acme", name: "pipelines")';

export interface Answer {
  readonly data: { readonly repository: Readonly<Record<string, unknown>> | null };
  readonly errors?: readonly { readonly type?: string; readonly message: string; readonly path?: readonly string[] }[];
}

/** Asks with the token alone, so that errors can be read beside the data. */
export async function ask(on: Stage, query: string, token = 'tok-olga'): Promise<Answer> {
  const response = await fetch(`${on.twin.url}/graphql`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  const answer: Answer = JSON.parse(await response.text());
  return answer;
}

/** The asked fields of the repository; an error is a failure of the test. */
export async function repository(on: Stage, fields: string): Promise<Readonly<Record<string, unknown>>> {
  const answer = await ask(on, `{ ${REPO} { ${fields} } }`);
  expect(answer.errors).toBeUndefined();
  return answer.data.repository ?? {};
}

/** What git calls a file of this text. */
export function oid(text: string): string {
  return createHash('sha1')
    .update(`blob ${Buffer.byteLength(text)}\0`)
    .update(text)
    .digest('hex');
}

export async function main(on: Stage): Promise<string> {
  return (await on.app.rest.git.getRef({ ...on.at, ref: 'heads/main' })).data.object.sha;
}
