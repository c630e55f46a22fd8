import type { Repository, StoredObject } from './repository.ts';

export interface Signature {
  readonly name: string;
  readonly email: string;
  /** Seconds precision, UTC, as GitHub prints it. */
  readonly date: string;
}

export interface Commit {
  readonly sha: string;
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author: Signature;
  readonly committer: Signature;
  readonly message: string;
}

/** What was read of each stored object: walks through history come by the same commits again and again. */
const parsed = new WeakMap<StoredObject, Commit>();

export function readCommit(repository: Repository, sha: string): Commit | null {
  const object = repository.read(sha);
  if (object === null || object.type !== 'commit') return null;
  const commit = parsed.get(object) ?? parseCommit(sha, object.content.toString());
  parsed.set(object, commit);
  return commit;
}

function parseCommit(sha: string, text: string): Commit {
  const split = text.indexOf('\n\n');
  const head = text.slice(0, split < 0 ? undefined : split).split('\n');
  const values = (name: string) => head.filter((line) => line.startsWith(`${name} `)).map((line) => line.slice(name.length + 1));
  return {
    sha,
    tree: values('tree')[0] ?? '',
    parents: values('parent'),
    author: parseSignature(values('author')[0] ?? ''),
    committer: parseSignature(values('committer')[0] ?? ''),
    message: split < 0 ? '' : text.slice(split + 2).replace(/\n+$/, ''),
  };
}

export function writeCommit(repository: Repository, commit: Omit<Commit, 'sha'>): string {
  const lines = [
    `tree ${commit.tree}`,
    ...commit.parents.map((parent) => `parent ${parent}`),
    `author ${printSignature(commit.author)}`,
    `committer ${printSignature(commit.committer)}`,
  ];
  return repository.write('commit', Buffer.from(`${lines.join('\n')}\n\n${commit.message}\n`));
}

function parseSignature(text: string): Signature {
  const found = /^(.*?) ?<(.*)> (\d+) [+-]\d{4}$/.exec(text);
  const date = new Date(Number(found?.[3] ?? 0) * 1000).toISOString().replace('.000Z', 'Z');
  return { name: found?.[1] ?? '', email: found?.[2] ?? '', date };
}

/** Names and e-mails come from requests: what would break the header is dropped, as git does. */
function printSignature(signature: Signature): string {
  const clean = (text: string) => text.replace(/[<>\n\0]/g, '');
  return `${clean(signature.name)} <${clean(signature.email)}> ${Math.floor(Date.parse(signature.date) / 1000)} +0000`;
}
