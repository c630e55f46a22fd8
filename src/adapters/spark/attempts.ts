import type { StageQuantiles, StageSummary } from '../../model/job.ts';

/** One attempt of a stage, and how many tasks it was to run: a retry runs only those whose output is missing. */
export interface StageAttempt {
  readonly submitted: number | null;
  readonly planned: number;
  readonly summary: StageSummary;
}

/**
 * Each stage once, in the order of ids. Its tasks are those of the latest attempt that ran all of them, else of all attempts together;
 * how it ended is told by the latest. From the few tasks of a retry alone nobody could say that the stage is even.
 */
export function latestOf<T extends StageAttempt>(attempts: readonly T[]): readonly T[] {
  const byStage = new Map<number, T[]>();
  for (const one of attempts) {
    const { stageId } = one.summary;
    byStage.set(stageId, [...(byStage.get(stageId) ?? []), one]);
  }
  return [...byStage.values()]
    .flatMap((some) => whole(some.sort((one, other) => one.summary.attempt - other.summary.attempt)))
    .sort((one, other) => one.summary.stageId - other.summary.stageId);
}

/** `attempts` in their order. */
function whole<T extends StageAttempt>(attempts: readonly T[]): readonly T[] {
  const last = attempts.at(-1);
  if (last === undefined || attempts.length === 1) return attempts;
  const planned = Math.max(...attempts.map((one) => one.planned));
  const full = attempts.findLast(({ summary }) => planned > 0 && summary.tasks >= planned);
  const tasks = full?.summary ?? attempts.map(({ summary }) => summary).reduce(together);
  const { attempt, status, name, failure } = last.summary;
  const { failure: _, ...rest } = tasks;
  const failedTasks = attempts.reduce((total, { summary }) => total + summary.failedTasks, 0);
  const durationMs = status === 'active' ? 0 : tasks.durationMs;
  return [
    {
      ...last,
      summary: { ...rest, attempt, status, name, failedTasks, durationMs, ...(failure === undefined ? {} : { failure }) },
    },
  ];
}

/** Sums are exact; of quantiles the ends are, and those between are of the attempt that ran most tasks. */
function together(one: StageSummary, other: StageSummary): StageSummary {
  const larger = other.tasks > one.tasks ? other : one;
  const peaks = [one.peakExecutionMemoryBytes, other.peakExecutionMemoryBytes].filter((peak) => peak !== undefined);
  const partial = one.partial ?? other.partial;
  return {
    ...larger,
    tasks: one.tasks + other.tasks,
    durationMs: one.durationMs + other.durationMs,
    taskMs: spanned(larger.taskMs, one, other, 'taskMs'),
    shuffleReadBytes: spanned(larger.shuffleReadBytes, one, other, 'shuffleReadBytes'),
    inputBytes: spanned(larger.inputBytes, one, other, 'inputBytes'),
    totalShuffleReadBytes: one.totalShuffleReadBytes + other.totalShuffleReadBytes,
    totalShuffleWriteBytes: (one.totalShuffleWriteBytes ?? 0) + (other.totalShuffleWriteBytes ?? 0),
    totalInputBytes: one.totalInputBytes + other.totalInputBytes,
    memorySpilledBytes: one.memorySpilledBytes + other.memorySpilledBytes,
    diskSpilledBytes: one.diskSpilledBytes + other.diskSpilledBytes,
    gcMs: one.gcMs + other.gcMs,
    runMs: one.runMs + other.runMs,
    ...(peaks.length === 0 ? {} : { peakExecutionMemoryBytes: Math.max(...peaks) }),
    ...(partial === undefined ? {} : { partial }),
  };
}

type Measure = 'taskMs' | 'shuffleReadBytes' | 'inputBytes';

function spanned(between: StageQuantiles, one: StageSummary, other: StageSummary, measure: Measure): StageQuantiles {
  const some = [one, other].filter(({ tasks }) => tasks > 0).map((stage) => stage[measure]);
  if (some.length === 0) return between;
  return { ...between, min: Math.min(...some.map(({ min }) => min)), max: Math.max(...some.map(({ max }) => max)) };
}
