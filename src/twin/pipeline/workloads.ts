import { broadcastWorkload, outOfMemoryWorkload, skewWorkload, unsplittableWorkload } from './batch-workloads.ts';
import { bundleWorkload, confWorkload, nightlyWorkload } from './delivered-workloads.ts';
import type { WorkloadName } from './job-ids.ts';
import { cappedLagWorkload, healthyWorkload, kinesisWorkload, lagWorkload, narrowLagWorkload } from './stream-workloads.ts';
import type { Workload } from './workload.ts';

export { jobIds, type WorkloadName } from './job-ids.ts';

/**
 * The rehearsed jobs. `start` is the instant at which the rehearsal begins; what goes wrong went wrong shortly before it.
 * Each function's comment says what is wrong and which settings cure it in the model; every other setting leaves it as it is.
 */
export function workload(name: WorkloadName, start: Date): Workload {
  return makers[name](start);
}

const makers: Readonly<Record<WorkloadName, (start: Date) => Workload>> = {
  oom: outOfMemoryWorkload,
  skew: skewWorkload,
  lag: lagWorkload,
  lagNarrow: narrowLagWorkload,
  lagCapped: cappedLagWorkload,
  bad: unsplittableWorkload,
  healthy: healthyWorkload,
  kinesis: kinesisWorkload,
  nightly: nightlyWorkload,
  bundle: bundleWorkload,
  conf: confWorkload,
  broadcast: broadcastWorkload,
};
