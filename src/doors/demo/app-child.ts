import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { projectRoot } from '../root.ts';
import type { Closers } from './closers.ts';

/** Starts `sluice serve` with that environment and nothing else, and waits for its address. */
export async function startApp(
  environment: Readonly<Record<string, string>>,
  closers: Pick<Closers, 'add'>,
): Promise<{ readonly url: string; readonly process: ChildProcess }> {
  const child = spawn(process.execPath, [join(projectRoot(), 'bin/sluice.js'), 'serve', '--json'], {
    env: environment,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  closers.add(() => stop(child));
  const lines = createInterface({ input: child.stdout });
  const url = await new Promise<string>((resolve, reject) => {
    lines.on('line', (line) => {
      const found = /"url":"([^"]+)"/.exec(line)?.[1];
      if (found) resolve(found);
      else if (process.env.SLUICE_DEMO_LOG) process.stderr.write(`${line}\n`);
    });
    child.on('exit', (code) => reject(new Error(`the App ended with code ${code} before it listened`)));
  });
  return { url, process: child };
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await ended;
}
