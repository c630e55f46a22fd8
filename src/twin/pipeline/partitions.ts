import { mib, parseBytes } from './bytes.ts';
import { wholeNumber } from './executor.ts';
import { ascending, rankQuantile, total } from './quantile.ts';

type Conf = ReadonlyMap<string, string>;

/** Data of one shuffle: bytes in all, and the share of them that hangs on one key (0 = none). */
export interface ShuffleData {
  readonly bytes: number;
  readonly hotShare: number;
  /** A join's hot partition can be split by AQE; a grouping's or a window's cannot. */
  readonly operation: 'join' | 'aggregate';
}

/** Partition sizes differ by up to this share of the mean around it, by hash luck. */
const spread = 0.15;

/**
 * Bytes of each reduce task: `spark.sql.shuffle.partitions` partitions (200; `auto` aims at 128 MB) by hash, the hot key in one of them,
 * then, with AQE, skewed ones split as OptimizeSkewedJoin does: a partition is skewed if larger than
 * `skewedPartitionFactor` × median and than `skewedPartitionThresholdInBytes`; its pieces aim at max(advisory size, mean of the others).
 * Coalescing only joins partitions under 1 MB: `parallelismFirst` (true by default) ignores the advisory size.
 */
export function reduceTasks(data: ShuffleData, conf: Conf): readonly number[] {
  const partitions = hashPartitions(data, shufflePartitions(data, conf));
  const adaptive = flag(conf, 'spark.sql.adaptive.enabled', true);
  const splits = adaptive && data.operation === 'join' && flag(conf, 'spark.sql.adaptive.skewJoin.enabled', true);
  return splits ? splitSkewed(partitions, conf) : partitions;
}

/** Scan tasks are cut by `spark.sql.files.maxPartitionBytes` (128 MB). */
export function scanTasks(bytes: number, conf: Conf): readonly number[] {
  const size = bytesOf(conf, 'spark.sql.files.maxPartitionBytes', 128 * mib);
  const count = Math.max(1, Math.ceil(bytes / size));
  return Array.from({ length: count }, () => bytes / count);
}

function shufflePartitions(data: ShuffleData, conf: Conf): number {
  const set = conf.get('spark.sql.shuffle.partitions');
  const asked = set === 'auto' ? Math.ceil(data.bytes / (128 * mib)) : (wholeNumber(set) ?? 200);
  const coalesced = flag(conf, 'spark.sql.adaptive.enabled', true) ? Math.ceil(data.bytes / mib) : asked;
  return Math.max(1, Math.min(asked, coalesced));
}

function hashPartitions(data: ShuffleData, count: number): readonly number[] {
  const luck = Array.from({ length: count }, (_, index) => 1 + spread * Math.sin(index * 12.9898 + 1));
  const even = (data.bytes * (1 - data.hotShare)) / total(luck);
  const hot = Math.floor(count * 0.4);
  return luck.map((share, index) => even * share + (index === hot ? data.bytes * data.hotShare : 0));
}

function splitSkewed(partitions: readonly number[], conf: Conf): readonly number[] {
  const prefix = 'spark.sql.adaptive.';
  const factor = Number(conf.get(`${prefix}skewJoin.skewedPartitionFactor`) ?? 5);
  const threshold = bytesOf(conf, `${prefix}skewJoin.skewedPartitionThresholdInBytes`, 256 * mib);
  const limit = Math.max(threshold, factor * rankQuantile(ascending(partitions), 0.5));
  const others = partitions.filter((size) => size <= limit);
  const target = Math.max(
    bytesOf(conf, `${prefix}advisoryPartitionSizeInBytes`, 64 * mib),
    total(others) / Math.max(others.length, 1),
  );
  return partitions.flatMap((size) => {
    if (size <= limit) return [size];
    const pieces = Math.ceil(size / target);
    return Array.from({ length: pieces }, () => size / pieces);
  });
}

function flag(conf: Conf, key: string, unset: boolean): boolean {
  const text = conf.get(key)?.trim().toLowerCase();
  return text === undefined ? unset : text === 'true';
}

function bytesOf(conf: Conf, key: string, unset: number): number {
  return parseBytes(conf.get(key) ?? '') ?? unset;
}
