import { batchSettings, batchWorkload, failedAlert, grown, scan, shuffle } from './batch-workloads.ts';
import { gib } from './bytes.ts';
import { jobIds } from './job-ids.ts';
import type { BatchWorkload, Workload } from './workload.ts';

/** What a bundle deployment puts into the settings of its jobs: edits by hand and by other tools are unwanted. */
export const bundleMark = {
  deployment: { kind: 'BUNDLE', metadata_file_path: '/Workspace/Shared/.bundle/finance/prod/state/metadata.json' },
  edit_mode: 'UI_LOCKED',
} as const;

/**
 * As `oom`, but it runs once a day and nothing may start it again in between: whether a change helped is known the next night. The last
 * run failed one hour before the start. Cured by what cures `oom`: `spark.sql.shuffle.partitions` ≥ 300 and the others.
 */
export function nightlyWorkload(start: Date): Workload {
  const daily = new Date(start.getTime() - 3_600_000);
  const schedule = { kind: 'daily', hour: daily.getUTCHours(), minute: daily.getUTCMinutes() } as const;
  const cron = `0 ${schedule.minute} ${schedule.hour} * * ?`;
  const more = { schedule: { quartz_cron_expression: cron, timezone_id: 'UTC', pause_status: 'UNPAUSED' } };
  const conf = { 'spark.sql.shuffle.partitions': '200' };
  const settings = batchSettings('prices-nightly', 'build_prices', 'm5.2xlarge', 4, conf, more);
  const alert = failedAlert('SparkJobOutOfMemory', 'nightly', 'prices-nightly');
  const work = joinOf('build_prices', start, 90);
  return { name: 'nightly', jobId: jobIds.nightly, settings, schedule, historyHours: 8 * 24, work, alert };
}

/**
 * As `oom`, defined by a bundle resource (jobs/bundle/resources/ledger_rollup.yml) and deployed by the team's own pipeline: its settings
 * carry the bundle's mark. Cured by `spark.sql.shuffle.partitions` ≥ 480.
 */
export function bundleWorkload(start: Date): Workload {
  const conf = { 'spark.sql.shuffle.partitions': '320' };
  const settings = batchSettings('ledger-rollup', 'rollup_ledger', 'm5.2xlarge', 4, conf, bundleMark);
  return batchWorkload(
    'bundle',
    start,
    settings,
    joinOf('rollup_ledger', start, 144),
    failedAlert('SparkJobOutOfMemory', 'bundle', 'ledger-rollup'),
  );
}

/**
 * As `oom`, but its code takes the Spark settings from jobs/spark-defaults.conf of the commit that it runs from (`git_source`): a merge acts at
 * the next run, and the job's settings never change. Cured by `spark.sql.shuffle.partitions` ≥ 300 in that file.
 */
export function confWorkload(start: Date): Workload {
  const source = { git_url: 'https://github.com/acme/pipelines', git_provider: 'gitHub', git_branch: 'main' };
  const settings = batchSettings('features-build', 'build_features', 'm5.2xlarge', 4, {}, { git_source: source });
  const alert = failedAlert('SparkJobOutOfMemory', 'conf', 'features-build');
  const made = batchWorkload('conf', start, settings, joinOf('build_features', start, 90), alert);
  return { ...made, confFile: 'jobs/spark-defaults.conf' };
}

/** A join whose data doubled two hours before the start. */
function joinOf(taskKey: string, start: Date, gibBefore: number): BatchWorkload {
  const size = grown(start, gibBefore * gib, 2);
  return {
    kind: 'batch',
    taskKey,
    operation: 'join',
    scan,
    shuffle,
    input: (at) => ({ scanBytes: size(at) * 1.2, shuffleBytes: size(at), hotShare: 0 }),
  };
}
