import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { deflateSync, inflateSync } from 'node:zlib';

export type ObjectType = 'blob' | 'tree' | 'commit' | 'tag';

export interface Repository {
  readonly dir: string;
  /** Output of a git command; throws when git fails. */
  git(args: readonly string[]): string;
  /** As `git`, remembering the answer: only for questions about object ids, which never change. */
  ask(args: readonly string[]): string;
  /** As `ask`, for commands that say no by exit status 1. */
  test(args: readonly string[]): { readonly yes: boolean; readonly output: string };
  write(type: ObjectType, content: Buffer): string;
  read(id: string): { readonly type: ObjectType; readonly content: Buffer } | null;
}

/** Only what git needs: no user configuration, no hooks from a template, no prompt. */
function environment(dir: string): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH ?? '/usr/bin:/bin',
    HOME: dir,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    LC_ALL: 'C',
  };
}

export function createRepository(dir: string): Repository {
  execFileSync('git', ['init', '--quiet', '--bare', '--initial-branch=main', '--template=', dir], { env: environment(dir) });
  // Nothing is ever packed, so that every object can be read without starting git.
  for (const setting of ['gc.auto=0', 'receive.unpackLimit=1000000', 'core.quotePath=false'])
    execFileSync('git', ['--git-dir', dir, 'config', ...setting.split('=')], { env: environment(dir) });
  return openRepository(dir);
}

/** A repository that `createRepository` made, perhaps for somebody else. */
export function openRepository(dir: string): Repository {
  const options = { env: environment(dir), maxBuffer: 256 * 1024 * 1024 };
  const answers = new Map<string, { yes: boolean; output: string }>();

  const run = (args: readonly string[]) => {
    const done = spawnSync('git', ['--git-dir', dir, ...args], { ...options, encoding: 'utf8' });
    if (done.error !== undefined) throw done.error;
    if (done.status !== 0 && done.status !== 1) throw new Error(`git ${args.join(' ')}: ${done.stderr.trim()}`);
    return { yes: done.status === 0, output: done.stdout, why: done.stderr };
  };
  const remembered = (args: readonly string[]) => {
    const key = args.join('\0');
    const found = answers.get(key) ?? run(args);
    answers.set(key, found);
    return found;
  };
  const insist = (args: readonly string[], found: { yes: boolean; output: string; why?: string }) => {
    if (!found.yes) throw new Error(`git ${args.join(' ')}: ${found.why ?? 'exit 1'}`);
    return found.output;
  };
  return {
    dir,
    git: (args) => insist(args, run(args)),
    ask: (args) => insist(args, remembered(args)),
    test: remembered,
    write: (type, content) => writeObject(dir, type, content),
    read: (id) => readObject(dir, id),
  };
}

/** A loose object as git writes it. Starting git for each of a commit's objects would cost 4 ms a piece. */
function writeObject(dir: string, type: ObjectType, content: Buffer): string {
  const object = Buffer.concat([Buffer.from(`${type} ${content.length}\0`), content]);
  const id = createHash('sha1').update(object).digest('hex');
  const path = loosePath(dir, id);
  if (!existsSync(path)) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, deflateSync(object, { level: 1 }));
  }
  return id;
}

function readObject(dir: string, id: string): { type: ObjectType; content: Buffer } | null {
  const path = loosePath(dir, id);
  if (!/^[0-9a-f]{40}$/.test(id) || !existsSync(path)) return null;
  const object = inflateSync(readFileSync(path));
  const end = object.indexOf(0);
  const type = object.subarray(0, object.indexOf(32)).toString();
  if (type !== 'blob' && type !== 'tree' && type !== 'commit' && type !== 'tag') return null;
  return { type, content: object.subarray(end + 1) };
}

function loosePath(dir: string, id: string): string {
  return join(dir, 'objects', id.slice(0, 2), id.slice(2));
}
