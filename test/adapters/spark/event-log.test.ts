import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { createWorkspaceLogs } from '../../../src/adapters/databricks/event-logs.ts';
import { createEventLogStages } from '../../../src/adapters/spark/event-log.ts';
import { foldStages } from '../../../src/adapters/spark/fold-stages.ts';
import { cutLines } from '../../../src/adapters/spark/lines.ts';
import { createLogFolder } from '../../../src/adapters/spark/log-folder.ts';
import { readLog } from '../../../src/adapters/spark/read-log.ts';
import { latestFinished } from '../../../src/core/run-facts.ts';
import type { Run } from '../../../src/model/job.ts';
import { jobIds } from '../../../src/twin/pipeline/workloads.ts';
import { connectionOf, startRehearsal } from '../../support/rehearsal.ts';
import { applicationStart, environment, logStart, stageLine, taskEnd, wholeLog } from '../../support/spark-log.ts';

const closing: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

function folder(): string {
  const at = mkdtempSync(join(tmpdir(), 'sluice-logs-'));
  closing.push(() => rmSync(at, { recursive: true }));
  return at;
}

const run: Run = {
  id: '1',
  jobId: '2',
  outcome: 'succeeded',
  startedAt: '2025-11-20T00:00:00Z',
  endedAt: '2025-11-20T01:00:00Z',
  terminationCode: 'SUCCESS',
  terminationType: 'SUCCESS',
  message: '',
  tasks: [{ runId: '3', taskKey: 't', outcome: 'succeeded', clusterId: '1120-cluster', startedAt: '', endedAt: null }],
  repairs: [],
};

const lines = wholeLog();

/** What a reader of this folder tells of the run. */
const stagesIn = (at: string, of: Run | null = run, application: string | null = null) =>
  createEventLogStages(createLogFolder(at)).stages(of, application);
const told = async (at: string, of: Run | null = run, application: string | null = null) => {
  const stages = await stagesIn(at, of, application);
  return stages.known ? stages.value : stages.why;
};

const stagesAt = async (at: string) => {
  const stages = await stagesIn(at);
  return stages.known ? stages.value : [];
};

function write(at: string, path: string, content: string | Uint8Array) {
  mkdirSync(join(at, dirname(path)), { recursive: true });
  writeFileSync(join(at, path), content);
}

const text = (some: readonly string[]) => `${some.join('\n')}\n`;
const summary = { stageId: 3, status: 'complete', tasks: 3, durationMs: 1000, taskMs: { min: 10, median: 20, max: 90 } };

