import { recordEvent, tell } from '../events.ts';
import { diffFiles } from '../git/diff.ts';
import { mergeBase } from '../git/history.ts';
import { type Fields, rowsOf, textOf } from '../json.ts';
import type { Remark, Review } from '../nouns.ts';
import { invalid, notFound, Refusal } from '../refusal.ts';
import { type Answer, type Call, idParam, needs, ok, paged, REPO, type Route, required, writer } from '../route.ts';
import { remarkShape, reviewShape, simplePullShape } from '../shapes/pull.ts';
import { type Found, pullParam } from './pulls.ts';

const PULL = `${REPO}/pulls/{pull_number}`;
const READ = needs('read', 'pull_requests:read');
const WRITE = needs('read', 'pull_requests:write');
const STATES = { APPROVE: 'APPROVED', REQUEST_CHANGES: 'CHANGES_REQUESTED', COMMENT: 'COMMENTED' } as const;

export const REVIEW_ROUTES: readonly Route[] = [
  { method: 'GET', path: `${PULL}/reviews`, need: READ, run: list },
  { method: 'POST', path: `${PULL}/reviews`, need: WRITE, run: create },
  { method: 'PUT', path: `${PULL}/reviews/{review_id}/dismissals`, need: needs('write', 'pull_requests:write'), run: dismiss },
  { method: 'GET', path: `${PULL}/comments`, need: READ, run: remarks },
  { method: 'POST', path: `${PULL}/comments`, need: WRITE, run: remark },
];

function list(call: Call): Answer {
  const { issue, pull } = pullParam(call);
  return paged(call, pull.reviews, (review) => reviewShape(call.world, issue, review));
}

function create(call: Call): Answer {
  const { world, body } = call;
  const found = pullParam(call);
  const author = writer(call);
  const event = textOf(body.event);
  if (event !== null && event !== 'APPROVE' && event !== 'REQUEST_CHANGES' && event !== 'COMMENT')
    throw new Refusal(422, `Variable $event of type PullRequestReviewEvent was provided invalid value`);
  if (found.issue.author.id === author.id && (event === 'APPROVE' || event === 'REQUEST_CHANGES'))
    throw new Refusal(422, `Review Can not ${event === 'APPROVE' ? 'approve' : 'request changes on'} your own pull request`);
  const words = textOf(body.body) ?? '';
  const rows = rowsOf(body.comments);
  if (words === '' && event !== 'APPROVE' && event !== null && rows.length === 0)
    throw invalid('PullRequestReview', 'body', 'missing_field');
  const review: Review = {
    id: world.nextId(),
    author,
    commit: textOf(body.commit_id) ?? found.pull.headSha,
    submittedAt: world.now(),
    body: words,
    state: event === null ? 'PENDING' : STATES[event],
  };
  const made = rows.map((row) => newRemark(call, found, review, row));
  found.pull.reviews.push(review);
  found.pull.remarks.push(...made);
  if (event !== null) announceReview(call, found, review, made);
  return ok(reviewShape(world, found.issue, review));
}

function announceReview(call: Call, { issue, pull }: Found, review: Review, made: readonly Remark[]): void {
  const { world } = call;
  const by = { actor: call.actor, account: review.author };
  pull.reviewers = pull.reviewers.filter((login) => login !== review.author.login);
  const shape: Fields = { ...reviewShape(world, issue, review), state: review.state.toLowerCase() };
  recordEvent(world, by, issue, 'reviewed', { ...shape });
  const { title: _, ...rest } = { ...simplePullShape(world, issue, pull) };
  const pull_request = { ...rest, title: issue.title };
  tell(world, by, 'pull_request_review', { action: 'submitted', review: shape, pull_request });
  for (const one of made)
    tell(world, by, 'pull_request_review_comment', { action: 'created', comment: remarkShape(world, issue, one), pull_request });
}

/** Takes a review's word back; what only comments has none. */
function dismiss(call: Call): Answer {
  const { world } = call;
  const { issue, pull } = pullParam(call);
  required(call, 'message');
  const review = pull.reviews.find((one) => one.id === idParam(call, 'review_id'));
  if (review === undefined) throw notFound();
  if (review.state !== 'APPROVED' && review.state !== 'CHANGES_REQUESTED')
    throw new Refusal(422, `Can not dismiss a ${review.state.toLowerCase()} pull request review`);
  review.state = 'DISMISSED';
  const shape: Fields = { ...reviewShape(world, issue, review), state: 'dismissed' };
  const by = { actor: call.actor, account: writer(call) };
  tell(world, by, 'pull_request_review', {
    action: 'dismissed',
    review: shape,
    pull_request: simplePullShape(world, issue, pull),
  });
  return ok(reviewShape(world, issue, review));
}

/** A comment must lie on a line of the diff: GitHub refuses others, a mistake worth finding here. */
function newRemark(call: Call, { pull }: Found, review: Review, row: Fields): Remark {
  const { world } = call;
  const path = textOf(row.path) ?? '';
  const line = typeof row.line === 'number' ? row.line : null;
  const side = textOf(row.side) ?? 'RIGHT';
  const changed = diffFiles(world.git, mergeBase(world.git, pull.baseSha, pull.headSha), pull.headSha);
  const file = changed.find((one) => one.path === path);
  if (file === undefined) throw new Refusal(422, 'Unprocessable Entity', { errors: ['Path could not be resolved'] });
  const asked = typeof row.position === 'number' ? row.position : null;
  const position = line === null ? asked : positionOf(file.patch ?? '', line, side);
  if (line !== null && position === null)
    throw new Refusal(422, 'Unprocessable Entity', { errors: ['Line could not be resolved'] });
  const body = textOf(row.body) ?? '';
  if (body === '') throw invalid('PullRequestReviewComment', 'body', 'missing_field');
  const { author, commit } = review;
  return { id: world.nextId(), review: review.id, author, body, path, line, position, side, commit, createdAt: world.now() };
}

/** The line's place in the diff, counted from the first hunk's head; null when the diff does not show it. */
function positionOf(patch: string, line: number, side: string): number | null {
  let [left, right] = [0, 0];
  for (const [position, row] of patch.split('\n').entries()) {
    const hunk = /^@@ -(\d+)(?:,\d+)? \+(\d+)/.exec(row);
    if (hunk !== null) [left, right] = [Number(hunk[1]) - 1, Number(hunk[2]) - 1];
    if (hunk !== null || row.startsWith('\\')) continue;
    if (!row.startsWith('+')) left += 1;
    if (!row.startsWith('-')) right += 1;
    const shown = side === 'LEFT' ? !row.startsWith('+') && left === line : !row.startsWith('-') && right === line;
    if (shown) return position;
  }
  return null;
}

function remarks(call: Call): Answer {
  const { issue, pull } = pullParam(call);
  return paged(call, pull.remarks, (one) => remarkShape(call.world, issue, one));
}

/** A single comment is a review of its own. */
function remark(call: Call): Answer {
  const { world, body } = call;
  const found = pullParam(call);
  required(call, 'body');
  const commit = required(call, 'commit_id');
  const review: Review = {
    id: world.nextId(),
    author: writer(call),
    commit,
    submittedAt: world.now(),
    body: '',
    state: 'COMMENTED',
  };
  const made = newRemark(call, found, review, body);
  found.pull.reviews.push(review);
  found.pull.remarks.push(made);
  announceReview(call, found, review, [made]);
  return ok(remarkShape(world, found.issue, made), 201);
}
