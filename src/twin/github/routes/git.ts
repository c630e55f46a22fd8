import { writeCommit } from '../git/commit.ts';
import { isAncestor } from '../git/history.ts';
import { isRefName, listRefs, readRef, resolveCommit } from '../git/refs.ts';
import { editTree, readTree, TREE_MODE, walkTree } from '../git/tree.ts';
import type { Fields } from '../json.ts';
import { rowsOf, textOf, textsOf } from '../json.ts';
import { checkPush, push } from '../pushes.ts';
import { invalid, notFound, Refusal } from '../refusal.ts';
import { type Answer, type Call, needs, nothing, ok, paged, param, REPO, type Route, required, writer } from '../route.ts';
import { nodeId } from '../shapes/account.ts';
import { gitCommitShape } from '../shapes/commit.ts';
import { repositoryUrl } from '../shapes/repository.ts';
import { signatures } from '../signatures.ts';
import type { World } from '../world.ts';

const READ = needs('read', 'contents:read');
const WRITE = needs('write', 'contents:write');
const GIT = `${REPO}/git`;

export const GIT_ROUTES: readonly Route[] = [
  { method: 'GET', path: `${GIT}/ref/{ref}`, need: READ, run: getRef },
  { method: 'GET', path: `${GIT}/matching-refs/{ref}`, need: READ, run: matchingRefs },
  { method: 'POST', path: `${GIT}/refs`, need: WRITE, run: createRef },
  { method: 'PATCH', path: `${GIT}/refs/{ref}`, need: WRITE, run: updateRef },
  { method: 'DELETE', path: `${GIT}/refs/{ref}`, need: WRITE, run: deleteRef },
  { method: 'GET', path: `${GIT}/commits/{commit_sha}`, need: READ, run: getCommit },
  { method: 'POST', path: `${GIT}/commits`, need: WRITE, run: createCommit },
  { method: 'GET', path: `${GIT}/trees/{tree_sha}`, need: READ, run: getTree },
  { method: 'POST', path: `${GIT}/trees`, need: WRITE, run: createTree },
  { method: 'GET', path: `${GIT}/blobs/{file_sha}`, need: READ, run: getBlob },
  { method: 'POST', path: `${GIT}/blobs`, need: WRITE, run: createBlob },
];

function refShape(world: World, ref: string, sha: string): Fields {
  const root = repositoryUrl(world);
  const object = { sha, type: 'commit', url: `${root}/git/commits/${sha}` };
  return { ref, node_id: nodeId('REF', ref), url: `${root}/git/${ref}`, object };
}

function getRef(call: Call): Answer {
  const ref = `refs/${param(call, 'ref')}`;
  const sha = readRef(call.world.git, ref);
  if (sha === null) throw notFound();
  return ok(refShape(call.world, ref, sha));
}

function matchingRefs(call: Call): Answer {
  const found = listRefs(call.world.git, `refs/${param(call, 'ref')}`);
  return paged(call, found, ({ ref, sha }) => refShape(call.world, ref, sha));
}

function createRef(call: Call): Answer {
  const ref = required(call, 'ref');
  const after = required(call, 'sha');
  if (!isRefName(ref) || ref.split('/').length < 3) throw new Refusal(422, 'Reference name is not valid');
  if (readRef(call.world.git, ref) !== null) throw new Refusal(422, 'Reference already exists');
  // A ref is a file to git: `a` and `a/b` cannot both be branches.
  const clash = listRefs(call.world.git, 'refs/').some((one) => one.ref.startsWith(`${ref}/`) || ref.startsWith(`${one.ref}/`));
  if (clash) throw new Refusal(422, 'Reference cannot be created beside one whose name it begins with');
  if (call.world.git.read(after)?.type !== 'commit') throw new Refusal(422, 'Object does not exist');
  push(call.world, { by: { actor: call.actor, account: writer(call) }, ref, after });
  return ok(refShape(call.world, ref, after), 201);
}

function updateRef(call: Call): Answer {
  const ref = `refs/${param(call, 'ref')}`;
  const after = required(call, 'sha');
  const before = readRef(call.world.git, ref);
  if (before === null) throw new Refusal(422, 'Reference does not exist');
  if (call.world.git.read(after)?.type !== 'commit') throw new Refusal(422, 'Object does not exist');
  if (call.body.force !== true && !isAncestor(call.world.git, before, after))
    throw new Refusal(422, 'Update is not a fast forward');
  checkPush(call, ref, after, 422);
  push(call.world, { by: { actor: call.actor, account: writer(call) }, ref, after });
  return ok(refShape(call.world, ref, after));
}

function deleteRef(call: Call): Answer {
  const ref = `refs/${param(call, 'ref')}`;
  if (readRef(call.world.git, ref) === null) throw new Refusal(422, 'Reference does not exist');
  checkPush(call, ref, null, 422);
  push(call.world, { by: { actor: call.actor, account: writer(call) }, ref, after: null });
  return nothing();
}

