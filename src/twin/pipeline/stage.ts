import { mib } from './bytes.ts';
import type { Executor } from './executor.ts';

/** How a stage's code treats its data: rates in bytes a second a core. */
export interface StageWork {
  readonly name: string;
  readonly bytesPerSecond: number;
  /** Bytes in memory for each byte read: decompression and Java objects. */
  readonly expansion: number;
  /** The share of the working set that cannot be spilled (the rows of one group, a hash map's pages in use). */
  readonly unspillable: number;
  readonly reads: 'files' | 'shuffle';
  /** Bytes written to the next shuffle for each byte read; none unless given. */
  readonly shuffleWrite?: number;
}

/** One finished or failed task; bytes and milliseconds; `start` is milliseconds after the stage's start. */
export interface TaskRun {
  readonly index: number;
  readonly bytes: number;
  readonly start: number;
  readonly duration: number;
  readonly gc: number;
  readonly memorySpilled: number;
  readonly diskSpilled: number;
  /** The most execution memory that the task held. */
  readonly peakMemory: number;
  readonly executor: number;
  readonly failed: boolean;
}

export interface StageRun {
  readonly stageId: number;
  readonly name: string;
  readonly reads: 'files' | 'shuffle';
  readonly start: number;
  readonly duration: number;
  readonly shuffleWrite: number;
  /** Tasks that the stage has, whether or not they got to run. */
  readonly taskCount: number;
  readonly tasks: readonly TaskRun[];
  /** Every attempt of a task that ran out of memory has an entry in `tasks`; this names the task that ended the stage. */
  readonly outOfMemory: { readonly index: number; readonly executor: number } | null;
  /** 0 unless given. */
  readonly attempt?: number;
  /** The attempt ended because output of a stage before it was lost; another one runs the tasks that are left. */
  readonly fetchFailed?: boolean;
}

interface TaskCost {
  readonly duration: number;
  readonly gc: number;
  readonly memorySpilled: number;
  readonly diskSpilled: number;
  readonly peakMemory: number;
  readonly dies: boolean;
}

const spillBytesPerSecond = 60 * mib;
const taskOverhead = 150;
const attempts = 4;

/**
 * What one task costs. Working set = bytes × expansion, against the task's share of unified memory:
 * - beyond it the task spills the difference (written and read back at 60 MB/s);
 * - if even the unspillable part does not fit, it dies of `java.lang.OutOfMemoryError`;
 * - collection time grows with the square of the fill: 3 % of the run time when empty, 15 % when full.
 * A sixteenth of the executor's user memory is a task's least; a fraction that leaves less kills it too.
 */
export function costTask(bytes: number, work: StageWork, executor: Executor): TaskCost {
  const need = bytes * work.expansion;
  const fill = Math.min(1, need / Math.max(executor.perTaskBytes, 1));
  const spilled = Math.max(0, need - executor.perTaskBytes);
  const onDisk = spilled / work.expansion;
  const compute = (bytes / work.bytesPerSecond) * 1000;
  const gc = compute * (0.03 + 0.12 * fill * fill);
  const starved = executor.userBytes / executor.taskSlots < 64 * mib;
  return {
    duration: Math.round(taskOverhead + compute + gc + (spilled / spillBytesPerSecond) * 1000),
    gc: Math.round(gc),
    memorySpilled: Math.round(spilled),
    diskSpilled: Math.round(onDisk),
    peakMemory: Math.round(Math.min(need, executor.perTaskBytes)),
    dies: starved || need * work.unspillable > executor.perTaskBytes,
  };
}

/** Runs a stage's tasks first come, first served on `workers × taskSlots` slots; a task that dies four times ends the stage. */
export function runStage(
  stage: { readonly stageId: number; readonly start: number },
  sizes: readonly number[],
  work: StageWork,
  cluster: { readonly executor: Executor; readonly workers: number },
): StageRun {
  const slots = new Array<number>(Math.max(1, cluster.workers * cluster.executor.taskSlots)).fill(0);
  const tasks: TaskRun[] = [];
  let dead: TaskRun | undefined;
  for (const [index, bytes] of sizes.entries()) {
    const slot = slots.indexOf(Math.min(...slots));
    const start = slots[slot] ?? 0;
    if (dead !== undefined && start >= dead.start + dead.duration) break;
    const cost = costTask(bytes, work, cluster.executor);
    const made = attemptsOf({ index, bytes, start, executor: slot % Math.max(1, cluster.workers) }, cost, cluster.workers);
    tasks.push(...made);
    const last = made.at(-1);
    slots[slot] = last === undefined ? start : last.start + last.duration;
    if (last?.failed === true && (dead === undefined || last.start + last.duration < dead.start + dead.duration)) dead = last;
  }
  const ended = dead === undefined ? Math.max(0, ...slots) : dead.start + dead.duration;
  return {
    ...stage,
    name: work.name,
    reads: work.reads,
    shuffleWrite: work.shuffleWrite ?? 0,
    taskCount: sizes.length,
    duration: ended,
    tasks: tasks.filter((task) => task.start + task.duration <= ended),
    outOfMemory: dead === undefined ? null : { index: dead.index, executor: dead.executor },
  };
}

/** A dying task gets 60 % through its work, is tried again on the next executor, and ends the stage at its fourth death. */
function attemptsOf(
  task: { index: number; bytes: number; start: number; executor: number },
  cost: TaskCost,
  workers: number,
): readonly TaskRun[] {
  if (!cost.dies) {
    // Written out: a history has hundreds of thousands of tasks.
    const { index, bytes, start, executor } = task;
    const { duration, gc, memorySpilled, diskSpilled, peakMemory } = cost;
    return [{ index, bytes, start, executor, duration, gc, memorySpilled, diskSpilled, peakMemory, failed: false }];
  }
  const duration = Math.round(cost.duration * 0.6);
  return Array.from({ length: attempts }, (_, attempt) => ({
    index: task.index,
    bytes: task.bytes,
    start: task.start + attempt * duration,
    duration,
    gc: Math.round(duration * 0.4),
    memorySpilled: 0,
    diskSpilled: 0,
    peakMemory: cost.peakMemory,
    executor: (task.executor + attempt) % Math.max(1, workers),
    failed: true,
  }));
}
