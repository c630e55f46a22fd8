import { sizeExecutor, wholeNumber } from './executor.ts';
import type { JobShape, TaskShape } from './job.ts';
import type { NodeType } from './node-types.ts';
import type { StreamWorkload } from './workload.ts';

/** Where every partition of the stream stands: records written so far, records read and committed so far. */
export interface StreamState {
  readonly produced: readonly number[];
  readonly consumed: readonly number[];
}

/** What the running settings let the consumer do: records a second over all partitions, and in one of them. */
export interface Capacity {
  readonly total: number;
  readonly perPartition: number;
  readonly tasks: number;
}

/**
 * The consumer's capacity under a run's settings.
 * - slots = workers × task slots of an executor;
 * - tasks = partitions, or `minPartitions` when that is larger (Spark's Kafka guide: it only ever splits);
 * - total = min(slots, tasks) × records a core, capped by `maxOffsetsPerTrigger` ÷ trigger interval;
 * - Kinesis: each shard gives at most `maxFetchRate` (1.0, at most 2.0) MB a second, `shardsPerTask` shards share a task.
 */
export function capacityOf(work: StreamWorkload, task: TaskShape, node: NodeType): Capacity {
  const executor = task.cluster === null ? undefined : sizeExecutor(task.cluster, node);
  if (task.cluster === null || executor === undefined || 'refused' in executor) return { total: 0, perPartition: 0, tasks: 0 };
  const slots = Math.max(1, task.cluster.workers.max) * executor.taskSlots;
  const { tasks, perPartition } = work.source === 'kafka' ? kafkaTasks(work, task) : kinesisTasks(work, task);
  const busy = Math.min(slots, tasks);
  const cap = wholeNumber(task.parameters.get('maxOffsetsPerTrigger'));
  const limit = cap === undefined || work.source === 'kinesis' ? Number.POSITIVE_INFINITY : cap / work.triggerSeconds;
  return { total: Math.min(busy * work.recordsPerCore, limit), perPartition, tasks };
}

function kafkaTasks(work: StreamWorkload, task: TaskShape): { tasks: number; perPartition: number } {
  const tasks = Math.max(work.partitions, wholeNumber(task.parameters.get('minPartitions')) ?? 0);
  return { tasks, perPartition: (work.recordsPerCore * tasks) / work.partitions };
}

function kinesisTasks(work: StreamWorkload, task: TaskShape): { tasks: number; perPartition: number } {
  const shardsPerTask = wholeNumber(task.parameters.get('shardsPerTask')) ?? 5;
  const rate = Math.min(2, Number(task.parameters.get('maxFetchRate') ?? 1) || 1);
  const perShard = (rate * 1_000_000) / work.bytesPerRecord;
  return {
    tasks: Math.max(1, Math.ceil(work.partitions / shardsPerTask)),
    perPartition: Math.min(perShard, work.recordsPerCore),
  };
}

/**
 * The state `seconds` later: lag integrates production minus consumption and is never negative. `capacity` is null while no run is up.
 * What was written in the last `inFlightSeconds` is in the running micro-batch and not committed yet, so a healthy lag is not zero.
 */
export function stepStream(
  state: StreamState,
  rates: readonly number[],
  capacity: Capacity | null,
  seconds: number,
  inFlightSeconds = 0,
): StreamState {
  const produced = state.produced.map((count, partition) => count + (rates[partition] ?? 0) * seconds);
  if (capacity === null) return { produced, consumed: state.consumed };
  const wanted = produced.map((count, partition) => {
    const ready = count - (rates[partition] ?? 0) * inFlightSeconds - (state.consumed[partition] ?? 0);
    return Math.max(0, Math.min(ready, capacity.perPartition * seconds));
  });
  const sum = wanted.reduce((all, want) => all + want, 0);
  const share = sum > capacity.total * seconds ? (capacity.total * seconds) / sum : 1;
  return {
    produced,
    consumed: state.consumed.map((count, partition) =>
      Math.min(count + (wanted[partition] ?? 0) * share, produced[partition] ?? count),
    ),
  };
}

export function streamTask(job: JobShape, work: StreamWorkload): TaskShape | undefined {
  return job.tasks.find((task) => task.taskKey === work.taskKey);
}
