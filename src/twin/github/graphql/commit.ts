import { pullsWith } from '../associated.ts';
import { type Commit, readCommit, type Signature } from '../git/commit.ts';
import { logByDate } from '../git/history.ts';
import { entryAt } from '../git/tree.ts';
import type { Account, Issue } from '../nouns.ts';
import { nodeId } from '../shapes/account.ts';
import { accountByEmail, commitOf } from '../shapes/commit.ts';
import { pageUrl } from '../shapes/repository.ts';
import type { World } from '../world.ts';
import { connection, type Slice } from './connection.ts';
import { check, type Graph, READ_CONTENT, READ_PULL } from './graph.ts';
import { entryNode, gitObject, treeNode } from './object.ts';

/** GraphQL names a bot without the suffix that REST gives it. */
export function actorNode(world: World, account: Account | null) {
  if (account === null) return null;
  const login = account.login.replace(/\[bot\]$/, '');
  const path = account.type === 'Bot' ? `/apps/${login}` : `/${login}`;
  return {
    __typename: account.type,
    id: nodeId('U', account.id),
    databaseId: account.id,
    login,
    name: login,
    url: `${world.url}${path}`,
    resourcePath: path,
    avatarUrl: `${world.url}/avatars/u/${account.id}?v=4`,
  };
}

export interface CommitNode {
  readonly __typename: 'Commit';
  readonly oid: string;
  readonly message: string;
  readonly parents: (slice: Slice) => unknown;
  readonly authors: (slice: Slice) => unknown;
}

export function commitNode(graph: Graph, sha: string): CommitNode | null {
  const { world } = graph;
  const commit = readCommit(world.git, sha);
  if (commit === null) return null;
  const headline = commit.message.split('\n')[0] ?? '';
  const { commitUrl } = gitObject(graph, sha);
  return {
    __typename: 'Commit',
    ...{ id: nodeId('C', sha), ...gitObject(graph, sha), messageHeadline: headline },
    oid: sha,
    message: commit.message,
    ...{ url: commitUrl, treeUrl: `${pageUrl(world)}/tree/${sha}` },
    ...{ author: gitActor(world, commit.author), committer: gitActor(world, commit.committer) },
    ...{ authoredDate: commit.author.date, committedDate: commit.committer.date },
    authors: (slice) =>
      connection([commit.author, ...coAuthors(commit.message, commit.author)], slice, (one) => gitActor(world, one)),
    parents: (slice) => connection(commit.parents, slice, (parent) => commitNode(graph, parent)),
    ...contents(graph, commit),
  };
}

interface HistorySlice extends Slice {
  readonly author?: { readonly id?: string | null; readonly emails?: readonly string[] | null } | null;
  readonly path?: string | null;
  readonly since?: string | null;
  readonly until?: string | null;
}

interface PullSlice extends Slice {
  readonly orderBy: { readonly field: 'CREATED_AT' | 'UPDATED_AT'; readonly direction: 'ASC' | 'DESC' };
}

/** What a commit leads to. Reading it wants what reading the same by REST wants. */
function contents(graph: Graph, commit: Commit) {
  const { world } = graph;
  return {
    tree: () => {
      check(graph.actor, READ_CONTENT);
      return treeNode(graph, commit.tree, '');
    },
    file: ({ path }: { path: string }) => {
      check(graph.actor, READ_CONTENT);
      const entry = path === '' ? null : entryAt(world.git, commit.tree, path);
      return entry === null ? null : entryNode(graph, '', entry);
    },
    history: (slice: HistorySlice) => {
      check(graph.actor, READ_CONTENT);
      return connection(history(world, commit.sha, slice), slice, (sha) => commitNode(graph, sha));
    },
    associatedPullRequests: (slice: PullSlice) => {
      check(graph.actor, READ_PULL);
      const { field, direction } = slice.orderBy;
      const time = (issue: Issue) => Date.parse(field === 'CREATED_AT' ? issue.createdAt : issue.updatedAt);
      const sign = direction === 'ASC' ? 1 : -1;
      const found = [...pullsWith(world, commit.sha)].sort((a, b) => sign * (time(a) - time(b) || a.number - b.number));
      return connection(found, slice, (issue) => (issue.pull === null ? null : graph.pull(issue, issue.pull)));
    },
  };
}

/** As `git log` orders and picks. Times are the committer's. */
function history(world: World, sha: string, { author, path, since, until }: HistorySlice): readonly string[] {
  const instant = (text: string | null | undefined, otherwise: number) => Date.parse(text ?? '') || otherwise;
  const [from, to] = [instant(since, 0), instant(until, Number.POSITIVE_INFINITY)];
  return logByDate(world.git, sha, path ?? null).filter((id) => {
    const commit = commitOf(world, id);
    const at = Date.parse(commit.committer.date);
    return at >= from && at <= to && wroteIt(world, commit, author ?? {});
  });
}

function wroteIt(world: World, commit: Commit, { id, emails }: NonNullable<HistorySlice['author']>): boolean {
  if (id != null) return nodeId('U', accountByEmail(world, commit.author.email)?.id ?? 0) === id;
  return emails == null || emails.includes(commit.author.email);
}

function gitActor(world: World, signature: Signature) {
  const account = accountByEmail(world, signature.email);
  // The field's type is User, so what a bot committed shows nobody.
  const user = account?.type === 'User' ? actorNode(world, account) : null;
  return { name: signature.name, email: signature.email, date: signature.date, user };
}

function coAuthors(message: string, author: Signature): readonly Signature[] {
  const found = [...message.matchAll(/^co-authored-by: (.*) <(.*)>\s*$/gim)];
  const all = found.map(([, name = '', email = '']) => ({ name, email, date: author.date }));
  return all.filter((one) => one.email !== author.email);
}
