import * as z from 'zod';
import type { Change } from '../../model/change.ts';
import type { Run, StageQuantiles, StageSummary, TaskError } from '../../model/job.ts';
import { type Known, unknown } from '../../model/known.ts';
import { plainText } from '../../schema/outside-text.ts';
import { clipped } from './answer.ts';

/** Most of each that one answer shows. */
export const MOST_TASKS = 20;
export const MOST_EVENTS = 10;

const text = z.string().nullable();
const number = z.number().nullable();

/** An id of Databricks. */
export const numericId = z.string().regex(/^\d{1,19}$/);
export const jobId = numericId.describe('the numeric id of a Databricks job, as text: it may be longer than a number can hold');
export const runId = numericId.describe('the numeric id of a run, as get_job_status gives it');
export const workspace = z.string().max(63).optional().describe('name of the workspace, where several are configured');

export const changeShape = z.strictObject({
  ...{ file: z.string(), selector: z.string(), old: text, new: text },
});

export function changesOf(changes: readonly Change[]) {
  return changes.map(({ file, selector, old, new: value }) => ({ file, selector, old, new: value }));
}

export const runShape = {
  ...{ run_id: z.string(), outcome: z.string(), started_at: z.string(), ended_at: text, seconds: number },
  ...{ termination_code: text, message: z.string() },
};
export const eventShape = z.strictObject({ type: z.string(), at: z.string(), reason: z.string() });

export function runOf(run: Run) {
  const { startedAt, endedAt } = run;
  return {
    ...{ run_id: run.id, outcome: run.outcome, started_at: startedAt, ended_at: endedAt },
    seconds: endedAt === null ? null : Math.round((Date.parse(endedAt) - Date.parse(startedAt)) / 1000),
    termination_code: run.terminationCode,
    message: plainText(run.message, 300),
  };
}

export function eventOf(event: z.infer<typeof eventShape>) {
  return { type: plainText(event.type, 100), at: event.at, reason: plainText(event.reason, 200) };
}

export function errorOf({ error, trace }: TaskError, most: number) {
  return clipped(`${error}\n${trace}`, most);
}

/** Those with most task time first: what a run spends its time on. */
export function longest(stages: readonly StageSummary[], most: number): readonly StageSummary[] {
  return stages.toSorted((one, other) => other.runMs - one.runMs).slice(0, most);
}

/** What the tasks of a stage read: from a shuffle, or else from files. */
export function readBytes(stage: StageSummary): StageQuantiles {
  return stage.totalShuffleReadBytes > 0 ? stage.shuffleReadBytes : stage.inputBytes;
}

/** Stages that were read in part are shown, and their reading says so: more of them may have been there. */
export function stagesRead(stages: Known<readonly StageSummary[]>) {
  const all = stages.known ? stages.value : [];
  const gaps = [...new Set(all.flatMap(({ partial }) => partial ?? []))].join('; ');
  return {
    all,
    reading: gaps === '' ? stages : unknown(`partial: ${gaps}`),
    hint: gaps !== '' && 'The stages were read in part: evidence says why.',
  };
}

/** Spark's own words for why a stage failed; null where it did not, or they were not told. */
export function failureOf({ failure }: StageSummary): string | null {
  return failure === undefined ? null : plainText(failure, 300);
}
