import { recordEvent, tellComment } from '../events.ts';
import type { Account, Comment, Reaction } from '../nouns.ts';
import { allows, hasGrant } from '../permissions.ts';
import { invalid, notFound, Refusal } from '../refusal.ts';
import { type Answer, type Call, idParam, needs, nothing, ok, paged, REPO, type Route, required, writer } from '../route.ts';
import { nodeId, userShape } from '../shapes/account.ts';
import { commentShape, commentsOf, isReaction, reactionShape } from '../shapes/issue.ts';
import { checkThread, issueParam, READ_THREAD } from './issues.ts';

const ISSUE = `${REPO}/issues/{issue_number}`;
const COMMENT = `${REPO}/issues/comments/{comment_id}`;
const WRITE = needs('read', 'issues:write', 'pull_requests:write');

export const COMMENT_ROUTES: readonly Route[] = [
  { method: 'GET', path: `${ISSUE}/comments`, need: READ_THREAD, run: listOf },
  { method: 'POST', path: `${ISSUE}/comments`, need: WRITE, run: create },
  { method: 'GET', path: `${REPO}/issues/comments`, need: READ_THREAD, run: listAll },
  { method: 'GET', path: COMMENT, need: READ_THREAD, run: (call) => ok(commentShape(call.world, commentParam(call))) },
  { method: 'PATCH', path: COMMENT, need: WRITE, run: edit },
  { method: 'DELETE', path: COMMENT, need: WRITE, run: remove },
  {
    method: 'GET',
    path: `${COMMENT}/reactions`,
    need: READ_THREAD,
    run: (call) => listReactions(call, commentParam(call).reactions),
  },
  { method: 'POST', path: `${COMMENT}/reactions`, need: WRITE, run: (call) => react(call, commentParam(call).reactions) },
  {
    method: 'GET',
    path: `${ISSUE}/reactions`,
    need: READ_THREAD,
    run: (call) => listReactions(call, issueParam(call).reactions),
  },
  { method: 'POST', path: `${ISSUE}/reactions`, need: WRITE, run: (call) => react(call, issueParam(call).reactions) },
  { method: 'GET', path: `${ISSUE}/timeline`, need: READ_THREAD, run: timeline },
];

function commentParam(call: Call): Comment {
  const comment = call.world.comments.get(idParam(call, 'comment_id'));
  if (comment === undefined) throw notFound();
  return comment;
}

function listOf(call: Call): Answer {
  const since = Date.parse(call.query.get('since') ?? '') || 0;
  const found = commentsOf(call.world, issueParam(call).number).filter((one) => Date.parse(one.updatedAt) >= since);
  return paged(call, found, (comment) => commentShape(call.world, comment));
}

function listAll(call: Call): Answer {
  const since = Date.parse(call.query.get('since') ?? '') || 0;
  const found = [...call.world.comments.values()].filter((one) => Date.parse(one.updatedAt) >= since);
  const ordered = call.query.get('direction') === 'desc' ? found.reverse() : found;
  return paged(call, ordered, (comment) => commentShape(call.world, comment));
}

function create(call: Call): Answer {
  const { world } = call;
  const issue = issueParam(call);
  checkThread(call, issue);
  const at = world.now();
  const comment: Comment = {
    id: world.nextId(),
    issue: issue.number,
    author: writer(call),
    app: call.actor.app,
    createdAt: at,
    reactions: [],
    versions: [],
    body: required(call, 'body'),
    updatedAt: at,
    editedAt: null,
    editor: null,
  };
  if (comment.body.length > 65536)
    throw invalid('IssueComment', 'body', 'custom', 'body is too long (maximum is 65536 characters)');
  world.comments.set(comment.id, comment);
  issue.updatedAt = at;
  tellComment(world, { actor: call.actor, account: comment.author }, 'created', issue, comment);
  return ok(commentShape(world, comment), 201);
}

