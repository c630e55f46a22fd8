import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lineStart, readSparkLine } from '../../src/schema/spark-event.ts';
import { applicationStart, environment, stageLine, taskEnd } from '../support/spark-log.ts';

const read = (line: string) => readSparkLine(Buffer.from(line));
const event = (line: string) => {
  const found = read(line);
  return found.is === 'event' ? found.event : found.is;
};

describe('the end of a task', () => {
  test.each([
    ['succeeded', 'succeeded', { durationMs: 100 }],
    [
      'threw',
      'failed',
      { reason: { Reason: 'ExceptionFailure', 'Class Name': 'java.lang.OutOfMemoryError', Description: 'heap' } },
    ],
    [
      'lost its executor',
      'failed',
      { reason: { Reason: 'ExecutorLostFailure', 'Executor ID': '3', 'Exit Caused By App': true } },
    ],
    ['could not fetch', 'failed', { reason: { Reason: 'FetchFailed', 'Shuffle ID': 1 } }],
    ['was run again', 'failed', { reason: { Reason: 'Resubmitted' } }],
    [
      'was a copy that was not needed',
      'killed',
      { reason: { Reason: 'TaskKilled', 'Kill Reason': 'another attempt' }, killed: true },
    ],
    ['was not let commit', 'killed', { reason: { Reason: 'TaskCommitDenied', 'Job ID': 1 } }],
  ] as const)('that %s is %s', (_, end, change) => {
    expect(event(taskEnd(change))).toMatchObject({ what: 'task', end, ...(end === 'succeeded' ? {} : { metrics: null }) });
  });

  test('tells its metrics, remote and local bytes together', () => {
    expect(event(taskEnd({ durationMs: 40, readBytes: 90, spilledBytes: 3 }))).toMatchObject({
      metrics: {
        ...{ durationMs: 40, runMs: 40, gcMs: 2, memorySpilledBytes: 3, diskSpilledBytes: 3 },
        ...{ shuffleReadBytes: 100, shuffleWriteBytes: 7, inputBytes: 0, peakExecutionMemoryBytes: 262_144 },
      },
    });
  });

  test.each([
    ['has no metrics', taskEnd({ metrics: null })],
    ['has null for metrics', taskEnd({ metrics: null }).replace(/}$/, ',"Task Metrics":null}')],
  ])('counts without numbers where the log %s', (_, line) => {
    expect(event(line)).toMatchObject({ end: 'succeeded', metrics: null });
  });

  test('of Spark 2 without newer fields is read', () => {
    const line =
      '{"Event":"SparkListenerTaskEnd","Stage ID":0,"Stage Attempt ID":0,"Task Type":"ResultTask","Task End Reason":{"Reason":"Success"},"Task Info":{"Task ID":0,"Index":0,"Attempt":0,"Launch Time":100,"Executor ID":"driver","Host":"localhost","Locality":"PROCESS_LOCAL","Speculative":false,"Getting Result Time":0,"Finish Time":150,"Failed":false,"Killed":false,"Accumulables":[]},"Task Metrics":{"Executor Deserialize Time":1,"Executor Run Time":40,"Result Size":900,"JVM GC Time":0,"Result Serialization Time":0,"Memory Bytes Spilled":0,"Disk Bytes Spilled":0,"Input Metrics":{"Bytes Read":512,"Records Read":3},"Updated Blocks":[]}}';
    expect(event(line)).toMatchObject({ stage: 0, metrics: { durationMs: 50, inputBytes: 512, shuffleReadBytes: 0 } });
  });

  test('reads the same whatever stands in its accumulators, and in whatever order its keys come', () => {
    const hostile = fc
      .string()
      .map((text) => ({ ID: 1, Name: `"Task Metrics":{${text}`, Update: [[text]], Value: { a: '"Accumulables":[' } }));
    fc.assert(
      fc.property(fc.array(hostile, { maxLength: 3 }), fc.boolean(), (accumulables, turned) => {
        const value = JSON.parse(taskEnd());
        value['Task Info'].Accumulables = accumulables;
        const entries = Object.entries(value);
        const line = JSON.stringify(Object.fromEntries(turned ? [entries[0] ?? [], ...entries.slice(1).reverse()] : entries));
        expect(event(line)).toEqual(event(taskEnd()));
      }),
    );
  });
});

describe('a stage', () => {
  test('that failed tells why, cut', () => {
    const line = stageLine('Completed', { 'Failure Reason': `Job aborted ${'x'.repeat(900)}` });
    const found = event(line);
    expect(typeof found === 'object' && found.what === 'stage' && found.failure).toMatch(/^Job aborted x{388}$/);
  });

  test('that was only submitted has no end', () => {
    expect(event(stageLine('Submitted'))).toMatchObject({ completed: null, failure: null, submitted: 1_763_600_000_000 });
  });
});

describe('an application', () => {
  test('tells its id, its name and when it started', () => {
    expect(event(applicationStart('application_1_2', 5))).toEqual({
      what: 'application',
      id: 'application_1_2',
      name: 'orders',
      started: 5,
    });
  });

  test('tells the cluster that Databricks names in its conf', () => {
    const tags = {
      'spark.databricks.clusterUsageTags.clusterId': '1120-a',
      'spark.databricks.clusterUsageTags.clusterName': 'job-1-run-2-main',
    };
    expect(event(environment(tags))).toEqual({ what: 'environment', clusterId: '1120-a', clusterName: 'job-1-run-2-main' });
  });
});

describe('a line', () => {
  test.each([
    ['of an event that nobody asks for', '{"Event":"SparkListenerTaskStart","Stage ID":1}', 'other'],
    ['of an SQL event with its package', '{"Event":"org.apache.spark.sql.execution.ui.SparkListenerSQLExecutionStart"}', 'other'],
    ['of an event named like a method', '{"Event":"toString"}', 'other'],
    ['that is no event', '2026-11-20 INFO started', 'strange'],
    ['that is cut', taskEnd().slice(0, 300), 'malformed'],
    ['whose ids are texts', '{"Event":"SparkListenerTaskEnd","Stage ID":"x","Task Info":{}}', 'malformed'],
    ['whose numbers are too large for a number', stageLine('Completed').replace('"Stage ID":3', '"Stage ID":1e999'), 'malformed'],
  ])('%s is %s', (_, line, is) => {
    expect(read(line).is).toBe(is);
  });

  test('never throws, whatever it holds', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 400 }),
        fc.constantFrom('', '{"Event":"SparkListenerTaskEnd",', '{"Event":"SparkListenerStageCompleted","Stage Info":'),
        (bytes, start) => {
          const line = Buffer.concat([Buffer.from(start), bytes]);
          expect(['event', 'other', 'strange', 'malformed']).toContain(readSparkLine(line).is);
          expect(['wanted', 'other', 'strange']).toContain(lineStart(line));
        },
      ),
    );
  });
});