describe('stages of an event log', () => {
  test('tell tasks, bytes and milliseconds in quantiles, and where they were read', async () => {
    const at = folder();
    write(at, 'eventlog', text(lines));

    expect(await told(at)).toMatchObject([
      { ...summary, totalShuffleReadBytes: 1230, memorySpilledBytes: 15, gcMs: 6, peakExecutionMemoryBytes: 262_144 },
    ]);
    expect(await told(at)).toMatchObject([{ source: expect.stringMatching(/^event log of local-1763600000000/) }]);
    expect(await told(at)).not.toMatchObject([{ partial: expect.anything() }]);
  });

  const cut = Math.floor(lines.length / 2);
  const layouts: Readonly<Record<string, readonly (readonly [path: string, content: string | Uint8Array])[]>> = {
    'a plain file': [['application_1763_0001_1', text(lines)]],
    'a file without a last line end': [['local-1763600000000', lines.join('\n')]],
    'a file with Windows line ends': [['local-1763600000000', lines.join('\r\n')]],
    'a file that is still written': [['local-1763600000000.inprogress', text(lines)]],
    'gzip under any name': [['log.json', gzipSync(text(lines))]],
    'gzip of several members': [['x.gz', Buffer.concat([gzipSync(text(lines.slice(0, cut))), gzipSync(text(lines.slice(cut)))])]],
    'zstd of several frames': [['local-1763600000000.zstd', readFileSync('test/fixtures/spark/local-1763600000000.zstd')]],
    'a rolling log': [
      ['eventlog_v2_app-1/events_1_app-1', text(lines.slice(0, 3))],
      ['eventlog_v2_app-1/events_2_app-1.gz', gzipSync(text(lines.slice(3, 6)))],
      ['eventlog_v2_app-1/events_10_app-1', text(lines.slice(6))],
      ...[3, 4, 5, 6, 7, 8, 9].map((number) => [`eventlog_v2_app-1/events_${number}_app-1`, ''] as const),
      ['eventlog_v2_app-1/appstatus_app-1', ''],
    ],
    'Databricks’ deliveries below the cluster': [
      ['1120-cluster/eventlog/1120-cluster_10_0_0_1/77/eventlog-2026-11-20--00-00.gz', gzipSync(text(lines.slice(0, cut)))],
      ['1120-cluster/eventlog/1120-cluster_10_0_0_1/77/eventlog', text(lines.slice(cut))],
      ['1120-cluster/driver/log4j-active.log', 'INFO nothing of Spark’s events'],
    ],
    'attempts, of which the last one counts': [
      ['application_1763_0001_1', text(lines.slice(0, 5))],
      ['application_1763_0001_2', text(lines)],
    ],
    'a file beside checksums and hidden files': [
      ['local-1763600000000', text(lines)],
      ['.local-1763600000000.crc', 'crc'],
      ['_SUCCESS', ''],
    ],
  };

  test.each(Object.entries(layouts))('are the same from %s', async (_, files) => {
    const at = folder();
    for (const [path, content] of files) write(at, path, content);

    const stages = await told(at);

    expect(stages).toMatchObject([summary]);
    expect(stages).not.toMatchObject([{ partial: expect.anything() }]);
  });

  test('end as their last attempt did, and failed and killed tasks are in no quantile', async () => {
    const at = folder();
    const again = { 'Stage Attempt ID': 1, 'Failure Reason': 'Job aborted: OutOfMemoryError' };
    const other = [
      ...[1, 2, 3].map((durationMs) => taskEnd({ attempt: 1, durationMs })),
      taskEnd({ attempt: 1, durationMs: 9000, reason: { Reason: 'ExecutorLostFailure' } }),
      taskEnd({ attempt: 1, durationMs: 8000, reason: { Reason: 'TaskKilled' }, killed: true }),
    ];
    write(at, 'eventlog', text([...lines.slice(0, -1), ...other, stageLine('Completed', again)]));

    expect(await told(at)).toMatchObject([
      {
        ...{ attempt: 1, status: 'failed', tasks: 3, failedTasks: 1, taskMs: { max: 3 } },
        failure: 'Job aborted: OutOfMemoryError',
      },
    ]);
  });

  test('are not told by the few tasks of a retry alone', async () => {
    const at = folder();
    const lost = stageLine('Completed', { 'Number of Tasks': 4, 'Failure Reason': 'FetchFailed' });
    const retry = { 'Stage Attempt ID': 1, 'Number of Tasks': 1 };
    write(
      at,
      'eventlog',
      text([...lines.slice(0, -2), lost, taskEnd({ attempt: 1, durationMs: 5 }), stageLine('Completed', retry)]),
    );

    const [only] = await stagesAt(at);

    expect(only).toMatchObject({ attempt: 1, status: 'complete', tasks: 4, durationMs: 2000, taskMs: { min: 5, max: 90 } });
    expect(only).toMatchObject({ totalShuffleReadBytes: 1230 + 1010 });
    expect(only).not.toHaveProperty('failure');
  });

  const rdd = (id: number, ...parents: readonly number[]) => ({ 'RDD ID': id, Name: 'MapPartitionsRDD', 'Parent IDs': parents });
  test.each([
    ['by the RDD that they computed, where the parent that is named was skipped', [rdd(21, 20), rdd(20, 11)], [7], [1]],
    ['by their ids, where the log has no RDDs', [], [1], [1]],
    ['not at all, where the log does not have the writer', [rdd(21, 20), rdd(20, 99)], [1], undefined],
    ['not at all, where the named parent was skipped', [], [7], undefined],
    ['as none, where nothing is fetched', [rdd(21, 20), rdd(20)], [], []],
  ])('tell the stages that wrote what they read %s', async (_, rdds, parents, expected) => {
    const at = folder();
    const writer = { 'Stage ID': 1, 'Parent IDs': [], 'RDD Info': [rdd(11, 10), rdd(10)] };
    const reader = { 'Stage ID': 2, 'Parent IDs': parents, 'RDD Info': rdds };
    write(at, 'eventlog', text([...lines.slice(0, 3), stageLine('Completed', writer), stageLine('Completed', reader)]));

    expect((await stagesAt(at))[1]?.parents).toEqual(expected);
  });

  test('do not tell a writer that could be one of two', async () => {
    const at = folder();
    const writer = (id: number) => stageLine('Completed', { 'Stage ID': id, 'Parent IDs': [], 'RDD Info': [rdd(11)] });
    const reader = stageLine('Completed', { 'Stage ID': 9, 'RDD Info': [rdd(21, 11)] });
    write(at, 'eventlog', text([...lines.slice(0, 3), writer(1), writer(2), reader]));

    expect((await stagesAt(at))[2]).not.toHaveProperty('parents');
  });

  test.each([
    ['ends in the middle of a line', [['eventlog', text(lines).slice(0, -30)]], /ends in the middle of a line$/],
    [
      'is a gzip that ends too early',
      [['local-1.gz', gzipSync(text(lines)).subarray(0, -12)]],
      /local-1\.gz: unexpected end of file$/,
    ],
    [
      'is a zstd that ends too early',
      [['local-1.zstd', readFileSync('test/fixtures/spark/local-1763600000000.zstd').subarray(0, -4)]],
      /local-1\.zstd: unexpected EOF$/,
    ],
    ['has lines that are no events', [['eventlog', text([...lines, 'garbage', '{"x":1}'])]], /^lines that are no events: 2$/],
    ['has events of another shape', [['eventlog', text([...lines, '{"Event":"SparkListenerTaskEnd"}'])]], /not Spark's: 1$/],
    [
      'lacks a file in its middle',
      [
        ['eventlog_v2_app-1/events_1_app-1', text(lines.slice(0, 6))],
        ['eventlog_v2_app-1/events_3_app-1', text(lines.slice(6))],
      ],
      /^files in the middle of the log are missing$/,
    ],
    ['lacks its first files', [['eventlog_v2_app-1/events_4_app-1', text(lines)]], /^the log begins with its file 4$/],
    [
      'was compacted',
      [
        ['eventlog_v2_app-1/events_3_app-1.compact', text(lines.slice(0, 6))],
        ['eventlog_v2_app-1/events_4_app-1', text(lines.slice(6))],
      ],
      /^Spark compacted the log/,
    ],
  ] as const)('of a log that %s are partial, and say so', async (_, files, why) => {
    const at = folder();
    for (const [path, content] of files) write(at, path, content);

    expect(await told(at)).toMatchObject([{ partial: expect.stringMatching(why) }]);
  });

  test.each([
    ['lz4', 'LZ4Block…'],
    ['snappy', Buffer.from('82534e41505059000000000100000001', 'hex')],
    ['lzf', 'ZV\u0001more'],
  ])('packed with %s are unreadable, and the codec is named with what to do', async (codec, content) => {
    const at = folder();
    write(at, 'local-1.x', content);

    expect(await told(at)).toMatch(
      new RegExp(`^unreadable: .*${codec} is not read: set spark.eventLog.compression.codec to zstd`),
    );
  });

  test.each([
    ['damaged gzip', Buffer.from('1f8b0800000000000003ffff', 'hex')],
    ['damaged zstd', Buffer.from('28b52ffd0058ffffffffff', 'hex')],
    ['a zstd window that would fill the memory', Buffer.from('28b52ffd00a8010000', 'hex')],
    ['no log at all', 'hello\nworld\n'],
    ['nothing', ''],
  ])('that are %s are unreadable, not empty', async (_, content) => {
    const at = folder();
    write(at, 'local-1', content);

    expect(await told(at)).toMatch(/^unreadable: /);
  });

  test('of a folder that is not there are absent, and say so', async () => {
    expect(await told('/nowhere')).toBe('absent: no folder /nowhere');
  });

  test('are not looked for outside the folder, whatever a cluster is called', async () => {
    const at = folder();
    write(at, 'outside/eventlog', text(lines));
    write(at, 'logs/app-1-1', text([logStart, applicationStart('app-1-1', 0), ...lines.slice(3)]));
    const task = { ...run.tasks[0], runId: '3', taskKey: 't', outcome: 'succeeded', startedAt: '', endedAt: null } as const;

    expect(await told(join(at, 'logs'), { ...run, tasks: [{ ...task, clusterId: '../outside' }] })).toMatchObject([
      { source: 'event log of app-1-1, the only one there' },
    ]);
  });

  test('of a run without clusters are absent', async () => {
    expect(await told('/nowhere', { ...run, tasks: [] })).toMatch(/^absent/);
  });

  test('quantiles never leave the least and the greatest task', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1_000_000), { minLength: 1, maxLength: 60 }), (durations) => {
        const fold = foldStages();
        const info = { name: '', tasks: durations.length, submitted: 0, completed: 1, failure: null, lineage: null, parents: [] };
        fold.add({ what: 'stage', stage: 1, attempt: 0, ...info });
        const rest = { runMs: 0, gcMs: 0, memorySpilledBytes: 0, diskSpilledBytes: 0, shuffleReadBytes: 0 };
        const more = { shuffleWriteBytes: 0, inputBytes: 0, peakExecutionMemoryBytes: 0 };
        for (const durationMs of durations)
          fold.add({ what: 'task', stage: 1, attempt: 0, end: 'succeeded', metrics: { durationMs, ...rest, ...more } });
        const [only] = fold.stages();
        const { min, p25, median, p75, p95, max } = only?.summary.taskMs ?? { min: 0, p25: 0, median: 0, p75: 0, p95: 0, max: 0 };
        expect([min, p25, median, p75, p95, max]).toEqual([min, p25, median, p75, p95, max].sort((a, b) => a - b));
        expect([min, max]).toEqual([Math.min(...durations), Math.max(...durations)]);
      }),
    );
  });

  test('however its tasks are spread over attempts, a stage has the same sums and ends', () => {
    const rest = { runMs: 1, gcMs: 1, memorySpilledBytes: 2, diskSpilledBytes: 0, shuffleReadBytes: 3, inputBytes: 0 };
    const metrics = { ...rest, shuffleWriteBytes: 4, peakExecutionMemoryBytes: 5 };
    const folded = (parts: readonly (readonly number[])[]) => {
      const fold = foldStages();
      const info = { name: '', submitted: 0, completed: 9, failure: null, lineage: null, parents: [] };
      const tasks = parts.flat().length;
      for (const [attempt, durations] of parts.entries()) {
        fold.add({ what: 'stage', stage: 1, attempt, tasks, ...info });
        for (const durationMs of durations)
          fold.add({ what: 'task', stage: 1, attempt, end: 'succeeded', metrics: { durationMs, ...metrics } });
      }
      const [only, ...others] = fold.stages();
      expect(others).toEqual([]);
      const { taskMs, attempt: _, durationMs: _of, ...sums } = only?.summary ?? { taskMs: null };
      return { ...sums, ends: [taskMs?.min, taskMs?.max] };
    };
    const durations = fc.array(fc.nat(1_000_000), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(fc.array(durations, { minLength: 2, maxLength: 4 }), (parts) => {
        expect(folded(parts)).toEqual(folded([parts.flat()]));
      }),
    );
  });

  test('a stage whose last attempt goes on has no duration', () => {
    const fold = foldStages();
    const info = { name: '', tasks: 2, submitted: 0, failure: null, lineage: null, parents: [] } as const;
    fold.add({ what: 'stage', stage: 1, attempt: 0, ...info, completed: 900, failure: 'FetchFailed' });
    fold.add({ what: 'stage', stage: 1, attempt: 1, ...info, completed: null });

    expect(fold.stages()).toMatchObject([{ summary: { status: 'active', durationMs: 0 } }]);
  });

  test('arbitrary bytes in a log neither throw nor hang', async () => {
    const starts = ['', '1f8b08', '28b52ffd', '28b52ffd0458', '4c5a34426c6f636b', '5a56'].map((hex) => Buffer.from(hex, 'hex'));
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...starts),
        fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 4 }),
        async (start, parts) => {
          const log = {
            path: 'x',
            bytes: async function* () {
              yield* [start, ...parts, Buffer.from(`\n${lines[4]}`)];
            },
          };
          const read = await readLog([log]);
          expect(read.stages).toEqual([]);
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('a log that is larger than what is read', () => {
  const log = {
    path: 'local-1',
    bytes: async function* () {
      for (const line of lines) yield Buffer.from(`${line}\n`);
    },
  };
  const bounds = { packedBytes: 1e9, textBytes: 1e9, milliseconds: 60_000 };

  test.each([
    ['bytes', { ...bounds, packedBytes: 5 * 1024 }, /reading stopped after 0\.00\d+ MiB$/],
    ['text', { ...bounds, textBytes: 5 * 1024 }, /reading stopped after 0\.00\d+ MiB of text$/],
    ['time', { ...bounds, milliseconds: -1 }, /reading stopped after -0\.001 s$/],
  ])('is read as far as its %s go, and says so', async (_, few, why) => {
    const read = await readLog([log], few);

    expect(read.gaps).toEqual([expect.stringMatching(why)]);
    expect((await readLog([log], bounds)).gaps).toEqual([]);
  });

  test('of lines that never end holds none of them', () => {
    const taken: string[] = [];
    const cutter = cutLines(
      (line) => taken.push(line.toString()),
      () => false,
    );
    for (let count = 0; count < 1000; count++) cutter.push(Buffer.alloc(4096, 'x'));
    cutter.push(Buffer.from('\nnext\n'));

    expect(taken).toEqual(['next']);
  });
});

describe('the application of a run', () => {
  const during = Date.parse(run.startedAt) + 1000;
  const earlier = Date.parse(run.startedAt) - 86_400_000;
  const tag = (clusterId: string) => environment({ 'spark.databricks.clusterUsageTags.clusterId': clusterId });
  const application = (id: string, started: number, cluster: string | null = null, name = 'orders') =>
    text([logStart, ...(cluster === null ? [] : [tag(cluster)]), applicationStart(id, started, name), ...lines.slice(3)]);
  const sourcesIn = async (files: Readonly<Record<string, string>>, of: Run | null = run, asked: string | null = null) => {
    const at = folder();
    for (const [path, content] of Object.entries(files)) write(at, path, content);
    const stages = await told(at, of, asked);
    return typeof stages === 'string' ? stages : stages.map(({ source }) => source);
  };

  test.each([
    [
      'is the one that ran on its cluster',
      { 'app-1-1': application('app-1-1', during, 'other'), 'app-1-2': application('app-1-2', during, '1120-cluster') },
      ['event log of app-1-2'],
    ],
    [
      'is the one that started while it went on',
      { 'app-1-1': application('app-1-1', earlier), 'app-1-2': application('app-1-2', during) },
      ['event log of app-1-2'],
    ],
    [
      'is the only one that is there, and that is said',
      { 'app-1-1': application('app-1-1', earlier) },
      ['event log of app-1-1, the only one there'],
    ],
    [
      'is none of two that started while it went on',
      { 'app-1-1': application('app-1-1', during), 'app-1-2': application('app-1-2', during) },
      'unreadable: 2 Spark applications started during the run (app-1-1, app-1-2)',
    ],
    [
      'is none of those of other days',
      { 'app-1-1': application('app-1-1', earlier), 'app-1-2': application('app-1-2', earlier + 1) },
      'absent: none of the Spark applications there (2) started during run 1 or ran on its clusters',
    ],
    [
      'is not the only one, where that ran on another cluster',
      { 'app-1-1': application('app-1-1', during, 'other') },
      'absent: none of the Spark applications there (1) started during run 1 or ran on its clusters',
    ],
  ])('%s', async (_, files, expected) => {
    expect(await sourcesIn(files)).toEqual(expected);
  });

  test('that was there before the run tells only the stages of the run’s time', async () => {
    const later = { ...run, startedAt: '2025-11-20T02:00:00Z', endedAt: '2025-11-20T03:00:00Z' };
    const own = stageLine('Completed', { 'Stage ID': 9, 'Submission Time': Date.parse('2025-11-20T02:30:00Z') });
    const at = folder();
    write(at, '1120-cluster/eventlog/a/7/eventlog', text([application('x', earlier).trimEnd(), own]));

    expect((await told(at, later)).length).toBe(1);
    expect(await told(at, later)).toMatchObject([{ stageId: 9 }]);
  });

  test('is every one of its cluster that has stages of the run’s time, however often the cluster was started', async () => {
    const logOf = (id: string, started: number, stageId: number, submitted = started) => {
      const own = stageLine('Completed', { 'Stage ID': stageId, 'Submission Time': submitted });
      return text([logStart, applicationStart(id, started), own]);
    };
    const after = Date.parse(run.endedAt ?? '') + 3_600_000;
    const started = {
      before: logOf('app-1-1', earlier, 1),
      during: logOf('app-1-2', during, 2),
      after: logOf('app-1-3', after, 3),
    };
    const at = folder();
    for (const [context, content] of Object.entries(started)) write(at, `1120-cluster/eventlog/a/${context}/eventlog`, content);

    expect((await told(at)).length).toBe(1);
    expect(await told(at)).toMatchObject([{ stageId: 2, source: 'event log of app-1-2' }]);
  });

  test('is none of its cluster where no stage is of the run’s time', async () => {
    const at = folder();
    write(at, '1120-cluster/eventlog/a/7/eventlog', application('app-1-1', earlier).replaceAll('1763600000000', String(earlier)));

    expect(await told(at)).toBe('absent: the event logs have no stages of the run');
  });

  test.each([
    ['is the newest finished one', {}, null, ['event log of app-1-2']],
    ['is the one that the alert names by id', {}, 'app-1-1', ['event log of app-1-1']],
    [
      'is none, where the alert names one that is not there',
      {},
      'app-9',
      'absent: none of the Spark applications there (3) is app-9',
    ],
    [
      'is none of several names',
      { 'app-1-4': application('app-1-4', during, null, 'clicks') },
      null,
      'unreadable: 4 Spark applications are there (orders, clicks); without a workspace the alert must name one by a label application_id or application_name',
    ],
    [
      'is the newest of the name that the alert gives',
      { 'app-1-4': application('app-1-4', earlier, null, 'clicks') },
      'clicks',
      ['event log of app-1-4'],
    ],
  ] as const)('without a run %s', async (_, more, asked, expected) => {
    const files = {
      'app-1-1': application('app-1-1', earlier),
      'app-1-2': application('app-1-2', during),
      'app-1-3.inprogress': application('app-1-3', during + 5),
    };
    expect(await sourcesIn({ ...files, ...more }, null, asked)).toEqual(expected);
  });
});

describe('event logs of a workspace', () => {
  async function twin() {
    const { plant, reads } = await startRehearsal(['oom', 'lag']);
    closing.push(() => plant.close());
    const read = async (name: 'oom' | 'lag') => {
      const runs = await reads.workspace?.runs(jobIds[name], 5);
      if (runs?.known !== true) throw new Error('no runs');
      return runs.value;
    };
    return { plant, reads, read, logs: createWorkspaceLogs(connectionOf(plant)) };
  }

  test('are found at the cluster log destination and read in parts', async () => {
    const { reads, read } = await twin();
    const latest = latestFinished(await read('oom'));
    if (latest === null) throw new Error('no run');

    const stages = await reads.stages?.stages(latest, null);

    expect(stages?.known === true && stages.value.map((one) => one.status)).toEqual(['complete', 'complete', 'failed']);
  });

  test('of a cluster without a log destination are absent, and say so', async () => {
    const { read, logs } = await twin();
    const cluster = (await read('lag'))[0]?.tasks[0]?.clusterId ?? '';

    expect(await logs.logs(cluster)).toEqual({ known: false, why: 'absent: the cluster has no log destination' });
  });

  test.each(['s3://bucket/logs', 'abfss://x@y/logs', 'gs://bucket/logs'])(
    'at %s are absent: another system holds them',
    async (destination) => {
      const { plant, logs } = await twin();
      const text = JSON.parse(plant.databricks.settingsText(jobIds.oom) ?? '{}');
      text.job_clusters[0].new_cluster.cluster_log_conf = { s3: { destination } };
      plant.databricks.edit(jobIds.oom, JSON.stringify(text));
      plant.pipeline.runNow(jobIds.oom);
      plant.clock.advance(3_600_000);
      const cluster = plant.pipeline.runs(jobIds.oom).at(-1)?.attempts[0]?.cluster?.clusterId ?? '';

      const found = await logs.logs(cluster);

      expect(found.known ? '' : found.why).toMatch(/^absent: (?:s3|abfss|gs) is not readable/);
    },
  );

  test('a cluster that nobody knows is missing', async () => {
    const { logs } = await twin();

    const found = await logs.logs('0000-none');

    expect(found.known ? '' : found.why).toMatch(/^missing: /);
  });
});
