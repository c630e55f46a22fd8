import { secondsOf } from '../core/duration.ts';
import { failedTasks } from '../core/failure.ts';
import type { UnnumberedEvidence } from '../core/gathered.ts';
import { bindQuery } from '../core/promql.ts';
import { failedBefore, latestFinished } from '../core/run-facts.ts';
import type { FailureReadings, RunReadings } from '../core/run-readings.ts';
import type { SignalValue } from '../core/signal-value.ts';
import { signalValue } from '../core/signal-value.ts';
import type { Job, Run, StageSummary, TaskError } from '../model/job.ts';
import type { Known } from '../model/known.ts';
import { known, unknown } from '../model/known.ts';
import type { RunbookSignal, SignalQuery } from '../model/runbook.ts';
import type { Target } from '../model/target.ts';
import type { InvestigationReads, Metrics, WorkspaceReader } from '../ports.ts';

type PrometheusQuery = Extract<SignalQuery, { from: 'prometheus' }>;

/** Runs looked at: enough for the last five good ones behind a bad night. */
const runsRead = 20;
/** A run with more failed tasks has one cause, not many: the first ones tell it. */
const errorsRead = 5;
/** Failed runs before the latest that are read like it: with it three of the same in a row, which no rerun cures. */
const earlierRead = 2;

/**
 * Reads a PromQL signal: all exporter variants at once, and the first in the runbook's order that answers with series is used. A
 * parameter that the alert does not have leaves the signal unread.
 */
export async function readSignal(
  metrics: Metrics | null,
  signal: RunbookSignal & { readonly query: PrometheusQuery },
  parameters: Readonly<Record<string, string>>,
  at: Date,
): Promise<UnnumberedEvidence> {
  const read = await Promise.all(
    Object.entries(signal.query.variants).map(([variant, template]) =>
      readVariant(metrics, signal, { variant, template }, parameters, at),
    ),
  );
  const best = read.find((one) => one.quality !== 'absent') ?? read[0];
  return best ?? evidenceOf(signal, '', { value: null, quality: 'absent', note: 'no query', points: [] }, at);
}

async function readVariant(
  metrics: Metrics | null,
  signal: RunbookSignal & { readonly query: PrometheusQuery },
  { variant, template }: { readonly variant: string; readonly template: string },
  parameters: Readonly<Record<string, string>>,
  at: Date,
): Promise<UnnumberedEvidence> {
  const bound = bindQuery(template, parameters);
  const none = (note: string) => evidenceOf(signal, template, { value: null, quality: 'absent', note, points: [] }, at);
  if (!bound.ok) return none(`${variant}: ${bound.reason.subject} is not in the alert`);
  if (metrics === null) return none('no Prometheus is configured');
  const { range, step } = signal.query;
  const answer =
    range === null
      ? await metrics.instant(bound.value, at)
      : await metrics.range(bound.value, new Date(at.getTime() - secondsOf(range) * 1000), at, secondsOf(step ?? '60s'));
  const value = signalValue(answer, signal, at.getTime() / 1000);
  return evidenceOf(signal, bound.value, { ...value, note: [variant, value.note].filter((word) => word !== '').join(': ') }, at);
}

function evidenceOf(
  signal: RunbookSignal & { readonly query: PrometheusQuery },
  query: string,
  value: SignalValue,
  at: Date,
): UnnumberedEvidence {
  const window = signal.query.range ?? 'now';
  return { name: signal.name, source: 'prometheus', query, window, unit: signal.unit, ...value, at: at.toISOString() };
}

/** One number now, for a check of the verification; null when it is not fresh. */
export async function readNumber(metrics: Metrics | null, query: string, unit: string, at: Date): Promise<number | null> {
  if (metrics === null) return null;
  const value = signalValue(await metrics.instant(query, at), { unit, absent: 'unknown' }, at.getTime() / 1000);
  return value.quality === 'fresh' ? value.value : null;
}

/**
 * The id of the target's live job: as given, or by its exact name among all jobs. A bundle's job has no id in the repository: the
 * alert's `job_id` is believed for reading only.
 */
