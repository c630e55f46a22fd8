import { takingConf } from './conf-file.ts';
import type { JobShape } from './job.ts';
import { readJob } from './job.ts';
import { defaultNodeTypes } from './node-types.ts';
import { type Pace, usualPace } from './pace.ts';
import type { LiveJobs, Pipeline, PipelineSeed, RunRefused } from './pipeline.ts';
import type { Ids, PlanRequest } from './plan-run.ts';
import { createIds, planAttempts } from './plan-run.ts';
import type { Millis, Run, TaskAttempt } from './run.ts';
import { cutShort, endOf, isActive, latestAttempts, limited, phaseOf } from './run.ts';
import { dueTimes } from './schedule.ts';
import type { Sample } from './series.ts';
import { seriesOf } from './series.ts';
import type { StreamHistory } from './stream-history.ts';
import { createStreamHistory, sampleEvery } from './stream-history.ts';
import type { Workload } from './workload.ts';

/** The pipeline of `createPipeline`: runs that are planned when they start, and streams that move on every 15 s of twin time. */
export class RunningPipeline implements Pipeline {
  readonly workloads: readonly Workload[];
  readonly #runs = new Map<string, Run>();
  readonly #tokens = new Map<string, string>();
  readonly #streams: readonly StreamHistory[];
  readonly #started = new Map<string, Millis>();
  readonly #ids: Ids;
  readonly #pace: Pace;
  readonly #files: PipelineSeed['files'];
  #jobs: LiveJobs;
  #now: Millis;

