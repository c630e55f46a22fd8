import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { writeCommit } from '../../../src/twin/github/git/commit.ts';
import { createRepository, type Repository } from '../../../src/twin/github/git/repository.ts';
import { editTree } from '../../../src/twin/github/git/tree.ts';

const made: string[] = [];

export function folder(name: string): string {
  const path = mkdtempSync(join(tmpdir(), `twin-${name}-`));
  made.push(path);
  return path;
}

/** For the `afterAll` of each file that makes folders. */
export function removeFolders(): void {
  for (const path of made.splice(0)) rmSync(path, { recursive: true, force: true });
}

export function repository(): Repository {
  return createRepository(folder('git'));
}

export function git(at: Repository, ...args: readonly string[]): string {
  return execFileSync('git', ['--git-dir', at.dir, ...args], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
}

export const words = (text: string) => text.split('\n').filter((line) => line !== '');

/** One commit of a made-up history: which earlier ones it continues, how many seconds later, and what it changes. */
export const planned = fc.array(
  fc.record({
    parents: fc.array(fc.nat(1000), { minLength: 1, maxLength: 2 }),
    later: fc.constantFrom(0, 0, 1, 5),
    path: fc.constantFrom('a', 'b', 'dir/c', 'dir/d'),
    text: fc.constantFrom('1\n', '2\n', null),
  }),
  { minLength: 3, maxLength: 14 },
);
type Planned = typeof planned extends fc.Arbitrary<infer Value> ? Value : never;

export function build(at: Repository, plan: Planned): readonly string[] {
  const made: { sha: string; tree: string; time: number }[] = [];
  for (const [index, step] of plan.entries()) {
    const parents =
      index === 0 ? [] : [...new Set(step.parents.map((parent) => parent % index))].flatMap((one) => made[one] ?? []);
    const time = Math.max(1_700_000_000, ...parents.map((parent) => parent.time)) + step.later;
    const edit = { path: step.path, mode: '100644', sha: step.text === null ? null : at.write('blob', Buffer.from(step.text)) };
    const tree = editTree(at, parents[0]?.tree ?? null, [edit]);
    const by = { name: 'x', email: 'x@example.test', date: new Date(time * 1000).toISOString() };
    const message = `commit ${index}`;
    made.push({
      sha: writeCommit(at, { tree, parents: parents.map((one) => one.sha), author: by, committer: by, message }),
      tree,
      time,
    });
  }
  return made.map((one) => one.sha);
}
