import type { RecordedStage } from '../../model/suite.ts';
import type { StageRun, TaskRun } from '../pipeline/stage.ts';

/** Tasks that are alike still differ by a tenth up and down. */
const spread = 0.1;
const executors = 4;
/** Milliseconds between two stages, or two attempts of one. */
export const pause = 500;

type Shape = Pick<TaskRun, 'duration' | 'bytes' | 'memorySpilled' | 'failed'>;

/** The tasks of a recorded stage, first come first served on its slots; the ones that stand out come first, as Spark starts large ones anywhere. */
function stageOf(stage: RecordedStage, stageId: number, start: number): StageRun {
  const slots = new Array<number>(Math.max(1, stage.slots)).fill(0);
  const tasks = shapesOf(stage).map((shape, order): TaskRun => {
    const slot = slots.indexOf(Math.min(...slots));
    const begun = slots[slot] ?? 0;
    slots[slot] = begun + shape.duration;
    const own = { index: shape.failed ? 0 : order, start: begun, executor: slot % executors };
    const gc = Math.round(shape.duration * stage.gc);
    return { ...shape, ...own, gc, diskSpilled: Math.round(shape.memorySpilled / 3), peakMemory: shape.bytes * 3 };
  });
  const failed = stage.failedAttempts > 0;
  return {
    ...{ stageId, start, name: stage.name, reads: stage.reads, shuffleWrite: stage.shuffleWrite },
    duration: Math.max(1, ...slots),
    taskCount: stage.tasks,
    tasks,
    outOfMemory: failed ? { index: 0, executor: 0 } : null,
  };
}

/** The attempts of a recorded stage one after the other: the second runs what was left when the first lost what it fetched. */
export function attemptsOf(stage: RecordedStage, stageId: number, start: number): readonly StageRun[] {
  const { tasks, retried } = stage;
  if (retried === 0) return [stageOf(stage, stageId, start)];
  const first = stageOf({ ...stage, tasks: tasks - retried, failedAttempts: 0 }, stageId, start);
  const second = stageOf({ ...stage, tasks: retried, outliers: null, spilled: 0 }, stageId, start + first.duration + pause);
  return [
    { ...first, taskCount: tasks, fetchFailed: true },
    { ...second, attempt: 1 },
  ];
}

function shapesOf(stage: RecordedStage): readonly Shape[] {
  const { tasks, taskMs, taskBytes, spilled, spilledBy, failedAttempts } = stage;
  const outliers = stage.outliers ?? { tasks: 0, ms: 0, bytes: 0 };
  const alike = Math.max(0, tasks - outliers.tasks - (failedAttempts > 0 ? 1 : 0));
  const sharing = spilledBy === 'outliers' ? outliers.tasks : alike + outliers.tasks;
  const share = sharing === 0 ? 0 : Math.round(spilled / sharing);
  const standing = Array.from({ length: outliers.tasks }, () => whole(outliers.ms, outliers.bytes, share));
  const others = Array.from({ length: alike }, (_, index) => {
    const factor = 1 + spread * (2 * ((index + 0.5) / alike) - 1);
    return whole(taskMs * factor, taskBytes * factor, spilledBy === 'outliers' ? 0 : share);
  });
  const dead = Array.from({ length: failedAttempts }, () => ({ ...whole(taskMs * 0.6, taskBytes, 0), failed: true }));
  return [...standing, ...others, ...dead];
}

function whole(duration: number, bytes: number, memorySpilled: number): Shape {
  return { duration: Math.max(1, Math.round(duration)), bytes: Math.round(bytes), memorySpilled, failed: false };
}
