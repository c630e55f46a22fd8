import type { Json } from '../github/json.ts';
import { fieldsOf, parseJson } from '../github/json.ts';
import { fill, holds } from './expression.ts';
import { earlyContexts, environmentOf, type JobPlan, type JobResult, runJob } from './job.ts';
import type { Setting } from './options.ts';
import { DEFAULT_PERMISSIONS, excess } from './permissions.ts';
import type { LiveRun } from './run.ts';
import { show } from './show.ts';
import { filled } from './step.ts';
import { workflowsAt } from './trigger.ts';
import { type Concurrency, type JobPermissions, parseWorkflow, type Workflow } from './workflow.ts';

/** One workflow from its first job to its last; the run says how it went. */
export async function runWorkflow(setting: Setting, run: LiveRun): Promise<void> {
  const held = run.file.permissions ?? DEFAULT_PERMISSIONS;
  const { owner, repo } = setting.twin;
  const workflowRef = `${owner}/${repo}/${run.file.path}@${run.ref}`;
  const inputs = run.event === 'workflow_dispatch' ? fieldsOf(run.trigger.payload.inputs) : {};
  const base = {
    run,
    file: run.file,
    permissions: held,
    inputs,
    secrets: setting.options.secrets.repository,
    needs: {},
    workflowRef,
  };
  await inTurn(
    setting,
    run,
    run.file.concurrency,
    { github: fieldsOf(parseJson(JSON.stringify(githubOf(setting, run)))) },
    async () => {
      run.state = 'running';
      show(setting.twin, run);
      const results = Object.values(await runJobs(setting, run.file, base));
      if (run.state !== 'running') return;
      const failed = results.some((one) => one.result === 'failure' || one.result === 'cancelled');
      run.state = failed ? 'failure' : results.every((one) => one.result === 'skipped') ? 'skipped' : 'success';
    },
  );
}

function githubOf(setting: Setting, run: LiveRun): Json {
  const { event, ref, sha, trigger } = run;
  return {
    event_name: event,
    ref,
    sha,
    event: trigger.payload,
    repository: `${setting.twin.owner}/${setting.twin.repo}`,
    run_id: String(run.id),
    workflow: run.file.name,
  };
}

/** Waits for the group's turn; a run that lost its place is cancelled. */
async function inTurn(
  setting: Setting,
  run: LiveRun,
  concurrency: Concurrency | null,
  contexts: Readonly<Record<string, Json>>,
  work: () => Promise<void>,
): Promise<void> {
  if (concurrency === null) return work();
  const group = { ...concurrency, group: fill(concurrency.group, contexts) };
  if (!(await setting.groups.enter(group))) {
    run.state = 'cancelled';
    run.reason = `a newer run waits for ${group.group}`;
    return;
  }
  try {
    await work();
  } finally {
    setting.groups.leave(group);
  }
}

type Base = Omit<JobPlan, 'job'>;

/** Jobs one after the other, each after those it needs. */
async function runJobs(setting: Setting, file: Workflow, base: Base): Promise<Readonly<Record<string, JobResult>>> {
  const results: Record<string, JobResult> = {};
  const left = new Set(file.jobs);
  while (left.size > 0) {
    const next = [...left].find((job) => job.needs.every((name) => results[name] !== undefined));
    if (next === undefined) throw new Error(`${file.path}: jobs need each other`);
    left.delete(next);
    const needs = Object.fromEntries(
      next.needs.map((name) => [name, { result: results[name]?.result ?? '', outputs: { ...results[name]?.outputs } }]),
    );
    results[next.name] = await runOne(setting, { ...base, job: next, needs });
  }
  return results;
}

async function runOne(setting: Setting, given: JobPlan): Promise<JobResult> {
  const { job, run } = given;
  const skipped: JobResult = { result: 'skipped', outputs: {} };
  if (run.state === 'killed') return skipped;
  const contexts = earlyContexts(setting, given);
  const condition = job.condition ?? 'success()';
  const brave = /always\(\)|failure\(\)/.test(condition);
  if (!holds(condition, contexts) || (contexts.failed === true && !brave)) return skipped;
  let done: JobResult = { result: 'cancelled', outputs: {} };
  if (job.uses !== null) {
    await inTurn(setting, run, job.concurrency, contexts, async () => {
      done = await call(setting, given, contexts);
    });
    return done;
  }
  const plan = { ...given, permissions: job.permissions ?? given.permissions };
  const environment = environmentOf(setting, plan, contexts);
  if (environment.refused !== null) return refuse(run, environment.refused);
  await inTurn(setting, run, job.concurrency, contexts, async () => {
    done = await runJob(setting, plan, environment.name);
  });
  return done;
}

function refuse(run: LiveRun, reason: string): JobResult {
  run.state = 'refused';
  run.reason = reason;
  return { result: 'failure', outputs: {} };
}

/** A reusable workflow: its jobs see the inputs and secrets they are given and at most the caller's permissions. */
async function call(setting: Setting, caller: JobPlan, contexts: Readonly<Record<string, Json>>): Promise<JobResult> {
  const { job, run } = caller;
  const found = reusable(setting, caller);
  if (found === null) return refuse(run, `there is no workflow ${job.uses}`);
  const held: JobPermissions = job.permissions ?? caller.permissions;
  for (const inner of found.file.jobs) {
    const wanted = inner.permissions ?? found.file.permissions;
    const over = wanted === null ? null : excess(wanted, held);
    if (over !== null)
      return refuse(run, `${found.file.path}: the job ${inner.name} asks for ${over}, which its caller does not have`);
  }
  const passed = { ...contexts, secrets: caller.secrets };
  const secrets = job.secrets === 'inherit' ? caller.secrets : filled(job.secrets, passed);
  const inputs = { ...found.file.defaults, ...filled(job.inputs, passed) };
  const base = {
    run,
    file: found.file,
    permissions: found.file.permissions ?? held,
    inputs,
    secrets,
    needs: {},
    workflowRef: found.ref,
  };
  const results = Object.values(await runJobs(setting, found.file, base));
  const bad = results.some((one) => one.result === 'failure' || one.result === 'cancelled');
  const outputs = Object.assign({}, ...results.map((one) => one.outputs));
  return { result: bad ? 'failure' : results.every((one) => one.result === 'skipped') ? 'skipped' : 'success', outputs };
}

function reusable(setting: Setting, { job, run }: JobPlan): { readonly file: Workflow; readonly ref: string } | null {
  const { uses } = job;
  const local = /^\.\/(.+)$/.exec(uses ?? '')?.[1];
  if (local !== undefined) {
    const file = workflowsAt(setting.twin.gitDir, run.sha).find((one) => one.path === local);
    return file === undefined ? null : { file, ref: `${setting.twin.owner}/${setting.twin.repo}/${local}@${run.ref}` };
  }
  const path = /^[^/]+\/[^/]+\/([^@]+)@/.exec(uses ?? '')?.[1] ?? '';
  const text = setting.options.action.reusable?.[path];
  const file = text === undefined ? null : parseWorkflow(path, text);
  return file === null ? null : { file, ref: uses ?? '' };
}
