import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { leftovers, live } from '../support/live.ts';
import { buildOnce } from '../support/story.ts';

/** Everything that a run leaves behind would lie in here. */
let folder = '';
beforeAll(buildOnce);
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-test-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

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
    const { code, stdout } = await live(folder, ['--json'], { path: join(folder, 'nothing') });

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
    const { code, stdout } = await live(folder, ['--json', '--scenario', 'spark-skew']);

    expect([code, JSON.parse(stdout).error.code]).toEqual([2, 'scenario_not_live']);
    expect(leftovers(folder)).toEqual([]);
  });

  test('a program that cannot start ends the play with its own words, and nothing stays', async () => {
    const refusing = 'echo "level=error msg=\\"no such disk\\"" >&2; exit 1';
    const { code, stderr } = await live(folder, [], {
      path: fakes({ prometheus: refusing, promtool: 'exit 0', alertmanager: refusing }),
    });

    expect(code).toBe(3);
    expect(stderr).toContain('no such disk');
    expect(leftovers(folder)).toEqual([]);
  });
});
