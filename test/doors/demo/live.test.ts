import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createClosers } from '../../../src/doors/demo/closers.ts';
import { findBinaries } from '../../../src/doors/demo/live/binaries.ts';
import { alertRules, prometheusConfig } from '../../../src/doors/demo/live/configuration.ts';
import { hastened } from '../../../src/doors/demo/live.ts';
import { parseRunbook } from '../../../src/schema/runbook.ts';
import { createRealClock, serveClock } from '../../../src/twin/clock.ts';
import { workload } from '../../../src/twin/pipeline/workloads.ts';

const PATH = 'runbooks/kafka-consumer-lag.md';
const shipped = readFileSync(PATH, 'utf8');

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-test-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function program(name: string): void {
  writeFileSync(join(folder, name), '');
  chmodSync(join(folder, name), 0o755);
}

describe('the binaries of a live rehearsal', () => {
  test('are found under the names of the project and of Debian', () => {
    for (const name of ['prometheus', 'promtool', 'prometheus-alertmanager']) program(name);

    expect(findBinaries(folder)).toEqual({
      found: {
        prometheus: join(folder, 'prometheus'),
        promtool: join(folder, 'promtool'),
        alertmanager: join(folder, 'prometheus-alertmanager'),
      },
    });
  });

  test('that are missing are named; a file that nobody may run is missing', () => {
    program('prometheus');
    writeFileSync(join(folder, 'promtool'), '');

    expect(findBinaries(folder)).toEqual({ missing: ['promtool', 'alertmanager'] });
    expect(findBinaries('')).toEqual({ missing: ['prometheus', 'promtool', 'alertmanager'] });
  });
});

describe('the hastened runbook', () => {
  test('judges after a minute and differs in nothing else', () => {
    const [before, after] = [parseRunbook(shipped, PATH), parseRunbook(hastened(shipped), PATH)];
    if (!before.ok || !after.ok) throw new Error('the runbook is not readable');

    expect(after.value.verify.settleMinutes).toBe(1);
    expect(after.value.verify.checks[0]).toHaveProperty('query', expect.stringContaining('[30s]'));
    expect({ ...after.value, verify: null, prose: '' }).toEqual({ ...before.value, verify: null, prose: '' });
    expect(after.value.prose).toBe(before.value.prose);
  });

  test('a runbook that says something else is not hastened in silence', () => {
    expect(() => hastened(shipped.replace('settle: 30m', 'settle: 20m'))).toThrow('has no verification');
  });
});

test.runIf('found' in findBinaries(process.env.PATH ?? ''))('promtool accepts the configuration and the rule', () => {
  writeFileSync(join(folder, 'rules.yml'), alertRules(workload('lag', new Date())));
  writeFileSync(join(folder, 'prometheus.yml'), prometheusConfig({ exporter: '127.0.0.1:1', alertmanager: '127.0.0.1:2' }));

  const said = execFileSync('promtool', ['check', 'config', join(folder, 'prometheus.yml')], { encoding: 'utf8' });

  expect(said).toContain('1 rules found');
});

test('the rule carries the labels of the workload, but what the series say themselves', () => {
  const { alert } = workload('lag', new Date());
  const [group] = JSON.parse(alertRules(workload('lag', new Date()))).groups;

  expect(group.rules[0].labels).toEqual({ severity: 'critical', job_id: alert.labels.job_id, workspace: 'prod' });
});

describe('closers', () => {
  test('end in the opposite order, once, whatever one of them does', async () => {
    const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const ended: string[] = [];
    const closers = createClosers();
    closers.add(async () => void ended.push('first'));
    closers.add(async () => Promise.reject(new Error('this one does not end')));
    closers.add(async () => void ended.push('last'));

    await Promise.all([closers.close(), closers.close()]);

    expect(ended).toEqual(['last', 'first']);
    expect(said).toHaveBeenCalledExactlyOnceWith('sluice: this one does not end\n');
    said.mockRestore();
  });

  test('what comes late is ended at once', async () => {
    const ended: string[] = [];
    const closers = createClosers();
    await closers.close();

    closers.add(async () => void ended.push('late'));
    await closers.close();

    expect(ended).toEqual(['late']);
  });
});

test('real time is served, waited for and never moved', async () => {
  const clock = createRealClock();
  const server = await serveClock(clock);
  const before = Date.now();
  await fetch(`${server.url}/clock/sleep?ms=30`, { method: 'POST' });
  await server.close();

  expect(Date.now() - before).toBeGreaterThanOrEqual(29);
  expect(() => clock.advance(1)).toThrow(RangeError);
  expect(() => clock.set(new Date())).toThrow(RangeError);
});
