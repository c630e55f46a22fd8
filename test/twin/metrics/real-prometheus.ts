import { execFileSync, spawn } from 'node:child_process';
import { accessSync, constants, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/** A real Prometheus over back-filled samples, for as long as a test needs it. */
export interface RealPrometheus {
  readonly url: string;
  close(): Promise<void>;
}

/** Both come with a distribution's `prometheus` package; they are no dependency of ours. */
export const binaries = { server: 'prometheus', tool: 'promtool' } as const;

export function onPath(binary: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, binary), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

export async function startRealPrometheus(openMetricsText: string): Promise<RealPrometheus> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-prometheus-'));
  writeFileSync(join(folder, 'history.om'), openMetricsText);
  writeFileSync(join(folder, 'prometheus.yml'), 'global:\n  scrape_interval: 1h\n');
  execFileSync(binaries.tool, ['tsdb', 'create-blocks-from', 'openmetrics', join(folder, 'history.om'), join(folder, 'data')], {
    stdio: 'pipe',
  });
  const port = await freePort();
  const child = spawn(
    binaries.server,
    [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      '--storage.tsdb.retention.time=100y',
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    { stdio: 'ignore' },
  );
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const url = `http://127.0.0.1:${port}`;
  const close = async (): Promise<void> => {
    child.kill('SIGTERM');
    await exited;
    rmSync(folder, { recursive: true, force: true });
  };
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const answer = await fetch(`${url}/-/ready`).catch(() => null);
    if (answer?.ok === true) return { url, close };
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await close();
  throw new Error('the real Prometheus did not become ready');
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        address !== null && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}