  constructor(seed: PipelineSeed) {
    this.workloads = seed.workloads;
    const settings = new Map(seed.workloads.map((workload) => [workload.jobId, workload.settings]));
    this.#jobs = { settingsText: (jobId) => settings.get(jobId), nodeTypes: seed.nodeTypes ?? defaultNodeTypes };
    this.#ids = createIds();
    this.#pace = seed.pace ?? usualPace;
    this.#files = seed.files;
    const start = seed.start.getTime();
    const oldest = Math.max(0, ...seed.workloads.map((workload) => workload.historyHours)) * 3_600_000;
    for (const workload of seed.workloads) this.#started.set(workload.jobId, start - workload.historyHours * 3_600_000);
    this.#streams = seed.workloads.flatMap(
      (workload) => createStreamHistory(workload, start - workload.historyHours * 3_600_000) ?? [],
    );
    this.#now = Math.floor((start - oldest) / sampleEvery) * sampleEvery - 1;
    this.advanceTo(seed.start);
  }

  now(): Date {
    return new Date(this.#now);
  }

  attach(jobs: LiveJobs): void {
    this.#jobs = takingConf(jobs, this.workloads, this.#files);
  }

  advanceTo(date: Date): void {
    const target = date.getTime();
    while (this.#now < target) {
      const tick = Math.floor(this.#now / sampleEvery) * sampleEvery + sampleEvery;
      const next = Math.min(tick, target);
      this.#startDue(this.#now, next);
      this.#now = next;
      if (next === tick) for (const stream of this.#streams) this.#stepStream(stream, tick);
    }
  }

  runs(jobId?: string): readonly Run[] {
    return [...this.#runs.values()].filter((run) => jobId === undefined || run.jobId === jobId);
  }

  run(runId: string): Run | undefined {
    return this.#runs.get(runId);
  }

  streams(): readonly StreamHistory[] {
    return this.#streams;
  }

  series(at: Date): readonly Sample[] {
    return seriesOf({
      runs: this.runs(),
      streams: this.#streams,
      workloads: this.workloads,
      at: Math.min(at.getTime(), this.#now),
    });
  }

  runNow(jobId: string, options: Parameters<Pipeline['runNow']>[1] = {}): string {
    const key = `${jobId} ${options.token ?? ''}`;
    const known = options.token === undefined ? undefined : this.#tokens.get(key);
    if (known !== undefined) return known;
    const run = this.#begin(jobId, this.#now, 'ONE_TIME', options.parameters ?? new Map(), options.only);
    if (options.token !== undefined) this.#tokens.set(key, run.runId);
    return run.runId;
  }

  restart(jobId: string): string {
    for (const run of this.runs(jobId)) if (run.started === null || isActive(run, this.#now)) this.#stop(run, this.#now);
    return this.#begin(jobId, this.#now, 'ONE_TIME', new Map()).runId;
  }

  settingsChanged(jobId: string): void {
    const { timeoutSeconds } = readJob(this.#jobs.settingsText(jobId) ?? '{}');
    for (const run of this.runs(jobId)) if (isActive(run, this.#now)) this.#keep(limited(run, timeoutSeconds, this.#now));
  }

  cancel(runId: string): void {
    const run = this.#runs.get(runId);
    // A cancellation is asynchronous: the run ends some seconds later.
    if (run !== undefined && (run.started === null || isActive(run, this.#now))) this.#stop(run, this.#now + this.#pace.cancel);
  }

  repair(runId: string, request: Parameters<Pipeline['repair']>[1]): { readonly repairId: string } | RunRefused {
    const run = this.#runs.get(runId);
    if (run === undefined) return { refused: `Run ${runId} does not exist.` };
    if (phaseOf(run, this.#now) !== 'TERMINATED') return { refused: 'Cannot repair a run that is still active.' };
    const latest = run.repairs.at(-1)?.repairId;
    if (latest !== request.latestRepairId)
      return { refused: `The latest repair ID is ${latest ?? 'unset'}; provide it as latest_repair_id.` };
    const failed = latestAttempts(run).filter((attempt) => attempt.result !== 'SUCCESS');
    const only = request.taskKeys === 'failed' ? new Set(failed.map((attempt) => attempt.taskKey)) : request.taskKeys;
    if (only.size === 0) return { refused: 'There is no failed task to repair.' };
    const settings = this.#jobs.settingsText(run.jobId) ?? run.settings;
    const job = readJob(settings, run.parameters);
    const made = this.#plan({ job, jobId: run.jobId, settings, at: this.#now, only, earlier: run.attempts });
    const attempts = [...run.attempts, ...made];
    const repair = { repairId: this.#ids.next(), at: this.#now, taskRunIds: made.map((attempt) => attempt.runId) };
    this.#keep({ ...run, settings, attempts, repairs: [...run.repairs, repair], ...endOf({ ...run, attempts }) });
    return { repairId: repair.repairId };
  }

  #keep(run: Run): Run {
    this.#runs.set(run.runId, run);
    return run;
  }

  #begin(
    jobId: string,
    at: Millis,
    trigger: Run['trigger'],
    parameters: ReadonlyMap<string, string>,
    only?: ReadonlySet<string>,
  ): Run {
    const settings = this.#jobs.settingsText(jobId) ?? '{}';
    const job = readJob(settings, parameters);
    const base = { runId: this.#ids.next(), jobId, name: job.name, trigger, created: at, settings, parameters, repairs: [] };
    const active = this.runs(jobId).filter((run) => isActive(run, at) || run.started === null);
    if (active.length >= job.maxConcurrentRuns) {
      const skipped = { ...base, attempts: [], started: at, ended: at, result: 'MAXIMUM_CONCURRENT_RUNS_REACHED' as const };
      return this.#keep(job.queued ? { ...base, attempts: [], started: null, ended: null, result: 'SUCCESS' } : skipped);
    }
    return this.#keep(this.#launched({ ...base, attempts: [], started: at, ended: null, result: 'SUCCESS' }, job, at, only));
  }

  #launched(run: Run, job: JobShape, at: Millis, only?: ReadonlySet<string>): Run {
    const attempts = this.#plan({ job, jobId: run.jobId, settings: run.settings, at, ...(only === undefined ? {} : { only }) });
    const launched = { ...run, started: at, attempts, ...endOf({ ...run, attempts }) };
    return limited(launched, job.timeoutSeconds, at);
  }

  #plan({
    jobId,
    ...request
  }: Omit<PlanRequest, 'workload' | 'nodes' | 'ids' | 'pace'> & { readonly jobId: string }): readonly TaskAttempt[] {
    const workload = this.workloads.find((one) => one.jobId === jobId);
    return planAttempts({ ...request, workload, nodes: this.#jobs.nodeTypes, ids: this.#ids, pace: this.#pace });
  }

  #stop(run: Run, at: Millis): void {
    const attempts = run.attempts.map((attempt) => cutShort(attempt, at, 'CANCELED'));
    this.#keep({ ...run, started: run.started ?? at, ended: at, result: 'CANCELED', attempts });
  }

  /** Starts what is due in (after, until]: schedules, then what waits in a queue, then continuous jobs without a run. */
  #startDue(after: Millis, until: Millis): void {
    for (const workload of this.workloads) {
      const since = Math.max(after, this.#started.get(workload.jobId) ?? after);
      for (const due of dueTimes(workload.schedule, since, until)) this.#begin(workload.jobId, due, 'PERIODIC', new Map());
      if (workload.schedule.kind === 'continuous' && until >= since) this.#keepUp(workload.jobId, until);
    }
    for (const run of this.#runs.values()) {
      if (run.started !== null || this.runs(run.jobId).some((other) => isActive(other, until))) continue;
      const settings = this.#jobs.settingsText(run.jobId) ?? run.settings;
      this.#keep(this.#launched({ ...run, settings }, readJob(settings, run.parameters), until));
    }
  }

  #keepUp(jobId: string, at: Millis): void {
    const runs = this.runs(jobId);
    if (at < (this.#started.get(jobId) ?? at) || runs.some((run) => run.started === null || isActive(run, at))) return;
    const last = runs.at(-1)?.ended ?? 0;
    const job = readJob(this.#jobs.settingsText(jobId) ?? '{}');
    if (job.continuous && at >= last + this.#pace.pause) this.#begin(jobId, at, 'CONTINUOUS', new Map());
  }

  #stepStream(stream: StreamHistory, tick: Millis): void {
    const run = this.runs(stream.workload.jobId).findLast((one) => phaseOf(one, tick) === 'RUNNING');
    stream.step(tick, run === undefined ? null : readJob(run.settings, run.parameters), this.#jobs.nodeTypes);
  }
}
