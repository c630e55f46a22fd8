import * as z from 'zod/mini';
import type { Run, RunOutcome, TaskRun } from '../model/job.ts';
import type { Page } from './answer.ts';
import { id, instant, token } from './answer.ts';
import { withoutSecrets } from './redact.ts';

const millis = z.optional(z.number());

const terminationSchema = z.object({
  code: z.optional(z.string()),
  type: z.optional(z.string()),
  message: z.optional(z.string()),
});
const statusSchema = z.object({ state: z.optional(z.string()), termination_details: z.optional(terminationSchema) });
const stateSchema = z.object({
  life_cycle_state: z.optional(z.string()),
  result_state: z.optional(z.string()),
  state_message: z.optional(z.string()),
});
const progress = { status: z.optional(statusSchema), state: z.optional(stateSchema), start_time: millis, end_time: millis };

const taskSchema = z.object({
  ...progress,
  run_id: id,
  task_key: z.optional(z.string()),
  cluster_instance: z.optional(z.object({ cluster_id: z.optional(z.string()) })),
  existing_cluster_id: z.optional(z.string()),
  attempt_number: z.optional(z.number()),
});
const repairSchema = z.object({ type: z.optional(z.string()), id: z.optional(id), start_time: millis });
const runSchema = z.object({
  ...progress,
  run_id: id,
  job_id: z.optional(id),
  tasks: z.optional(z.array(taskSchema)),
  repair_history: z.optional(z.array(repairSchema)),
  queue_duration: millis,
  next_page_token: z.optional(z.string()),
});
const runsSchema = z.object({ runs: z.optional(z.array(runSchema)), next_page_token: z.optional(z.string()) });

export function readRunsPage(value: unknown): Page<Run> | null {
  const read = runsSchema.safeParse(value);
  if (!read.success) return null;
  return { items: (read.data.runs ?? []).map(toRun), next: token(read.data.next_page_token) };
}

/** One page of runs/get: tasks and repair history come 100 at a time. */
export function readRunPage(value: unknown): Page<Run> | null {
  const read = runSchema.safeParse(value);
  return read.success ? { items: [toRun(read.data)], next: token(read.data.next_page_token) } : null;
}

type RunAnswer = z.infer<typeof runSchema>;
type TaskAnswer = z.infer<typeof taskSchema>;

function toRun(answer: RunAnswer): Run {
  return {
    id: answer.run_id,
    jobId: answer.job_id ?? '',
    outcome: outcomeOf(answer),
    startedAt: instant(answer.start_time) ?? '',
    endedAt: instant(answer.end_time),
    terminationCode: codeOf(answer),
    terminationType: answer.status?.termination_details?.type ?? null,
    message: messageOf(answer),
    ...(answer.queue_duration === undefined ? {} : { queuedSeconds: answer.queue_duration / 1000 }),
    tasks: (answer.tasks ?? []).map(toTask),
    repairs: (answer.repair_history ?? [])
      .filter((repair) => repair.type !== 'ORIGINAL' && repair.id !== undefined)
      .map((repair) => ({ id: repair.id ?? '', startedAt: instant(repair.start_time) ?? '' })),
  };
}

function toTask(answer: TaskAnswer): TaskRun {
  const [code, message] = [codeOf(answer), messageOf(answer)];
  return {
    runId: answer.run_id,
    taskKey: answer.task_key ?? '',
    outcome: outcomeOf(answer),
    clusterId: answer.cluster_instance?.cluster_id ?? answer.existing_cluster_id ?? null,
    startedAt: instant(answer.start_time) ?? '',
    endedAt: instant(answer.end_time),
    ...(code === null ? {} : { terminationCode: code }),
    ...(message === '' ? {} : { message }),
    ...(answer.attempt_number === undefined ? {} : { attempt: answer.attempt_number + 1 }),
  };
}

type Progress = Pick<TaskAnswer, 'status' | 'state'>;

/** The new status calls a run that was ended at its timeout CANCELED, like any other that the platform stops; the old state tells. */
function isTimedOut({ state }: Progress): boolean {
  return state?.result_state === 'TIMEDOUT';
}

function codeOf(answer: Progress): string | null {
  if (isTimedOut(answer)) return 'TIMEDOUT';
  return answer.status?.termination_details?.code ?? answer.state?.result_state ?? null;
}

function messageOf({ status, state }: Progress): string {
  return withoutSecrets(status?.termination_details?.message ?? state?.state_message ?? '');
}

const active = new Set(['BLOCKED', 'PENDING', 'QUEUED', 'RUNNING', 'TERMINATING', 'WAITING', 'WAITING_FOR_RETRY']);
const failing = new Set(['CLIENT_ERROR', 'INTERNAL_ERROR', 'CLOUD_FAILURE']);
/** Ends without a fault of the run: somebody or some limit stopped it, perhaps before it began. */
const stopped = new Set([
  'USER_CANCELED',
  'CANCELED',
  'SKIPPED',
  'MAX_CONCURRENT_RUNS_EXCEEDED',
  'MAX_JOB_QUEUE_SIZE_EXCEEDED',
  'DISABLED',
]);

/** Every enum of the API is open: a value that is not known here is `unknown`, never a success. */
function outcomeOf(answer: Progress): RunOutcome {
  if (answer.status?.state === undefined) return oldOutcome(answer.state);
  if (active.has(answer.status.state)) return 'active';
  if (answer.status.state !== 'TERMINATED') return 'unknown';
  const { code = '', type = '' } = answer.status.termination_details ?? {};
  if (isTimedOut(answer)) return 'failed';
  if (stopped.has(code)) return 'canceled';
  if (code === 'SUCCESS' && type === 'SUCCESS') return 'succeeded';
  return failing.has(type) ? 'failed' : 'unknown';
}

function oldOutcome(state: TaskAnswer['state']): RunOutcome {
  const { life_cycle_state: cycle = '', result_state: result = '' } = state ?? {};
  if (active.has(cycle)) return 'active';
  if (cycle === 'INTERNAL_ERROR') return 'failed';
  if (cycle === 'SKIPPED') return 'canceled';
  if (cycle !== 'TERMINATED') return 'unknown';
  if (result === 'SUCCESS') return 'succeeded';
  if (['FAILED', 'TIMEDOUT', 'UPSTREAM_FAILED'].includes(result)) return 'failed';
  return ['CANCELED', 'EXCLUDED', 'DISABLED', 'MAXIMUM_CONCURRENT_RUNS_REACHED', 'UPSTREAM_CANCELED'].includes(result)
    ? 'canceled'
    : 'unknown';
}
