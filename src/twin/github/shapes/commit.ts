import { type Commit, readCommit, type Signature } from '../git/commit.ts';
import { diffFiles, type FileChange } from '../git/diff.ts';
import type { Fields, Json } from '../json.ts';
import type { Account } from '../nouns.ts';
import { notFound } from '../refusal.ts';
import { ACTIONS_BOT, accountOf, WEB_FLOW, type World } from '../world.ts';
import { nodeId, userShape } from './account.ts';
import { pageUrl, repositoryUrl } from './repository.ts';

const NOREPLY = 'users.noreply.github.com';

/** How GitHub itself, merging or committing for an App, signs. */
export const GITHUB_EMAIL = 'noreply@github.com';

export function emailOf(account: Account): string {
  return `${account.id}+${account.login}@${NOREPLY}`;
}

/** Who an e-mail belongs to; null when nobody claimed it. The id counts, so that a renamed login still maps. */
export function accountByEmail(world: World, email: string): Account | null {
  if (email === GITHUB_EMAIL) return WEB_FLOW;
  const noreply = /^(\d+)\+.*@users\.noreply\.github\.com$/.exec(email);
  if (noreply !== null) return [...world.accounts.values(), ACTIONS_BOT].find((one) => one.id === Number(noreply[1])) ?? null;
  const plain = new RegExp(`^([^@]+)@(?:example\\.test|${NOREPLY.replaceAll('.', '\\.')})$`).exec(email);
  return plain === null ? null : accountOf(world, plain[1] ?? '');
}

export function commitOf(world: World, sha: string): Commit {
  const commit = readCommit(world.git, sha);
  if (commit === null) throw notFound();
  return commit;
}

function verification(commit: Commit): Fields {
  const signed = commit.committer.email === GITHUB_EMAIL;
  return {
    verified: signed,
    reason: signed ? 'valid' : 'unsigned',
    signature: signed ? '-----BEGIN PGP SIGNATURE-----\n\n-----END PGP SIGNATURE-----\n' : null,
    payload: signed ? `tree ${commit.tree}` : null,
    verified_at: signed ? commit.committer.date : null,
  };
}

function signatureShape(signature: Signature): Fields {
  return { name: signature.name, email: signature.email, date: signature.date };
}

/** A commit as events show it. */
export function simpleCommitShape(world: World, sha: string): Fields {
  const { author, committer, message, tree } = commitOf(world, sha);
  const person = ({ name, email }: Signature) => ({ name, email });
  return {
    id: sha,
    tree_id: tree,
    message,
    timestamp: committer.date,
    author: person(author),
    committer: person(committer),
  };
}

/** A commit of the git database API. */
export function gitCommitShape(world: World, sha: string): Fields {
  const commit = commitOf(world, sha);
  const url = repositoryUrl(world);
  return {
    sha,
    node_id: nodeId('C', sha),
    url: `${url}/git/commits/${sha}`,
    html_url: `${pageUrl(world)}/commit/${sha}`,
    author: signatureShape(commit.author),
    committer: signatureShape(commit.committer),
    tree: { sha: commit.tree, url: `${url}/git/trees/${commit.tree}` },
    message: commit.message,
    parents: parents(world, commit, 'git/commits'),
    verification: verification(commit),
  };
}

/** A commit of the repository API: with the accounts behind the e-mails. */
export function commitShape(world: World, sha: string): Fields {
  const commit = commitOf(world, sha);
  const url = repositoryUrl(world);
  const account = (email: string): Json => {
    const found = accountByEmail(world, email);
    return found === null ? null : userShape(world, found);
  };
  return {
    sha,
    node_id: nodeId('C', sha),
    commit: {
      author: signatureShape(commit.author),
      committer: signatureShape(commit.committer),
      message: commit.message,
      tree: { sha: commit.tree, url: `${url}/git/trees/${commit.tree}` },
      url: `${url}/git/commits/${sha}`,
      comment_count: 0,
      verification: verification(commit),
    },
    url: `${url}/commits/${sha}`,
    html_url: `${pageUrl(world)}/commit/${sha}`,
    comments_url: `${url}/commits/${sha}/comments`,
    author: account(commit.author.email),
    committer: account(commit.committer.email),
    parents: parents(world, commit, 'commits'),
  };
}

function parents(world: World, commit: Commit, segment: string): readonly Fields[] {
  return commit.parents.map((sha) => ({
    sha,
    url: `${repositoryUrl(world)}/${segment}/${sha}`,
    html_url: `${pageUrl(world)}/commit/${sha}`,
  }));
}

/** One commit asked for by name: also with its files and their counts. */
export function detailedCommitShape(world: World, sha: string): Fields {
  const files = diffFiles(world.git, commitOf(world, sha).parents[0] ?? null, sha);
  const additions = files.reduce((sum, file) => sum + file.additions, 0);
  const deletions = files.reduce((sum, file) => sum + file.deletions, 0);
  return {
    ...commitShape(world, sha),
    stats: { total: additions + deletions, additions, deletions },
    files: files.slice(0, 300).map((file) => fileShape(world, sha, file)),
  };
}

export function fileShape(world: World, sha: string, file: FileChange): Fields {
  const path = file.path.split('/').map(encodeURIComponent).join('/');
  return {
    sha: file.sha,
    filename: file.path,
    status: file.status,
    additions: file.additions,
    deletions: file.deletions,
    changes: file.additions + file.deletions,
    blob_url: `${pageUrl(world)}/blob/${sha}/${path}`,
    raw_url: `${pageUrl(world)}/raw/${sha}/${path}`,
    contents_url: `${repositoryUrl(world)}/contents/${path}?ref=${sha}`,
    ...(file.patch === null ? {} : { patch: file.patch }),
    ...(file.previous === null ? {} : { previous_filename: file.previous }),
  };
}
