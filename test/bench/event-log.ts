import { spawnSync } from 'node:child_process';
import { createWriteStream, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { applicationEnd, applicationStart, environment, logStart, stageLine, taskEnd } from '../support/spark-log.ts';
import { atMost, type Row } from './measure.ts';

const TASKS = 200_000;
const PRINT_USE =
  'process.on("exit",()=>{const u=process.resourceUsage();process.stderr.write("peak "+u.maxRSS+" cpu "+(u.userCPUTime+u.systemCPUTime))})';
const ALERT = {
  ...{ version: '4', groupKey: 'g', truncatedAlerts: 0, status: 'firing', receiver: 'sluice' },
  alerts: [
    {
      status: 'firing',
      labels: { alertname: 'SparkStageSkew' },
      annotations: {},
      startsAt: '2026-11-20T02:00:00Z',
      fingerprint: 'f',
    },
  ],
};

/** `sluice investigate` on an event log of 200,000 tasks in a process of its own, from its start to its end: seconds and peak memory. */
export async function eventLogRows(): Promise<readonly Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
  try {
    // Whatever is older than src is built by the first start, which is not measured.
    spawnSync(process.execPath, [resolve('bin/sluice.js'), '--help']);
    const [plain, packed] = [join(folder, 'local-1'), join(folder, 'local-2.gz')];
    await pipeline(Readable.from(lines()), createWriteStream(plain));
    await pipeline(Readable.from(lines()), createGzip({ level: 1 }), createWriteStream(packed));
    writeFileSync(join(folder, 'alert.json'), JSON.stringify(ALERT));
    const megabytes = ` (${Math.round(statSync(plain).size / 1e6)} MB of text)`;
    return [plain, packed].flatMap((log) => rowsOf(folder, log, log === plain ? `, plain${megabytes}` : `, gzip${megabytes}`));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function rowsOf(folder: string, log: string, kind: string): readonly Row[] {
  const args = ['investigate', '--alert', join(folder, 'alert.json'), '--spark', log, '--json'];
  const begun = performance.now();
  const preload = ['--import', `data:text/javascript,${encodeURIComponent(PRINT_USE)}`];
  const ended = spawnSync(process.execPath, [...preload, resolve('bin/sluice.js'), ...args], { encoding: 'utf8' });
  const seconds = (performance.now() - begun) / 1000;
  const [, peak, cpu] = /peak (\d+) cpu (\d+)/.exec(ended.stderr) ?? [];
  if (ended.status !== 0 || !ended.stdout.includes('"name":"skew_ratio"') || !ended.stdout.includes('"value":91'))
    throw new Error(`the event log was not read: ${ended.stdout.slice(0, 500)}${ended.stderr.slice(0, 500)}`);
  return [
    atMost(
      `event log of ${TASKS.toLocaleString('en')} tasks${kind}`,
      seconds,
      4,
      ' s',
      ` (${(Number(cpu) / 1e6).toFixed(2)} s of CPU)`,
    ),
    atMost('  peak memory', Math.round(Number(peak) / 1024), 300, ' MB'),
  ];
}

function* lines(): Generator<string> {
  yield `${[logStart, environment(), applicationStart('local-1'), stageLine('Submitted')].join('\n')}\n`;
  for (let index = 0; index < TASKS; index++)
    yield `${taskEnd({ index, launched: 1_763_600_000_000 + index, durationMs: index === 77 ? 91_000 : 1000, readBytes: 1_000_000 + index })}\n`;
  yield `${stageLine('Completed', { 'Number of Tasks': TASKS })}\n${applicationEnd}\n`;
}
