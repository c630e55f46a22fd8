import { mib, parseBytes } from './bytes.ts';
import { wholeNumber } from './executor.ts';
import { ascending, rankQuantile, total } from './quantile.ts';

type Conf = ReadonlyMap<string, string>;

const AQE = 'spark.sql.adaptive.';

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
 * Bytes of each reduce task: `spark.sql.shuffle.partitions` partitions (200; `auto` aims at 128 MB) by hash, the hot key in one of them.
 * With AQE neighbours are joined as CoalesceShufflePartitions does, `initialPartitionNum` being what it starts with, and skewed ones are
 * split as OptimizeSkewedJoin does: a partition is skewed if larger than `skewedPartitionFactor` × median and than
 * `skewedPartitionThresholdInBytes`; its pieces aim at max(advisory size, mean of the others). `cores` are the whole cluster's.
 */
export function reduceTasks(data: ShuffleData, conf: Conf, cores: number): readonly number[] {
  const adaptive = flag(conf, `${AQE}enabled`, true);
  const coalesces = adaptive && flag(conf, `${AQE}coalescePartitions.enabled`, true);
  const hashed = hashPartitions(data, shufflePartitions(data, conf, coalesces));
  const partitions = coalesces ? coalesced(hashed, conf, cores) : hashed;
  const splits = adaptive && data.operation === 'join' && flag(conf, `${AQE}skewJoin.enabled`, true);
  return splits ? splitSkewed(partitions, conf) : partitions;
}

/** Scan tasks are cut by `spark.sql.files.maxPartitionBytes` (128 MB). */
export function scanTasks(bytes: number, conf: Conf): readonly number[] {
  const size = bytesOf(conf, 'spark.sql.files.maxPartitionBytes', 128 * mib);
  const count = Math.max(1, Math.ceil(bytes / size));
  return Array.from({ length: count }, () => bytes / count);
}

function shufflePartitions(data: ShuffleData, conf: Conf, coalesces: boolean): number {
  const set = conf.get('spark.sql.shuffle.partitions');
  if (set === 'auto') return Math.max(1, Math.ceil(data.bytes / (128 * mib)));
  const initial = coalesces ? wholeNumber(conf.get(`${AQE}coalescePartitions.initialPartitionNum`)) : undefined;
  return initial ?? wholeNumber(set) ?? 200;
}

/**
 * Neighbours joined up to the advisory size; with `parallelismFirst` (true by default) up to a core's share of all bytes where that is
 * less; never up to less than `minPartitionSize` (ShufflePartitionsUtil.scala).
 */
function coalesced(partitions: readonly number[], conf: Conf, cores: number): readonly number[] {
  const share = flag(conf, `${AQE}coalescePartitions.parallelismFirst`, true)
    ? total(partitions) / cores
    : Number.POSITIVE_INFINITY;
  const least = bytesOf(conf, `${AQE}coalescePartitions.minPartitionSize`, mib);
  const target = Math.max(Math.min(share, advisorySize(conf)), least);
  const joined: number[] = [];
  for (const size of partitions) {
    const last = joined.at(-1);
    if (last !== undefined && last + size <= target) joined[joined.length - 1] = last + size;
    else joined.push(size);
  }
  return joined;
}

function hashPartitions(data: ShuffleData, count: number): readonly number[] {
  const luck = Array.from({ length: count }, (_, index) => 1 + spread * Math.sin(index * 12.9898 + 1));
  const even = (data.bytes * (1 - data.hotShare)) / total(luck);
  const hot = Math.floor(count * 0.4);
  return luck.map((share, index) => even * share + (index === hot ? data.bytes * data.hotShare : 0));
}

function splitSkewed(partitions: readonly number[], conf: Conf): readonly number[] {
  const factor = Number(conf.get(`${AQE}skewJoin.skewedPartitionFactor`) ?? 5);
  const threshold = bytesOf(conf, `${AQE}skewJoin.skewedPartitionThresholdInBytes`, 256 * mib);
  const limit = Math.max(threshold, factor * rankQuantile(ascending(partitions), 0.5));
  const others = partitions.filter((size) => size <= limit);
  const target = Math.max(advisorySize(conf), total(others) / Math.max(others.length, 1));
  return partitions.flatMap((size) => {
    if (size <= limit) return [size];
    const pieces = Math.ceil(size / target);
    return Array.from({ length: pieces }, () => size / pieces);
  });
}

function advisorySize(conf: Conf): number {
  return bytesOf(conf, `${AQE}advisoryPartitionSizeInBytes`, 64 * mib);
}

function flag(conf: Conf, key: string, unset: boolean): boolean {
  const text = conf.get(key)?.trim().toLowerCase();
  return text === undefined ? unset : text === 'true';
}

function bytesOf(conf: Conf, key: string, unset: number): number {
  return parseBytes(conf.get(key) ?? '') ?? unset;
}
