import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { findBinaries } from '../../src/doors/demo/live/binaries.ts';
import { leftovers, live } from '../support/live.ts';
import { buildOnce } from '../support/story.ts';

const inCi = process.env.CI !== undefined && process.env.CI !== '' && process.env.CI !== 'false';
const binaries = findBinaries(process.env.PATH ?? '');

/** Everything that a run leaves behind would lie in here. */
let folder = '';
beforeAll(buildOnce);
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-test-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('demo --live (needs prometheus, promtool and alertmanager on PATH)', () => {
  test.runIf(inCi)('CI has prometheus, promtool and alertmanager', () => {
    expect(binaries).toHaveProperty('found');
  });

  test.runIf('found' in binaries)(
    'the rule fires in Prometheus, Alertmanager posts it, and Prometheus shows that the change helped',
    { timeout: 300_000 },
    async () => {
      const { code, stdout } = await live(folder, ['--json']);

      const [played] = JSON.parse(stdout).scenarios;
      expect([code, played.scenario, played.live, played.missed]).toEqual([0, 'kafka-lag', true, []]);
      expect(played.rollout.changes).toEqual([expect.objectContaining({ old: '2', new: '4' })]);
      const [growth] = played.verification.checks;
      expect(growth.before).toBeGreaterThan(1000);
      expect(growth.after).toBeLessThan(-1000);
      expect(played.calls.prometheus).toBeGreaterThan(10);
      expect(leftovers(folder)).toEqual([]);
    },
  );

  test.runIf('found' in binaries)('Ctrl-C ends everything that was started', { timeout: 120_000 }, async () => {
    const { code } = await live(folder, [], { stopAt: 'the App opens an incident' });

    expect(code).toBe(130);
    expect(leftovers(folder)).toEqual([]);
  });
});
