import * as z from 'zod/mini';
import type { Signal } from '../model/signal.ts';
import type { ParsedAlerts } from './alert.ts';
import { alertFaults, type Misfit } from './alert-fault.ts';
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
const EVENTS = [START, SUCCESS, ...Object.keys(FIRES)];
/** One place can be wrong in one way; more faults than the form has fields are none. */
const MOST_FAULTS = 8;
/** int64 at most; ids stay text. */
const ID = /^\d{1,19}$/;

const POINT = 'Point a Databricks notification destination of type webhook here; nothing else sends this form.';

/**
 * Reads a job notification of Databricks. It carries no time: `at` is when it came in. A start is no alert and gives no signal. The alert's
 * own id is the job, not the run, so that the next good run resolves it. `text`: the body as sent, for the lines of faults.
 */
export function parseDatabricks(body: unknown, at: string, text: string | null = null): ParsedAlerts {
  const parsed = Notification.safeParse(body);
  if (!parsed.success) return malformed(parsed.error.issues.map((issue) => misfitOf(issue, body)).slice(0, MOST_FAULTS), text);
  const note = parsed.data;
  const kind = note.event_type;
  const wrong = [
    ...(ID.test(note.job.job_id) ? [] : [misfitAt(['job', 'job_id'], body, 'the digits of an id')]),
    ...(ID.test(note.run.run_id) ? [] : [misfitAt(['run', 'run_id'], body, 'the digits of an id')]),
  ];
  if (wrong.length > 0) return malformed(wrong, text);
  if (kind === START) return read([]);
  if (kind === SUCCESS) return read(ENDED_BY_SUCCESS.map((name) => signalOf(note, name, 'resolved', at)));
  const name = Object.hasOwn(FIRES, kind) ? FIRES[kind] : undefined;
  if (name !== undefined) return read([signalOf(note, name, 'firing', at)]);
  const fix = 'Select failure, success, duration warning or streaming backlog in the job’s notifications, and no other event.';
  return malformed([{ ...misfitAt(['event_type'], body, `one of ${EVENTS.join(', ')}`), fix }], text);
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

/** What the parser expected at a place, in words; an id comes as a number or as digits. */
const EXPECTED: Readonly<Record<string, string>> = { string: 'a text', object: 'an object' };

function misfitOf(issue: z.core.$ZodIssue, body: unknown): Misfit {
  const path = issue.path.map((step) => (typeof step === 'number' ? step : String(step)));
  const expected = issue.code === 'invalid_type' ? (EXPECTED[issue.expected] ?? issue.expected) : 'an id';
  return misfitAt(path, body, expected);
}

function misfitAt(path: Misfit['path'], body: unknown, expected: string): Misfit {
  const found = path.reduce<unknown>(
    (value, step) =>
      typeof value === 'object' && value !== null ? Object.getOwnPropertyDescriptor(value, step)?.value : undefined,
    body,
  );
  return { path, found, expected, fix: POINT };
}

function malformed(misfits: readonly Misfit[], text: string | null): ParsedAlerts {
  return { ok: false, faults: alertFaults(misfits, text) };
}
