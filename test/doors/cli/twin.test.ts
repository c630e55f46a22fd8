import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import { beforeAll, describe, expect, test } from 'vitest';
import { build, document, folder, inherited, sluice } from './sluice.ts';

beforeAll(build);

async function startTwin(args: readonly string[] = []) {
  const child = spawn(process.execPath, ['bin/sluice.js', 'twin', '--json', ...args], {
    env: inherited(),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  return { child, told: JSON.parse(line) };
}

describe('sluice twin', () => {
  test('prints addresses, credentials and alerts that investigate can use, and ends on SIGTERM', async () => {
    const { child, told } = await startTwin();
    const { url } = told.databricks;
    const oom = told.workloads.find((one: { name: string }) => one.name === 'oom');
    const file = `${folder({ 'alert.json': JSON.stringify(oom.alert) })}/alert.json`;
    const found = await sluice(
      ['investigate', '--alert', file, '--prometheus', told.prometheus.url, '--databricks', url, '--json'],
      { env: { SLUICE_TWIN_CLOCK: told.clock.url, DATABRICKS_TOKEN: told.databricks.tokens.read } },
    );
    const metrics = await (await fetch(told.metrics.url)).text();
    const applications = await fetch(`${told.spark.url}/api/v1/applications`);
    child.kill('SIGTERM');
    const [code] = await once(child, 'exit');

    expect(document(found).outcome).toBe('confirmed');
    expect(metrics).toContain('kafka_consumergroup_lag');
    expect(Array.isArray(await applications.json())).toBe(true);
    expect(code).toBe(0);
  });

  test('listens on the port it is given, and says when that is taken', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = String(typeof address === 'object' && address ? address.port : 0);
    const taken = await sluice(['twin', '--port', port, '--json']);
    server.close();
    const { child, told } = await startTwin(['--port', port]);
    child.kill('SIGINT');

    expect([taken.code, document(taken).error.code]).toEqual([3, 'unreachable']);
    expect(told.prometheus.url).toBe(`http://127.0.0.1:${port}`);
    expect((await once(child, 'exit'))[0]).toBe(0);
  });

  test.each(['x', '-1', '70000'])('--port %s is no port', async (port) => {
    const ended = await sluice(['twin', `--port=${port}`, '--json']);

    expect([ended.code, document(ended).error.code]).toEqual([2, 'usage']);
  });
});