/** Every writer can change every comment, and the comment keeps its author: why Sluice asks GraphQL who edited. */
function checkOwnOrWriter(call: Call, comment: Comment): void {
  const issue = call.world.issues.get(comment.issue);
  if (issue === undefined) throw notFound();
  checkThread(call, issue);
  if (comment.author.id === writer(call).id || allows(call.actor, needs('write', 'issues:write', 'pull_requests:write'))) return;
  throw new Refusal(403, 'Must have admin rights to Repository.');
}

function edit(call: Call): Answer {
  const { world } = call;
  const comment = commentParam(call);
  checkOwnOrWriter(call, comment);
  const from = comment.body;
  const at = world.now();
  comment.body = required(call, 'body');
  comment.editedAt = at;
  comment.updatedAt = at;
  comment.editor = writer(call);
  const keep = (editor: Account, when: string, body: string) =>
    comment.versions.push({ id: world.nextId(), editor, at: when, body });
  if (comment.versions.length === 0) keep(comment.author, comment.createdAt, from);
  keep(comment.editor, at, comment.body);
  const issue = world.issues.get(comment.issue);
  const by = { actor: call.actor, account: comment.editor };
  if (issue !== undefined) tellComment(world, by, 'edited', issue, comment, { changes: { body: { from } } });
  return ok(commentShape(world, comment));
}

function remove(call: Call): Answer {
  const { world } = call;
  const comment = commentParam(call);
  checkOwnOrWriter(call, comment);
  world.comments.delete(comment.id);
  const issue = world.issues.get(comment.issue);
  const by = { actor: call.actor, account: writer(call) };
  if (issue !== undefined) {
    recordEvent(world, by, issue, 'comment_deleted', { author: comment.author.login });
    tellComment(world, by, 'deleted', issue, comment);
  }
  return nothing();
}

function listReactions(call: Call, reactions: readonly Reaction[]): Answer {
  const content = call.query.get('content');
  const kept = reactions.filter((one) => content === null || one.content === content);
  return paged(call, kept, (reaction) => reactionShape(call.world, reaction));
}

/** The same reaction twice is one: the second answer is 200 instead of 201. */
function react(call: Call, reactions: Reaction[]): Answer {
  const content = required(call, 'content');
  if (!isReaction(content)) throw invalid('Reaction', 'content', 'invalid');
  if (call.actor.kind !== 'user' && !hasGrant(call.actor, 'issues:write') && !hasGrant(call.actor, 'pull_requests:write'))
    throw new Refusal(403, 'Resource not accessible by integration');
  const user = writer(call);
  const old = reactions.find((one) => one.user.id === user.id && one.content === content);
  const reaction: Reaction = old ?? { id: call.world.nextId(), content, user, createdAt: call.world.now() };
  if (old === undefined) reactions.push(reaction);
  return ok(reactionShape(call.world, reaction), old === undefined ? 201 : 200);
}

/** Events and comments together, oldest first. */
function timeline(call: Call): Answer {
  const { world } = call;
  const issue = issueParam(call);
  const comments = commentsOf(world, issue.number).map((comment) => ({
    id: comment.id,
    at: comment.createdAt,
    shape: { ...commentShape(world, comment), event: 'commented', actor: userShape(world, comment.author) },
  }));
  const events = issue.events.map((event) => ({
    id: event.id,
    at: event.createdAt,
    shape: {
      id: event.id,
      node_id: nodeId('EV', event.id),
      url: `${world.url}/repos/${world.owner}/${world.repo}/issues/events/${event.id}`,
      actor: userShape(world, event.actor),
      event: event.event,
      commit_id: null,
      commit_url: null,
      created_at: event.createdAt,
      performed_via_github_app: null,
      ...event.data,
    },
  }));
  const all = [...comments, ...events].sort((a, b) => Date.parse(a.at) - Date.parse(b.at) || a.id - b.id);
  return paged(call, all, (one) => one.shape);
}
