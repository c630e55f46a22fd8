import * as z from 'zod/mini';
import type { Wake } from '../model/delivery.ts';
import { type ParsedAlerts, parseAlertmanager } from './alert.ts';

const Repository = z.object({ name: z.string(), owner: z.object({ login: z.string() }) });
const Comment = z.object({
  action: z.enum(['created', 'edited', 'deleted']),
  repository: Repository,
  issue: z.object({ number: z.number(), pull_request: z.optional(z.unknown()) }),
  comment: z.object({
    id: z.number(),
    body: z.string(),
    user: z.nullable(z.object({ id: z.number(), login: z.string(), type: z.string() })),
  }),
});
const Pull = z.object({ repository: Repository, pull_request: z.object({ number: z.number() }) });
const CheckRun = z.object({
  repository: Repository,
  check_run: z.object({
    name: z.string(),
    head_sha: z.string(),
    external_id: z.nullable(z.string()),
    app: z.nullable(z.object({ id: z.number() })),
  }),
});

const Dispatch = z.object({ action: z.string(), repository: Repository, client_payload: z.unknown() });

/** The event type under which a repository's own workflow, or a sender that cannot reach us, tells alerts. */
const ALERT_EVENT = 'sluice-alert';

/** Alerts told by `repository_dispatch`, for the repository that it happened in and no other; null for events of other types. */
export function parseAlertDispatch(payload: unknown): { readonly repository: string; readonly alerts: ParsedAlerts } | null {
  const { action, repository, client_payload: told } = Dispatch.parse(payload);
  if (action !== ALERT_EVENT) return null;
  return { repository: `${repository.owner.login}/${repository.name}`, alerts: parseAlertmanager(told, { door: 'dispatch' }) };
}

/** A webhook's payload as a wake-up; null for events that tell us nothing. Throws for a payload that is not GitHub's. */
export function parseWake(event: string, payload: unknown): Wake | null {
  if (event === 'issue_comment') return commentWake(Comment.parse(payload));
  if (event === 'pull_request') {
    const { repository, pull_request } = Pull.parse(payload);
    return { ...placeOf(repository, `#${pull_request.number}`), what: 'pull', number: pull_request.number };
  }
  if (event !== 'check_run') return null;
  const { repository, check_run } = CheckRun.parse(payload);
  const target = check_run.external_id;
  if (check_run.name !== 'sluice/rollout' || !check_run.app || !target) return null;
  return { ...placeOf(repository, 'rollouts'), what: 'rollout', sha: check_run.head_sha, target, appId: check_run.app.id };
}

function commentWake({ action, repository, issue, comment }: z.infer<typeof Comment>): Wake {
  const user = comment.user ?? { id: 0, login: 'ghost', type: 'User' };
  return {
    ...placeOf(repository, `#${issue.number}`),
    what: 'comment',
    action,
    number: issue.number,
    isPull: issue.pull_request !== undefined,
    byBot: user.type === 'Bot',
    comment: { id: comment.id, body: comment.body, login: user.login, userId: user.id },
  };
}

function placeOf(repository: z.infer<typeof Repository>, within: string): Pick<Wake, 'owner' | 'repo' | 'key'> {
  const [owner, repo] = [repository.owner.login, repository.name];
  return { owner, repo, key: `${owner}/${repo}${within}` };
}
