import type { Json } from '../pipeline/json.ts';
import { digitsAt, isObject, Lexeme, listAt, member, textAt } from '../pipeline/json.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import type { Run, TaskAttempt } from '../pipeline/run.ts';
import { latestAttempts, phaseOf } from '../pipeline/run.ts';
import type { Answer } from './answer.ts';
import { invalid, ok } from './answer.ts';
import type { JobStore } from './jobs.ts';
import { offsetOf, pageOf, tokenFor } from './paging.ts';
import type { Call } from './request.ts';
import { bodyOf, countInQuery, idInBody, idInQuery } from './request.ts';
import { attemptBody, historyBody, runBody } from './run-body.ts';

const pageLength = 100;

/** A run of a job, or of one of its tasks: both have run ids. */
function findRun(pipeline: Pipeline, runId: string): { readonly run: Run; readonly attempt: TaskAttempt | null } {
  const run = pipeline.run(runId);
  if (run !== undefined) return { run, attempt: null };
  for (const candidate of pipeline.runs()) {
    const attempt = candidate.attempts.find((one) => one.runId === runId);
    if (attempt !== undefined) return { run: candidate, attempt };
  }
  throw invalid(`Run ${runId} does not exist.`);
}

export function getRun(pipeline: Pipeline, call: Call): Answer {
  const now = pipeline.now().getTime();
  const { run, attempt } = findRun(pipeline, idInQuery(call, 'run_id'));
  if (attempt !== null) return ok(attemptBody(run, attempt, now));
  const offset = offsetOf(call.query.get('page_token'));
  const all = latestAttempts(run).map((one) => attemptBody(run, one, now));
  const tasks = all.slice(offset, offset + pageLength);
  const more = offset + pageLength < all.length;
  return ok({
    ...runBody(run, now, true),
    tasks: tasks.length === 0 ? undefined : tasks,
    ...(call.query.get('include_history') === 'true' ? { repair_history: historyBody(run, now) } : {}),
    next_page_token: more ? tokenFor(offset + pageLength) : undefined,
  });
}

export function listRuns(pipeline: Pipeline, call: Call): Answer {
  const now = pipeline.now().getTime();
  const active = call.query.get('active_only') === 'true';
  const completed = call.query.get('completed_only') === 'true';
  if (active && completed) throw invalid('active_only and completed_only cannot both be true.');
  // The documentation says "greater than 0 and less than 25", then gives 25 as the default of its clients; 0 means the most.
  const asked = countInQuery(call, 'limit', { min: 0, max: 25, unset: 20 });
  const from = Number(call.query.get('start_time_from') ?? 0);
  const to = Number(call.query.get('start_time_to') ?? Number.POSITIVE_INFINITY);
  const jobId = call.query.has('job_id') ? idInQuery(call, 'job_id') : undefined;
  const expand = call.query.get('expand_tasks') === 'true';
  const found = pipeline.runs(jobId).filter((run) => {
    const over = phaseOf(run, now) === 'TERMINATED' || phaseOf(run, now) === 'SKIPPED';
    return run.created >= from && run.created <= to && (active ? !over : completed ? over : true);
  });
  const sorted = found.sort((left, right) => orderTime(right, now) - orderTime(left, now));
  const rows = sorted.map((run) => ({
    ...runBody(run, now, expand),
    ...(expand
      ? {
          tasks: latestAttempts(run)
            .slice(0, pageLength)
            .map((one) => attemptBody(run, one, now)),
        }
      : {}),
  }));
  return ok(pageOf('runs', rows, offsetOf(call.query.get('page_token')), asked === 0 ? 25 : asked));
}

/** Descending by end time, an unfinished run by its start. */
function orderTime(run: Run, now: number): number {
  return run.ended !== null && run.ended <= now ? run.ended : run.created;
}

export function getOutput(pipeline: Pipeline, call: Call): Answer {
  const found = findRun(pipeline, idInQuery(call, 'run_id'));
  const { run } = found;
  if (found.attempt === null && latestAttempts(run).length !== 1) {
    throw invalid(
      'Retrieving the output of runs with multiple tasks is not supported. Please retrieve the output of each individual task run instead.',
    );
  }
  const attempt = found.attempt ?? latestAttempts(run)[0];
  const now = pipeline.now().getTime();
  if (attempt === undefined) return ok({ metadata: runBody(run, now, false) });
  const over = attempt.end !== null && attempt.end <= now;
  const failure = over ? attempt.failure : null;
  return ok({
    metadata: attemptBody(run, attempt, now),
    ...(failure === null ? {} : { error: failure.error, error_trace: failure.trace === '' ? undefined : failure.trace }),
    ...(over && failure === null ? { notebook_output: { truncated: false } } : {}),
  });
}

export function runNow(pipeline: Pipeline, store: JobStore, call: Call): Answer {
  const body = bodyOf(call);
  const job = store.find(idInBody(body, 'job_id'));
  const token = textAt(body, 'idempotency_token');
  if (token !== undefined && token.length > 64) throw invalid('idempotency_token must have at most 64 characters.');
  const only = listAt(body, 'only').map(String);
  const runId = pipeline.runNow(job.jobId, {
    ...(token === undefined || token === '' ? {} : { token }),
    parameters: givenParameters(body),
    ...(only.length === 0 ? {} : { only: new Set(only) }),
  });
  return ok({ run_id: new Lexeme(runId), number_in_job: new Lexeme(runId) });
}

export function repairRun(pipeline: Pipeline, call: Call): Answer {
  const body = bodyOf(call);
  const { run } = findRun(pipeline, idInBody(body, 'run_id'));
  const listed = listAt(body, 'rerun_tasks').map(String);
  const allFailed = member(body, 'rerun_all_failed_tasks') === true;
  if (allFailed === listed.length > 0) throw invalid('Exactly one of rerun_tasks and rerun_all_failed_tasks must be given.');
  const unknown = listed.find((key) => !run.attempts.some((attempt) => attempt.taskKey === key));
  if (unknown !== undefined) throw invalid(`Task ${unknown} does not exist in run ${run.runId}.`);
  const keys = member(body, 'rerun_dependent_tasks') === true ? withDependents(run, listed) : listed;
  const latest = digitsAt(body, 'latest_repair_id');
  const repaired = pipeline.repair(run.runId, {
    taskKeys: allFailed ? 'failed' : new Set(keys),
    ...(latest === undefined ? {} : { latestRepairId: latest }),
  });
  if ('refused' in repaired) throw invalid(repaired.refused);
  return ok({ repair_id: new Lexeme(repaired.repairId) });
}

function withDependents(run: Run, keys: readonly string[]): readonly string[] {
  const wanted = new Set(keys);
  // Attempts are in dependency order, so one pass finds the dependents of dependents.
  for (const attempt of run.attempts) if (attempt.dependsOn.some((key) => wanted.has(key))) wanted.add(attempt.taskKey);
  return [...wanted];
}

export function cancelRun(pipeline: Pipeline, call: Call): Answer {
  const { run } = findRun(pipeline, idInBody(bodyOf(call), 'run_id'));
  pipeline.cancel(run.runId);
  return ok({});
}

export function cancelAllRuns(pipeline: Pipeline, store: JobStore, call: Call): Answer {
  const job = store.find(idInBody(bodyOf(call), 'job_id'));
  for (const run of pipeline.runs(job.jobId)) pipeline.cancel(run.runId);
  return ok({});
}

function givenParameters(body: Json): ReadonlyMap<string, string> {
  const given = member(body, 'job_parameters');
  return new Map(isObject(given) ? [...given].map(([key, value]) => [key, String(value)]) : []);
}
