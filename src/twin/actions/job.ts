import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Json } from '../github/json.ts';
import { githubContext, githubVariables } from './context.ts';
import { fill, holds } from './expression.ts';
import { mask } from './mask.ts';
import type { Setting, Texts } from './options.ts';
import type { LiveRun } from './run.ts';
import { filled, runStep, type StepResult } from './step.ts';
import { fits } from './trigger.ts';
import type { Job, JobPermissions, Workflow } from './workflow.ts';

/** A job with everything that its workflow and its caller say about it. */
export interface JobPlan {
  readonly run: LiveRun;
  readonly file: Workflow;
  readonly job: Job;
  readonly permissions: JobPermissions;
  readonly inputs: Readonly<Record<string, Json>>;
  readonly secrets: Texts;
  readonly needs: Readonly<Record<string, Json>>;
  /** The file and ref that hold the job: the OIDC claim `job_workflow_ref`. */
  readonly workflowRef: string;
}

export interface JobResult {
  readonly result: 'success' | 'failure' | 'skipped' | 'cancelled';
  readonly outputs: Texts;
}

/** The job's environment, when its branch policy admits the ref; a Refusal in words when it does not. */
export function environmentOf(
  setting: Setting,
  plan: JobPlan,
  contexts: Readonly<Record<string, Json>>,
): { name: string | null; refused: string | null } {
  const name = plan.job.environment === null ? null : fill(plan.job.environment, contexts);
  const branches = setting.twin.environments.find((one) => one.name === name)?.branches ?? null;
  const { ref } = plan.run;
  const branch = ref.startsWith('refs/heads/') ? ref.slice('refs/heads/'.length) : null;
  const admitted = branches === null || (branch !== null && branches.some((pattern) => fits(pattern, branch)));
  return { name, refused: admitted ? null : `${ref} is not allowed to deploy to ${name} due to environment protection rules.` };
}

/** Contexts before there is a token: for `if`, `environment` and `concurrency`. */
export function earlyContexts(setting: Setting, plan: JobPlan): Readonly<Record<string, Json>> {
  const failed = Object.values(plan.needs).some(
    (need) => typeof need === 'object' && need !== null && 'result' in need && need.result !== 'success',
  );
  const github = githubContext(setting.twin, plan.run, plan.job.name, '', '');
  return { github, inputs: plan.inputs, vars: setting.options.vars, needs: plan.needs, failed };
}

/** Runs a job's steps on a fresh machine: an empty workspace, its own token, its own secrets. */
export async function runJob(setting: Setting, plan: JobPlan, environment: string | null): Promise<JobResult> {
  const { twin, options } = setting;
  const folder = mkdtempSync(join(tmpdir(), 'twin-job-'));
  try {
    const token = twin.mintActionsToken({ permissions: plan.permissions, runId: plan.run.id });
    const workspace = join(folder, 'work');
    const github = githubContext(twin, plan.run, plan.job.name, token, workspace);
    const secrets = {
      ...plan.secrets,
      ...(environment === null ? {} : options.secrets.environments[environment]),
      GITHUB_TOKEN: token,
    };
    const contexts = { github, secrets, vars: options.vars, inputs: plan.inputs, needs: plan.needs };
    const oidc = await identity(setting, plan, environment, github);
    const base = {
      ...machine(folder, workspace),
      ...githubVariables(github),
      ...oidc,
      GITHUB_EVENT_PATH: eventFile(folder, plan),
    };
    const hidden = [...Object.values(secrets), oidc.ACTIONS_ID_TOKEN_REQUEST_TOKEN ?? ''];
    return await runSteps(setting, plan, { folder, base, contexts, hidden });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Machine {
  readonly folder: string;
  readonly base: Texts;
  readonly contexts: Readonly<Record<string, Json>>;
  readonly hidden: readonly string[];
}

async function runSteps(setting: Setting, plan: JobPlan, { folder, base, contexts, hidden }: Machine): Promise<JobResult> {
  const { run, job } = plan;
  const steps: Record<string, Json> = {};
  let env: Texts = { ...filled(plan.file.env, contexts) };
  env = { ...env, ...filled(job.env, { ...contexts, env }) };
  let failed = false;
  for (const [index, step] of job.steps.entries()) {
    const now = { ...contexts, env, steps, failed };
    if (!holds(step.condition ?? 'success()', now) || (failed && !/always\(\)|failure\(\)/.test(step.condition ?? ''))) continue;
    const done = await runStep(setting, step, { folder, index, base, env, contexts: now, run });
    if (done === null) continue;
    keep(run, done, hidden);
    env = { ...env, ...done.env };
    if (step.id !== null) steps[step.id] = { outputs: { ...done.outputs }, outcome: done.exitCode === 0 ? 'success' : 'failure' };
    if (done.exitCode === null) {
      run.state = 'killed';
      return { result: 'cancelled', outputs: {} };
    }
    failed ||= done.exitCode !== 0;
  }
  return { result: failed ? 'failure' : 'success', outputs: filled(job.outputs, { ...contexts, env, steps }) };
}

/** What the run shows of a step, secrets blotted out. */
function keep(run: LiveRun, done: StepResult, hidden: readonly string[]): void {
  run.stdout += mask(done.stdout, hidden);
  run.stderr += mask(done.stderr, hidden);
  run.summary += mask(done.summary, hidden);
  run.outputs = { ...run.outputs, ...done.outputs };
  run.exitCode = done.exitCode === null ? null : run.exitCode === null || run.exitCode === 0 ? done.exitCode : run.exitCode;
}

function machine(folder: string, workspace: string): Texts {
  const made = { GITHUB_WORKSPACE: workspace, RUNNER_TEMP: join(folder, 'temp'), HOME: join(folder, 'home') };
  for (const path of Object.values(made)) mkdirSync(path, { recursive: true });
  return {
    ...made,
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    RUNNER_OS: 'Linux',
    RUNNER_ARCH: 'X64',
    RUNNER_NAME: 'twin',
    RUNNER_TOOL_CACHE: made.RUNNER_TEMP,
    PATH: process.env.PATH ?? '/usr/bin:/bin',
    LANG: 'C.UTF-8',
  };
}

function eventFile(folder: string, plan: JobPlan): string {
  const path = join(folder, 'event.json');
  writeFileSync(path, JSON.stringify(plan.run.trigger.payload));
  return path;
}

/** Only a job with `id-token: write` learns where identity tokens are. */
async function identity(
  setting: Setting,
  plan: JobPlan,
  environment: string | null,
  github: Readonly<Record<string, Json>>,
): Promise<Texts> {
  if (setting.oidc === null || plan.permissions['id-token'] !== 'write') return {};
  const names = [
    'repository',
    'repository_id',
    'repository_owner',
    'ref',
    'ref_type',
    'sha',
    'run_id',
    'run_number',
    'run_attempt',
    'actor',
    'workflow',
    'workflow_ref',
    'event_name',
  ];
  const claims = Object.fromEntries(names.map((name) => [name, String(github[name] ?? '')]));
  const { url, token } = await setting.oidc.grant({
    ...claims,
    job_workflow_ref: plan.workflowRef,
    runner_environment: 'github-hosted',
    ...(environment === null ? {} : { environment }),
  });
  return { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: token };
}
