import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readObject, type StoredObject, writeObject } from './loose.ts';

export type { ObjectType, StoredObject } from './loose.ts';

export interface Repository {
  readonly dir: string;
  /** Output of a git command about object ids, whose answer never changes: it is remembered. Throws when git fails. */
  ask(args: readonly string[]): string;
  /** As `ask`, for commands that say no by exit status 1. */
  test(args: readonly string[]): { readonly yes: boolean; readonly output: string };
  write(type: StoredObject['type'], content: Buffer): string;
  /** The same value for the same commit or tree each time, so that whoever reads it can remember what it made of it. */
  read(id: string): StoredObject | null;
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

/** What git makes of an empty folder, by path; null is a folder. Made by git once a process: starting it costs more than copying. */
let skeleton: ReadonlyMap<string, string | null> | null = null;

export function createRepository(dir: string): Repository {
  if (skeleton === null) skeleton = initialised(dir);
  else
    for (const [path, text] of skeleton) {
      if (text === null) mkdirSync(join(dir, path), { recursive: true });
      else writeFileSync(join(dir, path), text);
    }
  return openRepository(dir);
}

function initialised(dir: string): ReadonlyMap<string, string | null> {
  execFileSync('git', ['init', '--quiet', '--bare', '--initial-branch=main', '--template=', dir], { env: environment(dir) });
  // Nothing is ever packed, so that every object can be read without starting git.
  for (const setting of ['gc.auto=0', 'receive.unpackLimit=1000000', 'core.quotePath=false'])
    execFileSync('git', ['--git-dir', dir, 'config', ...setting.split('=')], { env: environment(dir) });
  const made = readdirSync(dir, { recursive: true, withFileTypes: true }).map((entry): [string, string | null] => {
    const path = join(entry.parentPath, entry.name);
    return [path.slice(dir.length + 1), entry.isDirectory() ? null : readFileSync(path, 'utf8')];
  });
  return new Map(made.sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** Readers of one repository share what they found out about its objects. */
const opened = new Map<string, Repository>();

/** A repository that `createRepository` made, perhaps for somebody else. */
export function openRepository(dir: string): Repository {
  const known = opened.get(dir) ?? access(dir);
  opened.set(dir, known);
  return known;
}

export function forgetRepository(dir: string): void {
  opened.delete(dir);
}

function access(dir: string): Repository {
  const options = { env: environment(dir), maxBuffer: 256 * 1024 * 1024 };
  const answers = new Map<string, { yes: boolean; output: string; why: string }>();
  const kept = new Map<string, StoredObject>();

  const run = (args: readonly string[]) => {
    const done = spawnSync('git', ['--git-dir', dir, ...args], { ...options, encoding: 'utf8' });
    if (done.error !== undefined) throw done.error;
    if (done.status !== 0 && done.status !== 1) throw new Error(`git ${args.join(' ')}: ${done.stderr.trim()}`);
    return { yes: done.status === 0, output: done.stdout, why: done.stderr };
  };
  const test = (args: readonly string[]) => {
    const key = args.join('\0');
    const found = answers.get(key) ?? run(args);
    answers.set(key, found);
    return found;
  };
  return {
    dir,
    ask: (args) => {
      const found = test(args);
      if (!found.yes) throw new Error(`git ${args.join(' ')}: ${found.why}`);
      return found.output;
    },
    test,
    write: (type, content) => writeObject(dir, type, content),
    read: (id) => {
      const found = kept.get(id) ?? readObject(dir, id);
      if (found !== null && found.type !== 'blob') kept.set(id, found);
      return found;
    },
  };
}
