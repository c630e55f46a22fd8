import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import { beforeAll, describe, expect, test } from 'vitest';
import { build, document, folder, inherited, sluice } from '../doors/cli/sluice.ts';
import { until } from '../support/story.ts';

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

  test('runs a GitHub whose App `sluice serve` is, with the environment that it prints', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    await new Promise((closed) => server.close(closed));
    const { child, told } = await startTwin(['--app', `http://127.0.0.1:${port}`]);
    const env = { ...inherited(), ...told.github.serve, PORT: String(port) };
    const app = spawn(process.execPath, ['bin/sluice.js', 'serve', '--json'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
    await once(createInterface({ input: app.stdout }), 'line');
    const { alert } = told.workloads.find((one: { name: string }) => one.name === 'oom');
    const headers = { authorization: `Bearer ${told.github.alert_token}`, 'content-type': 'application/json' };
    const posted = await fetch(`http://127.0.0.1:${port}/alerts/alertmanager`, {
      method: 'POST',
      headers,
      body: JSON.stringify(alert),
    });
    const pulls = await until('a proposal', async (): Promise<readonly { readonly title: string }[] | null> => {
      const asked = await fetch(`${told.github.url}/repos/${told.github.repository}/pulls`, {
        headers: { authorization: `Bearer ${told.github.tokens.olga}` },
      });
      const listed = JSON.parse(await asked.text());
      return listed.length > 0 ? listed : null;
    });
    app.kill('SIGTERM');
    child.kill('SIGTERM');
    await Promise.all([once(app, 'exit'), once(child, 'exit')]);

    expect(posted.status).toBe(202);
    expect(pulls[0]?.title).toContain('orders-nightly');
  });

  test.each(['https://example.com', 'x'])('--app %s is no address on this machine', async (app) => {
    const ended = await sluice(['twin', `--app=${app}`, '--json']);

    expect([ended.code, document(ended).error.code]).toEqual([2, 'usage']);
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
