import { applyUnfinished } from '../../src/flow/apply.ts';
import type { ApplyPorts, HeldBack } from '../../src/flow/apply-report.ts';
import type { Config } from '../../src/model/config.ts';
import type { GateFacts } from '../../src/model/gate.ts';
import type { Run } from '../../src/model/job.ts';
import { type Known, known, unknown } from '../../src/model/known.ts';
import type { Merged } from '../../src/model/merged-change.ts';
import type { RolloutEntry } from '../../src/model/rollout.ts';
import type { WorkspaceReader } from '../../src/ports.ts';
import { configOf, JOB_FILE } from './gate.ts';

/** One repository and one job that outlive attempts. */
export interface ApplyWorld {
  readonly merged: Partial<Merged>;
  /** Why a change of the policy may not have been seen; null: none. */
  readonly unseen: string | null;
  /** Facts of each merge. */
  readonly facts: Readonly<Record<string, GateFacts>>;
  readonly config: Partial<Config> | 'unreadable';
  /** Files at HEAD, and `<path>@<commit>` where a commit's differ. */
  readonly files: Readonly<Record<string, string | null>>;
  readonly settings: string;
  /** Of a stream; a job whose run 7 failed unless given. */
  readonly runs: readonly Run[];
  readonly jobs: Readonly<Record<string, Known<readonly string[]>>>;
  readonly environment: Known<boolean>;
  /** Why nothing here may act; null: it may. */
  readonly heldBack: HeldBack | null;
  readonly log: Readonly<Record<string, readonly RolloutEntry[]>>;
}

export const TIP = 'f'.repeat(40);

export function applyWorld(world: Partial<ApplyWorld>) {
  const state = {
    settings: world.settings ?? '{}',
    resets: 0,
    repairs: 0,
    runs: world.runs ?? null,
    cancelled: [] as string[],
    started: [] as string[],
    now: Date.parse('2026-11-23T04:00:00Z'),
    /** What each append noted at once. */
    appends: [] as (readonly RolloutEntry['what'][])[],
    log: new Map<string, readonly RolloutEntry[]>(Object.entries(world.log ?? {})),
    gathered: [] as string[],
    facts: { ...world.facts },
    environment: world.environment ?? known(true),
  };
  /** The run that failed; it is under way again once it was repaired. */
  const failedRun = (id: string): Run => ({
    id,
    jobId: '42',
    outcome: state.repairs > 0 ? 'active' : 'failed',
    startedAt: '2026-11-23T01:00:00Z',
    endedAt: state.repairs > 0 ? null : '2026-11-23T02:00:00Z',
    terminationCode: null,
    terminationType: null,
    message: '',
    tasks: [],
    repairs: Array.from({ length: state.repairs }, (_, index) => ({ id: `r${index}`, startedAt: '2026-11-23T05:00:00Z' })),
  });
  const reader: WorkspaceReader = {
    name: 'prod',
    host: 'https://prod.example.test',
    job: async (id) => known({ id, name: 'a', settings: state.settings, managedBy: null }),
    jobsNamed: async (name) => world.jobs?.[name] ?? known([]),
    runs: async () => known(state.runs ?? [failedRun('7')]),
    run: async (id) => known(failedRun(id)),
    details: {
      taskError: async () => unknown('not asked here'),
      clusterEvents: async () => unknown('not asked here'),
      nodeTypes: async () => unknown('not asked here'),
    },
  };
  const log = {
    read: async ({ merge, target }: { merge: string; target: string }) => known(state.log.get(`${merge} ${target}`) ?? []),
    append: async ({ merge, target }: { merge: string; target: string }, ...entries: readonly RolloutEntry[]) => {
      state.appends.push(entries.map((entry) => entry.what));
      state.log.set(`${merge} ${target}`, [...(state.log.get(`${merge} ${target}`) ?? []), ...entries]);
    },
  };
  const factsOf = (merge: string) => {
    const found = state.facts[merge];
    if (!found) throw new Error(`no facts of ${merge}`);
    return found;
  };
  const ports: ApplyPorts = {
    clock: {
      now: async () => new Date(state.now),
      sleep: async (milliseconds) => {
        state.now += milliseconds;
      },
    },
    facts: {
      change: async (question) => {
        const merge = question.moment === 'apply' ? question.merge : '';
        state.gathered.push(merge);
        return factsOf(merge).change;
      },
      followUp: async (change) => {
        const found = Object.values(state.facts).find((one) => one.change === change);
        if (!found) throw new Error('no such change');
        return found.followUp;
      },
      commanders: async () => known([]),
    },
    content: {
      tip: async () => {
        throw new Error('not asked here');
      },
      read: async (path, ref) => {
        const text = world.files?.[`${path}@${ref}`] ?? world.files?.[path] ?? null;
        return text === null ? null : { text, blob: 'b' };
      },
      list: async () => [],
    },
    config: {
      config: async () =>
        world.config === 'unreadable'
          ? { ok: false, commit: TIP, faults: [{ code: 'config_invalid', file: 'f', line: 1, message: 'faulty', fix: '' }] }
          : { ok: true, commit: TIP, value: configOf(world.config ?? {}) },
    },
    merged: {
      merged: async () => known({ tip: TIP, changes: [], touched: [], whole: true, lost: [], ...world.merged }),
      policy: async () => known({ touched: world.merged?.touched ?? [], unseen: world.unseen ?? null }),
      at: async () => unknown('not asked here'),
    },
    environment: { restricted: async () => state.environment },
    log,
    reads: (workspace) => ({ metrics: null, workspace: workspace === 'prod' ? reader : null, stages: null }),
    ours: [900],
    appId: null,
    acting: world.heldBack ?? {
      log,
      deployments: { create: async () => 1, status: async () => undefined },
      writer: {
        reset: async (_, settings) => {
          state.resets++;
          state.settings = settings;
          return { done: true, id: null };
        },
        repair: async () => {
          state.repairs++;
          return { done: true, id: `r${state.repairs}` };
        },
        cancel: async (id) => {
          state.cancelled.push(id);
          const ended = (run: Run): Run => ({ ...run, outcome: 'canceled', endedAt: new Date(state.now).toISOString() });
          state.runs = (state.runs ?? []).map((run) => (run.id === id ? ended(run) : run));
          return { done: true, id: null };
        },
        runNow: async (_, token) => {
          state.started.push(token);
          return { done: true, id: 'x' };
        },
      },
    },
  };
  let attempts = 0;
  const attempt = () => applyUnfinished({ workspace: 'prod', run: `${++attempts}.1`, environment: 'prod' }, ports);
  return { state, ports, attempt };
}

/** The files of a person's merge as the default branch shows them. */
export function touch(merge: string, order: number, path = JOB_FILE): Merged['touched'][number] {
  return { merge, order, files: [{ path, before: 'a', after: 'b' }] };
}
