import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import type { Closers } from '../closers.ts';

const READY_WITHIN_MS = 20_000;
const GRACE_MS = 5000;
/** Enough of what a program said last to show why it ended. */
const LAST_WORDS = 2000;

/** Starts a program that serves HTTP on loopback, notes how to end it, and waits until `${url}/-/ready` answers. */
export async function startDaemon(command: string, args: readonly string[], url: string, closers: Closers): Promise<void> {
  // Nothing of this environment is theirs to know: there may be keys in it.
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'], env: { PATH: process.env.PATH } });
  closers.add(() => endByPid(child));
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-LAST_WORDS);
  });
  let failed: Error | null = null;
  child.once('error', (error) => {
    failed = error;
  });
  for (const end = Date.now() + READY_WITHIN_MS; Date.now() < end; await wait(50)) {
    if (failed || hasEnded(child)) throw new Error(`${command} ended before it was ready: ${failed ?? said}`);
    const answer = await fetch(`${url}/-/ready`).catch(() => null);
    await answer?.arrayBuffer();
    if (answer?.ok) return;
  }
  throw new Error(`${command} was not ready after ${READY_WITHIN_MS / 1000} s: ${said}`);
}

/** SIGTERM, and SIGKILL when that is not enough. */
async function endByPid(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || hasEnded(child)) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
  await ended;
  clearTimeout(timer);
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

/** A port of 127.0.0.1 that was free a moment ago: neither program can say which one it took when asked for any. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}
