import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { latestFinished } from '../../src/core/run-facts.ts';
import { readsOf } from '../../src/doors/reads.ts';
import type { Run } from '../../src/model/job.ts';
import { jobIds } from '../../src/twin/pipeline/workloads.ts';
import { connectionOf, startRehearsal } from '../support/rehearsal.ts';
import { wholeLog } from '../support/spark-log.ts';

const closing: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function readsWith(at: string) {
  const { plant } = await startRehearsal(['oom']);
  closing.push(() => plant.close());
  return readsOf(connectionOf(plant), null, { at, headers: {} });
}

const run: Run = {
  ...{ id: '5', jobId: '2', outcome: 'succeeded', startedAt: '2026-11-20T02:00:00Z', endedAt: '2026-11-20T03:00:00Z' },
  ...{ terminationCode: null, terminationType: null, message: '', repairs: [] },
  tasks: [{ runId: '3', taskKey: 't', outcome: 'succeeded', clusterId: '1120-gone', startedAt: '', endedAt: null }],
};

describe('stages of a run', () => {
  test('come from the configured folder or History Server where the cluster’s log destination has none', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sluice-reads-'));
    closing.push(() => rmSync(folder, { recursive: true }));
    mkdirSync(join(folder, '1120-gone'));
    writeFileSync(join(folder, '1120-gone', 'eventlog'), wholeLog('app-1', Date.parse('2026-11-20T02:01:00Z')).join('\n'));

    const stages = await (await readsWith(folder)).stages?.stages(run, null);

    expect(stages).toMatchObject({ known: true, value: [{ stageId: 3, source: 'event log of app-1' }] });
  });

  test('come from the next source where the first has only a part of them', async () => {
    const { plant } = await startRehearsal(['oom']);
    closing.push(() => plant.close());
    const connection = connectionOf(plant);
    const runs = await readsOf(connection, null).workspace?.runs(jobIds.oom, 5);
    const latest = runs?.known === true ? latestFinished(runs.value) : null;
    const cluster = latest?.tasks[0]?.clusterId;
    if (!latest || !cluster) throw new Error('no run');
    const started = Date.parse(latest.startedAt) + 1000;
    const log = wholeLog('app-1', started).join('\n');
    plant.databricks.putFile(`/cluster-logs/${cluster}/eventlog/x/9/eventlog`, log.slice(0, -30));
    const folder = mkdtempSync(join(tmpdir(), 'sluice-reads-'));
    closing.push(() => rmSync(folder, { recursive: true }));
    const beside = (text: string) => {
      writeFileSync(join(folder, 'app-1-1'), text);
      return readsOf(connection, null, { at: folder, headers: {} }).stages?.stages(latest, null);
    };

    expect(await beside(log)).toMatchObject({ value: [{ source: 'event log of app-1' }] });
    expect(await beside(log)).not.toMatchObject({ value: [{ partial: expect.anything() }] });
    expect(await beside('nothing')).toMatchObject({
      known: true,
      value: expect.arrayContaining([expect.objectContaining({ partial: expect.anything() })]),
    });
  });

  test('that no source has say why, each of them', async () => {
    const stages = await (await readsWith('/nowhere')).stages?.stages(run, null);

    expect(stages?.known === false && stages.why).toMatch(/^missing: .*; absent: no folder \/nowhere$/);
  });

  test('have no source without a workspace, a folder or a History Server', () => {
    expect(readsOf(null, null).stages).toBeNull();
  });
});
