import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { type WorkloadName, workload } from '../../../src/twin/pipeline/workloads.ts';
import { rehearsalStart } from '../../support/rehearsal.ts';

const BIN = resolve('bin/sluice.js');

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Around {
  readonly input?: string | Buffer;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

const LOCK = join(tmpdir(), `sluice-build-${createHash('sha256').update(BIN).digest('hex').slice(0, 12)}`);

/** Builds dist once, so that no child process has to; test files that run side by side wait for each other's build. */
export async function build(): Promise<void> {
  for (let waited = 0; !locked(); waited += 50) {
    if (waited > 20_000) rmSync(LOCK, { recursive: true, force: true });
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  try {
    execFileSync(process.execPath, [BIN, '--help'], { stdio: 'ignore' });
  } finally {
    rmSync(LOCK, { recursive: true, force: true });
  }
}

function locked(): boolean {
  try {
    mkdirSync(LOCK);
    return true;
  } catch {
    return false;
  }
}

/** The command line as a child process, with nothing of this process's environment but where to find programs. */
export function sluice(args: readonly string[], { input = '', cwd = '.', env = {} }: Around = {}): Promise<Ended> {
  const child = spawn(process.execPath, [BIN, ...args], { cwd, env: { ...inherited(), ...env } });
  const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on('data', (part: Buffer) => stdout.push(part));
  child.stderr.on('data', (part: Buffer) => stderr.push(part));
  // A command that refuses its arguments does not read its input to the end.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  return new Promise((ended, failed) => {
    child.on('error', failed);
    child.on('close', (code) =>
      ended({ code, stdout: Buffer.concat(stdout).toString('utf8'), stderr: Buffer.concat(stderr).toString('utf8') }),
    );
  });
}

export function inherited(): Record<string, string> {
  return { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '' };
}

/** What `--json` printed: exactly one line, and that is JSON. */
// biome-ignore lint/suspicious/noExplicitAny: a test reads the document as a script does, by its field names.
export function document(ended: Ended): any {
  const lines = ended.stdout.split('\n');
  if (lines.length !== 2 || lines[1] !== '') throw new Error(`not one line: ${ended.stdout}${ended.stderr}`);
  return JSON.parse(lines[0] ?? '');
}

/** A folder with these files. */
export function folder(files: Readonly<Record<string, string | Buffer>> = {}): string {
  const root = mkdtempSync(join(tmpdir(), 'sluice-cli-'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

/** What Alertmanager would post for these alerts. */
export function webhook(...alerts: readonly object[]): string {
  const common = { version: '4', groupKey: 'g', truncatedAlerts: 0, status: 'firing', receiver: 'sluice' };
  return JSON.stringify({ ...common, alerts });
}

export function alertOf(name: WorkloadName, change: object = {}): object {
  return { status: 'firing', ...workload(name, rehearsalStart).alert, startsAt: rehearsalStart.toISOString(), ...change };
}
