import { readCommit, type Signature } from '../git/commit.ts';
import type { Account } from '../nouns.ts';
import { nodeId } from '../shapes/account.ts';
import { accountByEmail } from '../shapes/commit.ts';
import type { World } from '../world.ts';
import { connection, type Slice } from './connection.ts';

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

export function commitNode(world: World, sha: string): CommitNode | null {
  const commit = readCommit(world.git, sha);
  if (commit === null) return null;
  const headline = commit.message.split('\n')[0] ?? '';
  return {
    __typename: 'Commit',
    ...{ id: nodeId('C', sha), abbreviatedOid: sha.slice(0, 7), messageHeadline: headline },
    oid: sha,
    message: commit.message,
    ...{ author: gitActor(world, commit.author), committer: gitActor(world, commit.committer) },
    ...{ authoredDate: commit.author.date, committedDate: commit.committer.date },
    authors: (slice) =>
      connection(
        [commit.author, ...coAuthors(commit.message, commit.author)].map((one) => gitActor(world, one)),
        slice,
      ),
    parents: (slice) =>
      connection(
        commit.parents.map((parent) => commitNode(world, parent)),
        slice,
      ),
  };
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
