import { readCommit, writeCommit } from '../git/commit.ts';
import { readRef, resolveCommit } from '../git/refs.ts';
import { editTree, entryAt, readTree, TREE_MODE, type TreeEntry } from '../git/tree.ts';
import { type Fields, textOf } from '../json.ts';
import { checkPush, push } from '../pushes.ts';
import { notFound, Refusal } from '../refusal.ts';
import { type Answer, type Call, needs, ok, param, REPO, type Route, required, writer } from '../route.ts';
import { gitCommitShape } from '../shapes/commit.ts';
import { pageUrl, repositoryUrl } from '../shapes/repository.ts';
import { signatures } from '../signatures.ts';
import type { World } from '../world.ts';
import { wrapped } from './git.ts';

const PATH = `${REPO}/contents/{path}`;

export const CONTENT_ROUTES: readonly Route[] = [
  { method: 'GET', path: PATH, need: needs('read', 'contents:read'), run: getContent },
  { method: 'PUT', path: PATH, need: needs('write', 'contents:write'), run: putContent },
  { method: 'DELETE', path: PATH, need: needs('write', 'contents:write'), run: deleteContent },
];

/** Larger files come without their content: GitHub's limit, which a reader must notice. */
const INLINE_BYTES = 1024 * 1024;

function getContent(call: Call): Answer {
  const { git } = call.world;
  const name = call.query.get('ref') ?? 'main';
  const commit = resolveCommit(git, name);
  if (commit === null) throw new Refusal(404, `No commit found for the ref ${name}`);
  const path = param(call, 'path');
  const entry = entryAt(git, readCommit(git, commit)?.tree ?? '', path);
  if (entry === null) throw notFound();
  if (entry.mode === TREE_MODE) return ok((readTree(git, entry.sha) ?? []).map((one) => listed(call.world, name, path, one)));
  const content = git.read(entry.sha)?.content ?? Buffer.alloc(0);
  if (/\braw\b/.test(call.accept))
    return { status: 200, raw: content, headers: { 'content-type': 'application/vnd.github.raw; charset=utf-8' } };
  const inline = content.length <= INLINE_BYTES;
  const shape = entryShape(call.world, name, path, entry, content.length);
  return ok({ ...shape, type: 'file', content: inline ? wrapped(content) : '', encoding: inline ? 'base64' : 'none' });
}

function listed(world: World, ref: string, folder: string, entry: TreeEntry): Fields {
  const path = folder === '' ? entry.path : `${folder}/${entry.path}`;
  const type =
    entry.mode === TREE_MODE ? 'dir' : entry.mode === '120000' ? 'symlink' : entry.mode === '160000' ? 'submodule' : 'file';
  const size = type === 'file' ? (world.git.read(entry.sha)?.content.length ?? 0) : 0;
  return { ...entryShape(world, ref, path, entry, size), type };
}

function entryShape(world: World, ref: string, path: string, entry: TreeEntry, size: number): Fields {
  const encoded = path.split('/').map(encodeURIComponent).join('/');
  const root = repositoryUrl(world);
  const folder = entry.mode === TREE_MODE;
  const url = `${root}/contents/${encoded}?ref=${encodeURIComponent(ref)}`;
  const git = `${root}/git/${folder ? 'trees' : 'blobs'}/${entry.sha}`;
  const html = `${pageUrl(world)}/${folder ? 'tree' : 'blob'}/${encodeURIComponent(ref)}/${encoded}`;
  return {
    name: path.split('/').at(-1) ?? '',
    path,
    sha: entry.sha,
    size,
    url,
    html_url: html,
    git_url: git,
    download_url: folder ? null : `${pageUrl(world)}/raw/${encodeURIComponent(ref)}/${encoded}`,
    _links: { self: url, git, html },
  };
}

function putContent(call: Call): Answer {
  const { git } = call.world;
  const content = textOf(call.body.content);
  if (content === null) throw new Refusal(422, 'Invalid request.\n\n"content" wasn\'t supplied.');
  const { ref, tip, tree, old, path } = place(call);
  const sha = textOf(call.body.sha);
  if (old !== null && sha === null) throw new Refusal(422, 'Invalid request.\n\n"sha" wasn\'t supplied.');
  if (sha !== null && sha !== old?.sha) throw new Refusal(409, `${path} does not match ${sha}`);
  const blob = git.write('blob', Buffer.from(content, 'base64'));
  const next = editTree(git, tree, [{ path, mode: old?.mode ?? '100644', sha: blob }]);
  const commit = commitOn(call, ref, tip, next);
  const entry = { mode: '100644', path, sha: blob };
  const { branch } = place(call);
  const shape = entryShape(call.world, branch, path, entry, git.read(blob)?.content.length ?? 0);
  return ok({ content: { ...shape, type: 'file' }, commit: gitCommitShape(call.world, commit) }, old === null ? 201 : 200);
}

function deleteContent(call: Call): Answer {
  // Octokit sends these as a body, other clients as a query: GitHub takes both.
  const sha = textOf(call.body.sha) ?? call.query.get('sha');
  const { ref, tip, tree, old, path } = place(call);
  if (old === null) throw notFound();
  if (sha === null) throw new Refusal(422, 'Invalid request.\n\n"sha" wasn\'t supplied.');
  if (sha !== old.sha) throw new Refusal(409, `${path} does not match ${sha}`);
  const commit = commitOn(call, ref, tip, editTree(call.world.git, tree, [{ path, mode: old.mode, sha: null }]));
  return ok({ content: null, commit: gitCommitShape(call.world, commit) });
}

function place(call: Call) {
  const { git } = call.world;
  const branch = textOf(call.body.branch) ?? call.query.get('branch') ?? 'main';
  const ref = `refs/heads/${branch.replace(/^refs\/heads\//, '')}`;
  const tip = readRef(git, ref);
  if (tip === null) throw new Refusal(404, `Branch ${branch} not found`);
  const tree = readCommit(git, tip)?.tree ?? '';
  const path = param(call, 'path');
  if (path === '' || path.split('/').some((part) => part === '..' || part === '.git'))
    throw new Refusal(422, 'path contains a malformed path component');
  return { branch, ref, tip, tree, path, old: entryAt(git, tree, path) };
}

function commitOn(call: Call, ref: string, tip: string, tree: string): string {
  const message = required(call, 'message');
  const commit = writeCommit(call.world.git, { tree, parents: [tip], message, ...signatures(call) });
  checkPush(call, ref, commit, 409);
  push(call.world, { by: { actor: call.actor, account: writer(call) }, ref, after: commit });
  return commit;
}
