import type { ExecutorRefused } from './executor.ts';
import { sizeExecutor } from './executor.ts';
import type { ClusterShape } from './job.ts';
import type { NodeType } from './node-types.ts';
import { reduceTasks, scanTasks } from './partitions.ts';
import type { StageRun, StageWork } from './stage.ts';
import { runStage } from './stage.ts';
import type { BatchInput, BatchWorkload } from './workload.ts';

/** How a batch task goes: its stages one after another, and whether the last one died. Times in milliseconds. */
export interface BatchRun {
  readonly stages: readonly StageRun[];
  readonly duration: number;
  readonly workers: number;
  readonly outOfMemory: boolean;
}

const firstStage = 10;
const start = 20_000;
const writeShare = 0.1;

/** Runs a batch workload's data on a cluster: scan (two inputs for a join), shuffle, write. Refused when no such cluster starts. */
export function runBatch(
  work: Pick<BatchWorkload, 'operation' | 'scan' | 'shuffle'>,
  input: BatchInput,
  cluster: ClusterShape,
  node: NodeType,
): BatchRun | ExecutorRefused {
  const executor = sizeExecutor(cluster, node);
  if ('refused' in executor) return executor;
  // A loaded batch cluster grows to its upper bound within the first stage.
  const workers = Math.max(1, cluster.workers.max);
  const scan = { ...work.scan, shuffleWrite: input.shuffleBytes / input.scanBytes };
  const plan: readonly (readonly [StageWork, readonly number[]])[] = [
    [scan, scanTasks(input.scanBytes * 0.8, cluster.sparkConf)],
    [{ ...scan, name: `${scan.name} (second input)` }, scanTasks(input.scanBytes * 0.2, cluster.sparkConf)],
    [
      work.shuffle,
      reduceTasks(
        { bytes: input.shuffleBytes, hotShare: input.hotShare, operation: work.operation },
        cluster.sparkConf,
        workers * executor.cores,
      ),
    ],
    [{ ...work.scan, name: 'save at NightlyWriter.scala:88' }, scanTasks(input.shuffleBytes * writeShare, cluster.sparkConf)],
  ];
  const stages: StageRun[] = [];
  let now = start;
  for (const [offset, [stageWork, sizes]] of plan.entries()) {
    const stage = runStage({ stageId: firstStage + offset, start: now }, sizes, stageWork, { executor, workers });
    stages.push(stage);
    now += stage.duration + 500;
    if (stage.outOfMemory !== null) return { stages, duration: now, workers, outOfMemory: true };
  }
  return { stages, duration: now, workers, outOfMemory: false };
}
