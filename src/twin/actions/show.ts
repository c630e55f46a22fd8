import type { TwinGithub } from '../github/index.ts';
import { fieldsOf, textOf } from '../github/json.ts';
import type { LiveRun } from './run.ts';

/** Run ids begin here, so that nothing takes them for an issue's. */
export const FIRST_RUN = 9_000_000;
const CONCLUSIONS: Readonly<Record<string, string>> = {
  success: 'success',
  skipped: 'skipped',
  cancelled: 'cancelled',
  killed: 'cancelled',
};

/** What `GET actions/runs` shows. */
export function show(twin: TwinGithub, run: LiveRun): void {
  const sender = fieldsOf(run.trigger.payload.sender);
  const over = run.state !== 'waiting' && run.state !== 'running';
  const at = `${twin.clock().toISOString().slice(0, 19)}Z`;
  twin.runs.set(run.id, {
    id: run.id,
    name: run.file.name,
    path: run.workflow,
    event: run.event,
    sha: run.sha,
    branch: run.ref.replace(/^refs\/heads\//, ''),
    number: run.id - FIRST_RUN,
    actor: {
      login: textOf(sender.login) ?? twin.owner,
      id: typeof sender.id === 'number' ? sender.id : 0,
      type: sender.type === 'Bot' ? 'Bot' : 'User',
    },
    createdAt: twin.runs.get(run.id)?.createdAt ?? at,
    attempt: run.attempt,
    status: over ? 'completed' : run.state === 'running' ? 'in_progress' : 'queued',
    conclusion: over ? (CONCLUSIONS[run.state] ?? 'failure') : null,
    updatedAt: at,
  });
}
