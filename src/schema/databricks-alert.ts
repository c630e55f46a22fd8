import * as z from 'zod/mini';
import type { Signal } from '../model/signal.ts';
import type { ParsedAlerts } from './alert.ts';
import { id } from './answer.ts';
import { plainText } from './outside-text.ts';

/** A notification of Databricks jobs as its HTTP webhook sends it, about a job's run or, with `task`, about one task of it. */
const Notification = z.object({
  event_type: z.string(),
  workspace_id: z.optional(id),
  job: z.object({ job_id: id, name: z.optional(z.string()) }),
  run: z.object({ run_id: id, parent_run_id: z.optional(z.nullable(id)) }),
  task: z.optional(z.nullable(z.object({ task_key: z.optional(z.string()) }))),
});
type Notification = z.infer<typeof Notification>;

/** The alert that each event fires. Its name is ours and fixed: runbooks and targets match on it. */
const FIRES: Readonly<Record<string, string>> = {
  'jobs.on_failure': 'DatabricksJobFailed',
  'jobs.on_duration_warning_threshold_exceeded': 'DatabricksJobSlow',
  'jobs.on_streaming_backlog_exceeded': 'DatabricksStreamingBacklog',
};
/** A run that succeeded ends these; it says nothing about a stream's backlog. */
const ENDED_BY_SUCCESS = ['DatabricksJobFailed', 'DatabricksJobSlow'];
const SUCCESS = 'jobs.on_success';
const START = 'jobs.on_start';
/** int64 at most; ids stay text. */
const ID = /^\d{1,19}$/;

/**
 * Reads a job notification of Databricks. It carries no time: `at` is when it came in. A start is no alert and gives no signal. The alert's
 * own id is the job, not the run, so that the next good run resolves it.
 */
export function parseDatabricks(body: unknown, at: string): ParsedAlerts {
  const parsed = Notification.safeParse(body);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return malformed(issue?.path.map(String).join('.') || 'body', 'what a Databricks job notification has there');
  }
  const note = parsed.data;
  const kind = note.event_type;
  if (!ID.test(note.job.job_id)) return malformed('job.job_id', 'a number');
  if (!ID.test(note.run.run_id)) return malformed('run.run_id', 'a number');
  if (kind === START) return read([]);
  if (kind === SUCCESS) return read(ENDED_BY_SUCCESS.map((name) => signalOf(note, name, 'resolved', at)));
  const name = Object.hasOwn(FIRES, kind) ? FIRES[kind] : undefined;
  if (name === undefined) return malformed('event_type', `one of ${[START, SUCCESS, ...Object.keys(FIRES)].join(', ')}`);
  return read([signalOf(note, name, 'firing', at)]);
}

function signalOf(note: Notification, alertname: string, status: Signal['status'], at: string): Signal {
  const { job, run, task, workspace_id: workspace } = note;
  const parent = run.parent_run_id;
  const labels = {
    alertname,
    job_id: job.job_id,
    ...(job.name && { job_name: plainText(job.name, 1024) }),
    // Of a task it is the job's run that people look for.
    run_id: parent && ID.test(parent) ? parent : run.run_id,
    ...(workspace && { workspace_id: plainText(workspace, 64) }),
    ...(task?.task_key && { task_key: plainText(task.task_key, 256) }),
  };
  return {
    source: 'databricks',
    status,
    alertname,
    labels,
    annotations: {},
    startsAt: at,
    endsAt: status === 'resolved' ? at : null,
    fingerprint: `${alertname} ${labels.workspace_id ?? ''} ${job.job_id} ${labels.task_key ?? ''}`.trim(),
  };
}

function read(signals: readonly Signal[]): ParsedAlerts {
  return { ok: true, signals, truncated: 0, faults: [] };
}

function malformed(path: string, expected: string): ParsedAlerts {
  const fix = 'Point a Databricks notification destination of type webhook here.';
  const message = `${path} is not ${expected}`;
  return { ok: false, faults: [{ code: 'alert_malformed', file: 'alert', line: null, message, fix }] };
}
