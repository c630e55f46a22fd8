import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { findBinaries } from '../../src/doors/demo/live/binaries.ts';
import { buildOnce } from '../support/story.ts';

const inCi = process.env.CI !== undefined && process.env.CI !== '' && process.env.CI !== 'false';
const wanted = inCi || process.env.SLUICE_LIVE === '1';
const binaries = findBinaries(process.env.PATH ?? '');

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Everything that a run leaves behind would lie in here. */
let folder = '';
beforeAll(buildOnce);
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-test-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** `sluice demo --live …` with its own temporary folder; `stopAt` sends it Ctrl-C's signal once it has said that. */
function live(args: readonly string[], options: { readonly path?: string; readonly stopAt?: string } = {}): Promise<Ended> {
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
function leftovers(): readonly string[] {
  const list = (options: string) =>
    execFileSync('ps', [options, '-o', 'pid=,args='], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 }).split('\n');
  const pidOf = (line: string) => line.trim().split(' ')[0];
  const ours = new Set(list('axeww').flatMap((line) => (line.includes(folder) ? [pidOf(line)] : [])));
  return [...readdirSync(join(folder, 'tmp')), ...list('axww').filter((line) => ours.has(pidOf(line)))];
}

/** Programs in the place of the real ones, written for one test. */
function fakes(scripts: Readonly<Record<string, string>>): string {
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  for (const [name, script] of Object.entries(scripts)) {
    writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(bin, name), 0o755);
  }
  return `${bin}:${process.env.PATH}`;
}

describe('demo --live, refused', () => {
  test('without the binaries it says how to get them and exits 3', async () => {
    const { code, stdout } = await live(['--json'], { path: join(folder, 'nothing') });

    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toEqual({
      error: {
        code: 'binary_missing',
        message: '--live needs prometheus, promtool, alertmanager on PATH',
        fix: expect.stringContaining('apt-get install prometheus prometheus-alertmanager'),
      },
    });
  });

  test('another scenario is refused before anything starts', async () => {
    const { code, stdout } = await live(['--json', '--scenario', 'spark-skew']);

    expect([code, JSON.parse(stdout).error.code]).toEqual([2, 'scenario_not_live']);
    expect(leftovers()).toEqual([]);
  });

  test('a program that cannot start ends the play with its own words, and nothing stays', async () => {
    const refusing = 'echo "level=error msg=\\"no such disk\\"" >&2; exit 1';
    const { code, stderr } = await live([], {
      path: fakes({ prometheus: refusing, promtool: 'exit 0', alertmanager: refusing }),
    });

    expect(code).toBe(3);
    expect(stderr).toContain('no such disk');
    expect(leftovers()).toEqual([]);
  });
});

describe('demo --live (runs with SLUICE_LIVE=1 or in CI, over a minute of real time)', () => {
  test.runIf(inCi)('CI has prometheus, promtool and alertmanager', () => {
    expect(binaries).toHaveProperty('found');
  });

  test.runIf(wanted && 'found' in binaries)(
    'the rule fires in Prometheus, Alertmanager posts it, and Prometheus shows that the change helped',
    { timeout: 150_000 },
    async () => {
      const { code, stdout } = await live(['--json']);

      const [played] = JSON.parse(stdout).scenarios;
      expect([code, played.scenario, played.live, played.missed]).toEqual([0, 'kafka-lag', true, []]);
      expect(played.rollout.changes).toEqual([expect.objectContaining({ old: '2', new: '4' })]);
      const [growth] = played.verification.checks;
      expect(growth.before).toBeGreaterThan(1000);
      expect(growth.after).toBeLessThan(-1000);
      expect(played.calls.prometheus).toBeGreaterThan(10);
      expect(played.seconds).toBeLessThan(120);
      expect(leftovers()).toEqual([]);
    },
  );

  test.runIf(wanted && 'found' in binaries)('Ctrl-C ends everything that was started', { timeout: 60_000 }, async () => {
    const { code } = await live([], { stopAt: 'the App opens an incident' });

    expect(code).toBe(130);
    expect(leftovers()).toEqual([]);
  });
});
