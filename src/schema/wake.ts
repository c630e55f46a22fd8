import * as z from 'zod/mini';
import type { Wake } from '../model/delivery.ts';
import { GATE_CHECK } from '../model/protection.ts';
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
const App = z.nullable(z.object({ id: z.number() }));
const Pulls = z.array(z.object({ number: z.number() }));
const CheckRun = z.object({
  repository: Repository,
  check_run: z.object({
    name: z.string(),
    head_sha: z.string(),
    external_id: z.nullable(z.string()),
    app: App,
    pull_requests: Pulls,
  }),
});
const CheckSuite = z.object({ repository: Repository, check_suite: z.object({ app: App, pull_requests: Pulls }) });
const Status = z.object({
  repository: Repository,
  id: z.number(),
  sha: z.string(),
  context: z.string(),
  state: z.string(),
});
const Review = z.object({
  action: z.string(),
  repository: Repository,
  review: z.object({ state: z.string() }),
  pull_request: z.object({ number: z.number() }),
});

const Group = z.object({
  repository: Repository,
  merge_group: z.object({ head_sha: z.string(), base_ref: z.string() }),
});

const Commit = z.object({ added: z.array(z.string()), removed: z.array(z.string()), modified: z.array(z.string()) });
const Push = z.object({
  ref: z.string(),
  repository: z.extend(Repository, { default_branch: z.string() }),
  commits: z.array(Commit),
});
const OfAccount = z.object({ organization: z.object({ login: z.string() }) });

const Dispatch = z.object({ action: z.string(), repository: Repository, client_payload: z.unknown() });

/** The event type under which a repository's own workflow, or a sender that cannot reach us, tells alerts. */
const ALERT_EVENT = 'sluice-alert';

/** Alerts told by `repository_dispatch`, for the repository that it happened in and no other; null for events of other types. */
export function parseAlertDispatch(payload: unknown): { readonly repository: string; readonly alerts: ParsedAlerts } | null {
  const { action, repository, client_payload: told } = Dispatch.parse(payload);
  if (action !== ALERT_EVENT) return null;
  return { repository: `${repository.owner.login}/${repository.name}`, alerts: parseAlertmanager(told, { door: 'dispatch' }) };
}

/** The account in whose teams or members something changed: which of its repositories that concerns is not in the event. */
export function parseAccount(payload: unknown): string {
  return OfAccount.parse(payload).organization.login;
}

/** A webhook's payload as wake-ups; none for events that tell us nothing. Throws for a payload that is not GitHub's. */
export function parseWakes(event: string, payload: unknown): readonly Wake[] {
  switch (event) {
    case 'issue_comment':
      return [commentWake(Comment.parse(payload))];
    case 'pull_request': {
      const { repository, pull_request } = Pull.parse(payload);
      return [{ ...placeOf(repository, `#${pull_request.number}`), what: 'pull', number: pull_request.number }];
    }
    case 'pull_request_review':
      return reviewWakes(Review.parse(payload));
    case 'check_suite': {
      const { repository, check_suite } = CheckSuite.parse(payload);
      return protectionWakes(repository, check_suite.pull_requests, check_suite.app?.id ?? null);
    }
    case 'merge_group': {
      const { repository, merge_group } = Group.parse(payload);
      const branch = merge_group.base_ref.replace(/^refs\/heads\//, '');
      return [{ ...placeOf(repository, '@queue'), what: 'group', branch, head: merge_group.head_sha }];
    }
    case 'check_run':
      return checkRunWakes(CheckRun.parse(payload));
    case 'push':
      return pushWakes(Push.parse(payload));
    case 'member':
      return [{ ...placeOf(z.object({ repository: Repository }).parse(payload).repository, '@open'), what: 'open', all: false }];
    case 'status':
      return statusWakes(Status.parse(payload));
    default:
      return [];
  }
}

/** A review that only comments, as our own plans are, changes nothing that GitHub wants. */
function reviewWakes({ action, repository, review, pull_request }: z.infer<typeof Review>): readonly Wake[] {
  const decides = action === 'dismissed' || ['approved', 'changes_requested'].includes(review.state.toLowerCase());
  return decides ? protectionWakes(repository, [pull_request], null) : [];
}

/** The suite tells once for all its runs; a run tells for itself where it is a rollout, or bears the gate's name. */
function checkRunWakes({ repository, check_run }: z.infer<typeof CheckRun>): readonly Wake[] {
  const { name, app, external_id: target, head_sha: sha } = check_run;
  if (isGate(name)) return protectionWakes(repository, check_run.pull_requests, app?.id ?? null);
  if (name !== 'sluice/rollout' || !app || !target) return [];
  return [{ ...placeOf(repository, 'rollouts'), what: 'rollout', sha, target, appId: app.id }];
}

/** GitHub lists no commits of a branch that was forced back, and not all of a long push. */
const MOST_LISTED = 20;

/** A policy that changed may guard what it did not: then those that the gate has not spoken on are asked about as well. */
function pushWakes({ ref, repository, commits }: z.infer<typeof Push>): readonly Wake[] {
  if (ref !== `refs/heads/${repository.default_branch}`) return [];
  const paths = commits.flatMap(({ added, removed, modified }) => [...added, ...removed, ...modified]);
  const all = commits.length === 0 || commits.length >= MOST_LISTED || paths.includes('.github/sluice.yml');
  return [{ ...placeOf(repository, '@open'), what: 'open', all }];
}

function statusWakes({ repository, id, sha, context, state }: z.infer<typeof Status>): readonly Wake[] {
  if (state === 'pending' && !isGate(context)) return [];
  return [{ ...placeOf(repository, `@${sha}`), what: 'status', id, sha }];
}

function protectionWakes(
  repository: z.infer<typeof Repository>,
  pulls: z.infer<typeof Pulls>,
  appId: number | null,
): readonly Wake[] {
  return pulls.map(({ number }) => ({ ...placeOf(repository, `#${number}`), what: 'protection', number, appId }));
}

function isGate(name: string): boolean {
  return name.toLowerCase() === GATE_CHECK;
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
