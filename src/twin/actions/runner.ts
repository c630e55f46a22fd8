import type { TwinGithub } from '../github/index.ts';
import type { Fields } from '../github/json.ts';
import { createGroups } from './concurrency.ts';
import { runWorkflow } from './jobs.ts';
import { startOidc } from './oidc.ts';
import type { RunnerOptions, Setting } from './options.ts';
import { type LiveRun, newRun, type Run } from './run.ts';
import { FIRST_RUN, show } from './show.ts';
import { type Trigger, triggerOf, workflowsFor } from './trigger.ts';

export type { RunnerOptions } from './options.ts';
export type { Run } from './run.ts';

export interface Runner {
  /** Oldest first; an attempt again is an entry of its own with the same id. */
  readonly runs: readonly Run[];
  /** Resolves when nothing runs or waits, also nothing that the runs themselves started. */
  idle(): Promise<void>;
  /** Fires `on: schedule` of the default branch. */
  schedule(): void;
  rerun(id: number): void;
  /** Where identity tokens are issued and their keys found (`/.well-known/jwks`); null without `oidc`. */
  issuer(): Promise<string | null>;
  close(): Promise<void>;
}

/** What a workflow's own token does starts no workflow, these two excepted. */
const ALWAYS = new Set(['repository_dispatch', 'workflow_dispatch']);

/** GitHub Actions beside the twin: listens to its events and runs what the workflows in the repository say. */
export function startRunner(twin: TwinGithub, options: RunnerOptions): Runner {
  const oidc = options.oidc === undefined ? null : startOidc({ ...options.oidc, clock: twin.clock });
  const setting: Setting = { twin, options, oidc, groups: createGroups() };
  const runs: LiveRun[] = [];
  const active = new Set<Promise<void>>();
  let closed = false;

  const start = (run: LiveRun) => {
    runs.push(run);
    show(twin, run);
    const task = runWorkflow(setting, run)
      .catch((problem: unknown) => fail(run, problem))
      .finally(() => {
        show(twin, run);
        active.delete(task);
      });
    active.add(task);
  };
  const fire = (trigger: Trigger | null) => {
    if (trigger === null || closed) return;
    for (const file of workflowsFor(twin.gitDir, trigger)) start(newRun(FIRST_RUN + runs.length + 1, 1, file, trigger));
  };
  twin.onEvent((event) => {
    if (event.actor.actionsToken && !ALWAYS.has(event.name)) return;
    fire(triggerOf(twin.gitDir, event.name, event.payload, event.actor.login));
  });
  return {
    runs,
    idle: async () => {
      while (active.size > 0) await Promise.all(active);
    },
    schedule: () => fire(triggerOf(twin.gitDir, 'schedule', schedulePayload(twin), twin.owner)),
    rerun: (id) => {
      const last = runs.findLast((run) => run.id === id);
      if (last === undefined) throw new Error(`there is no run ${id}`);
      start(newRun(id, last.attempt + 1, last.file, last.trigger));
    },
    issuer: async () => oidc?.issuer ?? null,
    close: async () => {
      closed = true;
      while (active.size > 0) await Promise.all(active);
      await oidc?.close();
    },
  };
}

function schedulePayload(twin: TwinGithub): Fields {
  const owner = { login: twin.owner };
  const repository = {
    id: twin.repositoryId,
    name: twin.repo,
    full_name: `${twin.owner}/${twin.repo}`,
    owner,
    default_branch: 'main',
  };
  return { schedule: '*/5 * * * *', repository, workflow: null };
}

/** A workflow that cannot be read or a child that cannot be started: the run says why, the runner goes on. */
function fail(run: LiveRun, problem: unknown): void {
  run.state = 'failure';
  run.reason = problem instanceof Error ? problem.message : String(problem);
}