function getCommit(call: Call): Answer {
  return ok(gitCommitShape(call.world, param(call, 'commit_sha')));
}

function createCommit(call: Call): Answer {
  const { git } = call.world;
  const tree = required(call, 'tree');
  const parents = textsOf(call.body.parents);
  if (readTree(git, tree) === null) throw new Refusal(422, 'Tree SHA does not exist');
  if (parents.some((parent) => git.read(parent)?.type !== 'commit'))
    throw new Refusal(422, 'Parent SHA does not exist or is not a commit object');
  const message = required(call, 'message');
  const sha = writeCommit(git, { tree, parents, message, ...signatures(call) });
  return ok(gitCommitShape(call.world, sha), 201);
}

function getTree(call: Call): Answer {
  const { git, switches } = call.world;
  const name = param(call, 'tree_sha');
  const commit = resolveCommit(git, name);
  const sha = commit === null ? name : gitTreeOf(call.world, commit);
  const top = readTree(git, sha);
  if (top === null) throw notFound();
  const recursive = call.query.has('recursive');
  const all = recursive ? walkTree(git, sha) : top;
  const truncated = recursive && switches.truncateTrees && all.length > 1;
  const root = repositoryUrl(call.world);
  const tree = all.slice(0, truncated ? Math.ceil(all.length / 2) : undefined).map((entry) => {
    if (entry.mode === TREE_MODE) return { ...entry, type: 'tree', url: `${root}/git/trees/${entry.sha}` };
    if (entry.mode === '160000') return { ...entry, type: 'commit' };
    const size = git.read(entry.sha)?.content.length ?? 0;
    return { ...entry, type: 'blob', size, url: `${root}/git/blobs/${entry.sha}` };
  });
  return ok({ sha, url: `${root}/git/trees/${sha}`, tree, truncated });
}

function gitTreeOf(world: World, commit: string): string {
  const shape = gitCommitShape(world, commit).tree;
  return textOf(typeof shape === 'object' && shape !== null && 'sha' in shape ? shape.sha : null) ?? '';
}

function createTree(call: Call): Answer {
  const { git } = call.world;
  const base = textOf(call.body.base_tree);
  const rows = rowsOf(call.body.tree);
  if (rows.length === 0) throw new Refusal(422, 'Invalid tree info');
  const baseTree = base === null ? null : git.read(base)?.type === 'commit' ? gitTreeOf(call.world, base) : base;
  if (baseTree !== null && readTree(git, baseTree) === null) throw new Refusal(422, 'base_tree is not a valid tree');
  const edits = rows.map((row) => treeEdit(call.world, row));
  const sha = editTree(git, baseTree, edits);
  const tree = (readTree(git, sha) ?? []).map((entry) => ({ ...entry, type: entry.mode === TREE_MODE ? 'tree' : 'blob' }));
  return ok({ sha, url: `${repositoryUrl(call.world)}/git/trees/${sha}`, tree, truncated: false }, 201);
}

function treeEdit(world: World, row: Fields): { path: string; mode: string; sha: string | null } {
  const path = textOf(row.path) ?? '';
  const mode = textOf(row.mode) ?? '100644';
  const bad =
    path === '' ||
    path.startsWith('/') ||
    path.split('/').some((part) => part === '..' || part === '.' || part === '' || part === '.git');
  if (bad) throw new Refusal(422, 'tree.path contains a malformed path component');
  if (row.sha === null) return { path, mode, sha: null };
  const content = textOf(row.content);
  const sha = content === null ? textOf(row.sha) : world.git.write('blob', Buffer.from(content));
  if (sha === null) throw new Refusal(422, 'Must supply either tree.sha or tree.content');
  if (mode !== '160000' && world.git.read(sha) === null)
    throw invalid('Tree', 'sha', 'invalid', `tree.sha ${sha} is not a valid blob`);
  return { path, mode, sha };
}

function getBlob(call: Call): Answer {
  const sha = param(call, 'file_sha');
  const object = call.world.git.read(sha);
  if (object === null || object.type !== 'blob') throw notFound();
  if (call.accept.includes('raw'))
    return { status: 200, raw: object.content, headers: { 'content-type': 'application/octet-stream' } };
  const size = object.content.length;
  const url = `${repositoryUrl(call.world)}/git/blobs/${sha}`;
  return ok({ sha, node_id: nodeId('B', sha), size, url, content: wrapped(object.content), encoding: 'base64' });
}

/** base64 in lines of 60, as GitHub sends it. */
export function wrapped(content: Buffer): string {
  return content.toString('base64').replace(/(.{60})/g, '$1\n');
}

function createBlob(call: Call): Answer {
  const content = textOf(call.body.content);
  if (content === null) throw new Refusal(422, 'Invalid request.\n\n"content" wasn\'t supplied.');
  const encoding = call.body.encoding === 'base64' ? 'base64' : 'utf8';
  const sha = call.world.git.write('blob', Buffer.from(content, encoding));
  return ok({ sha, url: `${repositoryUrl(call.world)}/git/blobs/${sha}` }, 201);
}
