import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { typedRunbooks } from '../../src/adapters/github/runbooks.ts';
import { typeShipped } from '../../src/doors/shipped-runbooks.ts';

test('a repository that copied our runbooks has them typed already, under the ids that git gives them', async () => {
  const typed = typedRunbooks();
  await typeShipped(typed);
  const names = readdirSync('runbooks').filter((name) => name.endsWith('.md'));
  expect(names.length).toBeGreaterThan(10);
  for (const name of names) {
    const blob = execFileSync('git', ['hash-object', '--no-filters', `runbooks/${name}`], { encoding: 'utf8' }).trim();
    const read = await typed.read(`runbooks/${name}`, blob, () => Promise.reject(new Error(`${name} was not typed`)));
    expect(read.ok).toBe(true);
  }
});
