import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { build, folder, inherited } from './sluice.ts';

const readme = readFileSync('README.md', 'utf8');
const [, lines = ''] = /## A first plan on your own Prometheus[\s\S]*?```sh\n([\s\S]*?)```/.exec(readme) ?? [];
let told: { prometheus: { url: string }; clock: { url: string } };
let end = () => {};

beforeAll(async () => {
  await build();
  const twin = spawn(process.execPath, ['bin/sluice.js', 'twin', '--json'], {
    env: inherited(),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(createInterface({ input: twin.stdout }), 'line');
  told = JSON.parse(line);
  end = () => twin.kill('SIGTERM');
});
afterAll(() => end());

/** The lines as they stand, typed in a folder: only the example's address is that of the rehearsal, and npx finds this checkout. */
function followed(cwd: string) {
  const bin = folder();
  writeFileSync(`${bin}/npx`, `#!/bin/sh\nshift\nexec "${process.execPath}" "${resolve('bin/sluice.js')}" "$@"\n`);
  chmodSync(`${bin}/npx`, 0o755);
  const script = lines.replace('http://prometheus.example.com:9090', told.prometheus.url);
  const env = { ...inherited(), PATH: `${bin}:${process.env.PATH}`, SLUICE_TWIN_CLOCK: told.clock.url };
  return spawnSync('sh', ['-euc', script], { cwd, env, encoding: 'utf8' });
}

describe('the first lines of the README', () => {
  test('are at most ten and name an address to replace', () => {
    expect(lines.trim().split('\n').length).toBeLessThanOrEqual(10);
    expect(lines).toContain('http://prometheus.example.com:9090');
  });

  test('give a plan in a checkout that has a target for the alert, with the number that its file and Prometheus tell', () => {
    const checkout = folder();
    for (const part of ['.github', 'jobs', 'runbooks']) cpSync(part, `${checkout}/${part}`, { recursive: true });
    const { status, stdout } = followed(checkout);

    expect(status).toBe(0);
    expect(stdout).toMatch(/^likely {2}KafkaConsumerLagHigh on orders-stream/);
    expect(stdout).toMatch(/Plan: Advice[\s\S]*4 workers keep up/);
  });

  test('give a plan in a checkout without a config, and the config to add', () => {
    const { status, stdout, stderr } = followed(folder());

    expect(status).toBe(0);
    expect(stdout).toMatch(
      /^likely [\s\S]*Plan: Advice[\s\S]*Give the workspace[\s\S]*Not judged\n {2}rule trigger-cap: unknown/,
    );
    expect(stderr).toMatch(/there is no \.github\/sluice\.yml[\s\S]*consumergroup/);
  });
});
