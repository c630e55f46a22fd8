import type { Trigger } from './trigger.ts';
import type { Workflow } from './workflow.ts';

export type RunState =
  | 'waiting'
  | 'running'
  | 'success'
  | 'failure'
  | 'skipped'
  /** The environment's branch policy, or permissions that a called workflow may not have. */
  | 'refused'
  /** A newer run took its place in the concurrency group. */
  | 'cancelled'
  | 'killed';

/** One attempt of one workflow. */
export interface Run {
  readonly id: number;
  readonly attempt: number;
  readonly workflow: string;
  readonly event: string;
  readonly sha: string;
  readonly ref: string;
  readonly state: RunState;
  /** Why it was refused or cancelled. */
  readonly reason: string | null;
  /** The first step that failed decides; null before the first step ended, and when it was killed. */
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
}

/** The same, while it happens. */
export interface LiveRun extends Run {
  readonly file: Workflow;
  readonly trigger: Trigger;
  state: RunState;
  reason: string | null;
  exitCode: number | null;
  stdout: string;
  stderr: string;
  outputs: Readonly<Record<string, string>>;
  summary: string;
}

export function newRun(id: number, attempt: number, file: Workflow, trigger: Trigger): LiveRun {
  return {
    id,
    attempt,
    workflow: file.path,
    event: trigger.event,
    sha: trigger.sha,
    ref: trigger.ref,
    file,
    trigger,
    state: 'waiting',
    reason: null,
    exitCode: null,
    stdout: '',
    stderr: '',
    outputs: {},
    summary: '',
  };
}
