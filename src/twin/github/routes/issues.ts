import { closeIssue, reopenIssue } from '../closing.ts';
import { recordEvent, tellIssue } from '../events.ts';
import { textOf, textsOf } from '../json.ts';
import { labelNames, setLabels } from '../labels.ts';
import type { Issue } from '../nouns.ts';
import { allows, hasGrant, hasRole } from '../permissions.ts';
import { invalid, notFound, Refusal } from '../refusal.ts';
import { type Answer, type Call, idParam, needs, ok, paged, REPO, type Route, writer } from '../route.ts';
import { issueShape } from '../shapes/issue.ts';
import type { World } from '../world.ts';

const ISSUES = `${REPO}/issues`;
const ISSUE = `${ISSUES}/{issue_number}`;
export const READ_THREAD = needs('read', 'issues:read', 'pull_requests:read');

export const ISSUE_ROUTES: readonly Route[] = [
  { method: 'GET', path: ISSUES, need: READ_THREAD, run: listIssues },
  { method: 'POST', path: ISSUES, need: needs('read', 'issues:write'), run: createIssue },
  { method: 'GET', path: ISSUE, need: READ_THREAD, run: (call) => ok(issueShape(call.world, issueParam(call))) },
  { method: 'PATCH', path: ISSUE, need: needs('read', 'issues:write', 'pull_requests:write'), run: updateIssue },
];

export function issueParam(call: Call): Issue {
  const issue = call.world.issues.get(idParam(call, 'issue_number'));
  if (issue === undefined) throw notFound();
  return issue;
}

/** A conversation is written with `issues` on an issue, with either permission on a pull request. */
export function checkThread(call: Call, issue: Issue): void {
  if (call.actor.kind === 'user' || hasGrant(call.actor, 'issues:write')) return;
  if (issue.pull !== null && hasGrant(call.actor, 'pull_requests:write')) return;
  throw new Refusal(403, 'Resource not accessible by integration');
}

function listIssues(call: Call): Answer {
  const { query, world } = call;
  const state = query.get('state') ?? 'open';
  if (!['open', 'closed', 'all'].includes(state)) throw invalid('Issue', 'state', 'invalid');
  const labels = (query.get('labels') ?? '').split(',').filter((name) => name !== '');
  const since = Date.parse(query.get('since') ?? '') || 0;
  const creator = query.get('creator');
  const found = [...world.issues.values()]
    .filter((issue) => state === 'all' || issue.state === state)
    .filter((issue) => labels.every((name) => issue.labels.some((one) => one.toLowerCase() === name.toLowerCase())))
    .filter((issue) => creator === null || issue.author.login === creator)
    .filter((issue) => Date.parse(issue.updatedAt) >= since);
  return paged(call, sorted(query, found), (issue) => issueShape(world, issue));
}

/** Newest first unless asked otherwise; the number breaks ties of the clock. */
export function sorted(query: URLSearchParams, issues: readonly Issue[]): readonly Issue[] {
  const key = query.get('sort') === 'updated' ? 'updatedAt' : 'createdAt';
  const sign = query.get('direction') === 'asc' ? 1 : -1;
  return issues.toSorted((a, b) => sign * (Date.parse(a[key]) - Date.parse(b[key]) || a.number - b.number));
}

export function newIssue(call: Call, pull: Issue['pull'], number: number): Issue {
  const { world, actor } = call;
  const at = world.now();
  const title = textOf(call.body.title);
  if (title === null || title.trim() === '') throw invalid('Issue', 'title', 'missing_field');
  const issue: Issue = {
    id: world.nextId(),
    number,
    author: writer(call),
    app: actor.app,
    createdAt: at,
    pull,
    events: [],
    reactions: [],
    title,
    body: textOf(call.body.body),
    labels: [],
    assignees: [],
    state: 'open',
    reason: null,
    updatedAt: at,
    closedAt: null,
    closedBy: null,
  };
  world.issues.set(issue.number, issue);
  return issue;
}

export function nextNumber(world: World): number {
  return world.issues.size + 1;
}

function createIssue(call: Call): Answer {
  const issue = newIssue(call, null, nextNumber(call.world));
  const by = { actor: call.actor, account: writer(call) };
  // Who may not label has the labels dropped without a word.
  const mayLabel = call.actor.kind !== 'user' || hasRole(call.actor.role, 'triage');
  if (mayLabel) issue.assignees = textsOf(call.body.assignees);
  tellIssue(call.world, by, 'opened', issue);
  if (mayLabel) setLabels(call.world, by, issue, labelNames(call.body.labels));
  return ok(issueShape(call.world, issue), 201);
}

function updateIssue(call: Call): Answer {
  const { world, actor, body } = call;
  const issue = issueParam(call);
  checkThread(call, issue);
  const by = { actor, account: writer(call) };
  const own = issue.author.id === by.account.id;
  if (!own && !allows(actor, needs('triage', 'issues:write', 'pull_requests:write')))
    throw new Refusal(403, 'Must have admin rights to Repository.');
  editWords(call, issue);
  if (body.assignees !== undefined) issue.assignees = textsOf(body.assignees);
  if (body.labels !== undefined) setLabels(world, by, issue, labelNames(body.labels));
  const reason = body.state_reason === 'not_planned' || body.state_reason === 'duplicate' ? body.state_reason : 'completed';
  const state = textOf(body.state);
  if (state !== null && state !== 'open' && state !== 'closed') throw invalid('Issue', 'state', 'invalid');
  if (state === 'closed' && issue.state === 'open') closeIssue(world, by, issue, issue.pull === null ? reason : null);
  else if (state === 'closed' && body.state_reason !== undefined) issue.reason = reason;
  if (state === 'open' && issue.state === 'closed' && issue.pull?.merge == null) reopenIssue(world, by, issue);
  issue.updatedAt = world.now();
  return ok(issueShape(world, issue));
}

/** Title and body; each change leaves its trace in the event. */
export function editWords(call: Call, issue: Issue): void {
  const { world, body } = call;
  const by = { actor: call.actor, account: writer(call) };
  const changes: Record<string, { from: string }> = {};
  const title = textOf(body.title);
  if (title !== null && title !== issue.title) {
    changes.title = { from: issue.title };
    recordEvent(world, by, issue, 'renamed', { rename: { from: issue.title, to: title } });
    issue.title = title;
  }
  const words = textOf(body.body);
  if (body.body !== undefined && words !== issue.body) {
    changes.body = { from: issue.body ?? '' };
    issue.body = words;
  }
  if (Object.keys(changes).length > 0) tellIssue(world, by, 'edited', issue, { changes });
}
