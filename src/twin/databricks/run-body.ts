import type { Json, Plain } from '../pipeline/json.ts';
import { isObject, Lexeme, listAt, parseJson, textAt } from '../pipeline/json.ts';
import type { Failure, Phase, Run, TaskAttempt } from '../pipeline/run.ts';
import { latestAttempts, phaseOf } from '../pipeline/run.ts';

type Body = { readonly [key: string]: Plain };

/** A run as runs/get and runs/list describe it, without its tasks; times are milliseconds since the epoch. */
export function runBody(run: Run, now: number, withClusters: boolean): Body {
  const settings = parseJson(run.settings);
  const phase = phaseOf(run, now);
  const failed = latestAttempts(run).find((attempt) => attempt.failure !== null);
  const message =
    failed?.failure === undefined || failed.failure === null
      ? ''
      : `Task ${failed.taskKey} failed with message: ${failed.failure.message}.`;
  return {
    job_id: new Lexeme(run.jobId),
    run_id: new Lexeme(run.runId),
    number_in_job: new Lexeme(run.runId),
    original_attempt_run_id: new Lexeme(run.runId),
    creator_user_name: 'twin@example.com',
    run_as_user_name: 'twin@example.com',
    run_name: run.name,
    run_type: 'JOB_RUN',
    format: 'MULTI_TASK',
    trigger: run.trigger,
    ...statesOf(phase, run.result, message, failed?.failure ?? null),
    ...timesOf(run.created, run.started, run.ended, now),
    run_page_url: `https://twin.cloud.databricks.example/#job/${run.jobId}/run/${run.runId}`,
    job_parameters: parametersOf(run, settings),
    ...(withClusters ? { job_clusters: listAt(settings, 'job_clusters') } : {}),
  };
}

/** One attempt at a task: the task's own settings with its state, as an element of `tasks` or as a run of its own. */
export function attemptBody(run: Run, attempt: TaskAttempt, now: number): Body {
  const task = listAt(parseJson(attempt.settings), 'tasks').find((one) => textAt(one, 'task_key') === attempt.taskKey);
  const phase: Phase = attempt.end !== null && attempt.end <= now ? 'TERMINATED' : attempt.start <= now ? 'RUNNING' : 'PENDING';
  const { cluster } = attempt;
  return {
    ...(isObject(task) ? Object.fromEntries(task) : { task_key: attempt.taskKey }),
    run_id: new Lexeme(attempt.runId),
    job_id: new Lexeme(run.jobId),
    job_run_id: new Lexeme(run.runId),
    attempt_number: attempt.attempt,
    ...(cluster === null || phase === 'PENDING'
      ? {}
      : { cluster_instance: { cluster_id: cluster.clusterId, spark_context_id: cluster.sparkContextId } }),
    ...statesOf(phase, attempt.result, attempt.failure?.message ?? '', attempt.failure),
    ...timesOf(attempt.created, attempt.start, attempt.end, now),
    run_page_url: `https://twin.cloud.databricks.example/#job/${run.jobId}/run/${attempt.runId}`,
  };
}

/** The original run and each repair of it, oldest first. */
export function historyBody(run: Run, now: number): readonly Body[] {
  const repaired = new Set(run.repairs.flatMap((repair) => repair.taskRunIds));
  const parts = [
    {
      type: 'ORIGINAL',
      id: undefined,
      at: run.created,
      attempts: run.attempts.filter((attempt) => !repaired.has(attempt.runId)),
    },
    ...run.repairs.map((repair) => ({
      type: 'REPAIR',
      id: new Lexeme(repair.repairId),
      at: repair.at,
      attempts: run.attempts.filter((attempt) => repair.taskRunIds.includes(attempt.runId)),
    })),
  ];
  return parts.map(({ type, id, at, attempts }) => {
    const ends = attempts.map((attempt) => attempt.end);
    const end = ends.includes(null) ? null : Math.max(at, ...ends.map((one) => one ?? 0));
    const failed = attempts.find((attempt) => attempt.result !== 'SUCCESS');
    const over = end !== null && end <= now;
    return {
      type,
      id,
      start_time: at,
      end_time: over ? end : undefined,
      ...statesOf(
        over ? 'TERMINATED' : 'RUNNING',
        failed?.result ?? 'SUCCESS',
        failed?.failure?.message ?? '',
        failed?.failure ?? null,
      ),
      task_run_ids: attempts.map((attempt) => new Lexeme(attempt.runId)),
    };
  });
}

function statesOf(phase: Phase, result: Run['result'], message: string, failure: Failure | null): Body {
  if (phase === 'SKIPPED') {
    const text = 'Run was skipped: the maximum number of concurrent runs has been reached.';
    return {
      state: { life_cycle_state: 'SKIPPED', result_state: result, state_message: text, user_cancelled_or_timedout: false },
      status: {
        state: 'TERMINATED',
        termination_details: { code: 'MAX_CONCURRENT_RUNS_EXCEEDED', type: 'CLIENT_ERROR', message: text },
      },
    };
  }
  if (phase !== 'TERMINATED') {
    const queue =
      phase === 'QUEUED'
        ? {
            queue_details: {
              code: 'MAX_CONCURRENT_RUNS_REACHED',
              message: 'Queued due to reaching the maximum of concurrent runs.',
            },
          }
        : {};
    return {
      state: { life_cycle_state: phase, state_message: '', user_cancelled_or_timedout: false },
      status: { state: phase, ...queue },
    };
  }
  const stopped = result === 'CANCELED' || result === 'TIMEDOUT';
  return {
    state: { life_cycle_state: 'TERMINATED', result_state: result, state_message: message, user_cancelled_or_timedout: stopped },
    status: { state: 'TERMINATED', termination_details: terminationOf(result, message, failure) },
  };
}

function terminationOf(result: Run['result'], message: string, failure: Failure | null): Body {
  if (result === 'SUCCESS') return { code: 'SUCCESS', type: 'SUCCESS', message: '' };
  if (result === 'UPSTREAM_FAILED')
    return { code: 'RUN_EXECUTION_ERROR', type: 'CLIENT_ERROR', message: 'An upstream task failed.' };
  return { code: failure?.code ?? 'RUN_EXECUTION_ERROR', type: failure?.type ?? 'CLIENT_ERROR', message };
}

function timesOf(created: number, started: number | null, ended: number | null, now: number): Body {
  const over = ended !== null && ended <= now;
  const setup = started === null ? 0 : Math.max(0, Math.min(started, now) - created);
  return {
    start_time: created,
    setup_duration: setup,
    execution_duration: started === null ? 0 : Math.max(0, (over ? ended : 0) - Math.max(started, created)),
    cleanup_duration: 0,
    run_duration: over ? ended - created : undefined,
    end_time: over ? ended : 0,
  };
}

function parametersOf(run: Run, settings: Json): readonly Body[] | undefined {
  const made = listAt(settings, 'parameters').map((entry) => {
    const name = textAt(entry, 'name') ?? '';
    const unset = textAt(entry, 'default') ?? '';
    return { name, default: unset, value: run.parameters.get(name) ?? unset };
  });
  return made.length === 0 ? undefined : made;
}
