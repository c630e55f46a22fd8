import type { JobFacts } from './job-facts.ts';
import { isAtLeast } from './runtime.ts';
import { parseSize } from './size.ts';
import { AQE, COALESCING, sparkKeys } from './spark-conf-table.ts';

/** What a value would need to do anything, and what is there instead. */
export interface Idle {
  readonly expected: string;
  readonly observed: string;
}

const PARTITIONS = 'spark.sql.shuffle.partitions';
const INITIAL = 'spark.sql.adaptive.coalescePartitions.initialPartitionNum';
const ADVISORY = 'spark.sql.adaptive.advisoryPartitionSizeInBytes';
const THRESHOLD = 'spark.sql.adaptive.skewJoin.skewedPartitionThresholdInBytes';

/** The value in force for a key: what the cluster sets, else the runtime's own default; null when neither is known. */
export function effectiveConf(key: string, { cluster }: JobFacts): string | null {
  const set = Object.hasOwn(cluster.sparkConf, key) ? cluster.sparkConf[key] : undefined;
  if (set !== undefined) return set;
  // Databricks made it the default in 7.3, Spark in 3.2.
  if (key === AQE && cluster.runtime !== null && !isAtLeast(cluster.runtime.databricks, [7, 3])) return 'false';
  return Object.hasOwn(sparkKeys, key) ? (sparkKeys[key]?.unset ?? null) : null;
}

/** Why a value of a key on the allow-list would do nothing for this job, in plain words; null where it may do something. */
export function idleBecause(key: string, text: string, job: JobFacts): Idle | null {
  return notHere(key, job) ?? notSwitchedOn(key, job) ?? besideOthers(key, text, job);
}

/** Streams, Photon and older runtimes. */
function notHere(key: string, { streaming, cluster }: JobFacts): Idle | null {
  const known = sparkKeys[key];
  if (known === undefined) return null;
  if (streaming && known.streaming === 'pinned') return idle('a value read at each start', 'pinned in the checkpoint');
  if (streaming && known.streaming === 'ineffective') return idle('a batch query', 'AQE does not apply to streams');
  if (cluster.photon && known.photon === 'ineffective') return idle('a JVM executor', 'Photon does not use it');
  if (cluster.runtime === null || isAtLeast(cluster.runtime.spark, known.since)) return null;
  const { databricks, spark } = cluster.runtime;
  return idle(
    `Spark ${known.since.join('.')} or later`,
    `runtime ${databricks.join('.')} with Spark ${spark.join('.')}, which does not know it`,
  );
}

function notSwitchedOn(key: string, job: JobFacts): Idle | null {
  const off = sparkKeys[key]?.needs.find((need) => isOff(need, job));
  return off === undefined ? null : idle(`${off} on`, `${off} is off, and without it this does nothing`);
}

function isOff(key: string, job: JobFacts): boolean {
  return effectiveConf(key, job)?.trim().toLowerCase() === 'false';
}

/** Keys that decide in another's place, and sizes that make another pointless. */
function besideOthers(key: string, text: string, job: JobFacts): Idle | null {
  const [partitions, initial] = [effectiveConf(PARTITIONS, job), effectiveConf(INITIAL, job)];
  if (key === INITIAL && partitions === 'auto')
    return idle(`${PARTITIONS} with a number`, `${PARTITIONS} is auto: Databricks chooses`);
  if (key === PARTITIONS && text === 'auto' && isOff(AQE, job)) return idle(`${AQE} on`, `${AQE} is off, and auto needs it`);
  if (key === PARTITIONS && initial !== null && partitions !== 'auto' && !isOff(AQE, job) && !isOff(COALESCING, job))
    return idle(`no ${INITIAL}`, `${INITIAL} is ${initial} and decides while adaptive execution is on`);
  const size = parseSize(text);
  const advisory = parseSize(effectiveConf(ADVISORY, job) ?? '');
  if (key === THRESHOLD && size !== null && advisory !== null && size < advisory)
    return idle(`at least ${ADVISORY}, ${effectiveConf(ADVISORY, job)}`, `${text}: a partition below that size is not split`);
  return null;
}

function idle(expected: string, observed: string): Idle {
  return { expected, observed };
}