export async function readJobId(
  workspace: WorkspaceReader | null,
  target: Target,
  labels: Readonly<Record<string, string>>,
): Promise<Known<string>> {
  const { job } = target;
  if (job === null) return unknown('the target names no job');
  if (job.by === 'id') return known(job.id);
  if (workspace === null) return unknown('no workspace is configured');
  if (job.by === 'bundle') {
    const told = labels.job_id ?? '';
    return /^\d{1,19}$/.test(told) ? known(told) : unknown('a bundle job has no id in Git, and the alert has no job_id label');
  }
  const ids = await workspace.jobsNamed(job.name);
  if (!ids.known) return ids;
  const [only] = ids.value;
  if (only === undefined) return unknown('missing: no job has this name');
  return ids.value.length === 1 ? known(only) : unknown(`${ids.value.length} jobs have this name`);
}

/** Live settings of a job, all pages. */
export async function readJob(workspace: WorkspaceReader | null, id: Known<string>): Promise<Known<Job>> {
  if (!id.known) return id;
  return workspace === null ? unknown('no workspace is configured') : workspace.job(id.value);
}

/** A job's recent runs; of the latest finished one, if it failed, and of the failures before it, the tasks' errors and the clusters' events. */
export async function readRuns(workspace: WorkspaceReader | null, id: Known<string>): Promise<RunReadings> {
  if (!id.known || workspace === null) {
    const why = unknown(id.known ? 'no workspace is configured' : id.why);
    return { runs: why, errors: why, events: why };
  }
  const runs = await workspace.runs(id.value, runsRead);
  if (!runs.known) return { runs, errors: runs, events: runs };
  const latest = latestFinished(runs.value);
  if (latest?.outcome !== 'failed') return { runs, errors: known([]), events: known([]) };
  const earlier = failedBefore(runs.value).slice(0, earlierRead);
  const [failure, before] = await Promise.all([
    readFailure(workspace, latest),
    Promise.all(earlier.map((run) => readFailure(workspace, run))),
  ]);
  return { runs, ...failure, earlier: before };
}

/** What the failed tasks of one run said, and what happened to their clusters. */
export async function readFailure(workspace: WorkspaceReader, run: Run): Promise<FailureReadings> {
  const [errors, events] = await Promise.all([readErrors(workspace, run), readEvents(workspace, run)]);
  return { errors, events };
}

/** One run by its id; of its failed tasks, the errors and the clusters' events. */
export async function readRun(workspace: WorkspaceReader, id: string): Promise<{ readonly run: Known<Run> } & FailureReadings> {
  const run = await workspace.run(id);
  if (!run.known) return { run, errors: run, events: run };
  return { run, ...(await readFailure(workspace, run.value)) };
}

async function readErrors(workspace: WorkspaceReader, run: Run): Promise<Known<readonly TaskError[]>> {
  const first = failedTasks(run).slice(0, errorsRead);
  const read = await Promise.all(first.map((task) => workspace.details.taskError(task.runId)));
  const lost = read.find((one) => !one.known);
  const found = read.flatMap((one) => (one.known ? [one.value] : []));
  return lost !== undefined && !lost.known && found.length === 0 ? lost : known(found);
}

async function readEvents(workspace: WorkspaceReader, run: Run): Promise<RunReadings['events']> {
  const clusters = [...new Set(failedTasks(run).flatMap((task) => task.clusterId ?? []))];
  const read = await Promise.all(clusters.slice(0, errorsRead).map((cluster) => workspace.details.clusterEvents(cluster)));
  const lost = read.find((one) => !one.known);
  return lost !== undefined && !lost.known ? lost : known(read.flatMap((one) => (one.known ? one.value : [])));
}

/** Labels by which Spark's exporters name an application. */
const applicationLabels = ['application_id', 'app_id', 'spark_app_id', 'application_name', 'app_name', 'spark_app_name'];

/**
 * Stage quantiles of the latest finished run. Where there is no workspace to have runs, those of the application that the alert names, else
 * of the newest there is of one name.
 */
export async function readStages(
  { stages, workspace }: InvestigationReads,
  runs: RunReadings['runs'],
  labels: Readonly<Record<string, string>>,
): Promise<Known<readonly StageSummary[]>> {
  const application = applicationLabels.flatMap((label) => labels[label] ?? [])[0] ?? null;
  const latest = runs.known ? latestFinished(runs.value) : null;
  if (!runs.known && workspace !== null) return runs;
  if (runs.known && latest === null) return unknown('absent: no run has finished');
  if (stages === null) return unknown('absent: no source of stage data is configured');
  return stages.stages(latest, application);
}
