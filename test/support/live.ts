import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** `sluice demo --live …` with its own temporary folder; `stopAt` sends it Ctrl-C's signal once it has said that. */
export function live(
  folder: string,
  args: readonly string[],
  options: { readonly path?: string; readonly stopAt?: string } = {},
): Promise<Ended> {
  const temporary = join(folder, 'tmp');
  mkdirSync(temporary, { recursive: true });
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['bin/sluice.js', 'demo', '--live', ...args], {
      // The folder at the end of PATH marks every process that comes of this one.
      env: { ...process.env, TMPDIR: temporary, PATH: `${options.path ?? process.env.PATH}:${folder}` },
    });
    const said = { stdout: '', stderr: '' };
    let stopAt = options.stopAt ?? null;
    child.stderr.on('data', (text: Buffer) => {
      said.stderr += text.toString();
    });
    child.stdout.on('data', (text: Buffer) => {
      said.stdout += text.toString();
      if (stopAt === null || !said.stdout.includes(stopAt)) return;
      stopAt = null;
      // A terminal and whoever started it may both pass it on.
      child.kill('SIGINT');
      setTimeout(() => child.kill('SIGINT'), 50);
    });
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, ...said }));
  });
}

/** Files in the temporary folder, and commands with it in their arguments or environment, which itself is never printed. */
export function leftovers(folder: string): readonly string[] {
  const list = (options: string) =>
    execFileSync('ps', [options, '-o', 'pid=,args='], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 }).split('\n');
  const pidOf = (line: string) => line.trim().split(' ')[0];
  const ours = new Set(list('axeww').flatMap((line) => (line.includes(folder) ? [pidOf(line)] : [])));
  return [...readdirSync(join(folder, 'tmp')), ...list('axww').filter((line) => ours.has(pidOf(line)))];
}
