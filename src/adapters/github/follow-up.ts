import type { FollowUp } from '../../model/follow-up.ts';
import type { AncestorFact, BlobFact, ChangeFacts, FollowUpFacts, Permission, Person, RecordFact } from '../../model/gate.ts';
import { type Known, known, unknown } from '../../model/known.ts';
import { type ChangeRecord, isRecordPath } from '../../model/record.ts';
import type { People } from '../../ports.ts';
import { permissionOf } from '../../schema/github-team.ts';
import { parseRecord } from '../../schema/record.ts';
import { isAncestor, mergesBase } from './commits.ts';
import { textOf } from './policy.ts';
import { type GithubReads, told } from './reads.ts';
import { teamOf } from './teams.ts';
import { deltaFromMergeBase, treeOf } from './trees.ts';

/** The second read: texts, people, teams and earlier heads that the first facts made necessary. */
export async function followUpFacts(reads: GithubReads, change: ChangeFacts, asked: FollowUp): Promise<FollowUpFacts> {
  const [blobs, beside, people, teams, ancestors] = await Promise.all([
    Promise.all(asked.blobs.map((blob) => blobOf(reads, blob))),
    told(() => besideOf(reads, change, asked.beside)),
    byName(asked.logins, (login) => told(() => personOf(reads, login))),
    byName(asked.teams, (team) => told(() => teamOf(reads, team, change.repository.id))),
    told(() => ancestorsOf(reads, change, asked.ancestors)),
  ]);
  const record = recordOf(blobs);
  return { blobs, beside, record, undone: await undoneBy(reads, change, record), people, teams, ancestors };
}

async function blobOf(reads: GithubReads, { path, before, after }: FollowUp['blobs'][number]): Promise<BlobFact> {
  const text = (id: string) => told(() => textOf(reads, { mode: '100644', id }));
  const [old, next] = await Promise.all([text(before), text(after)]);
  return { path, before: old, after: next };
}

/** A merge leaves these as they are where it lands, which is not what the branch has of them. */
async function besideOf(reads: GithubReads, change: ChangeFacts, { files, folders }: FollowUp['beside']) {
  if (files.length + folders.length === 0) return { files: [], names: [] };
  const tree = await treeOf(reads, change.policies[0]?.commit ?? '');
  const texts = files.map(async (path) => ({ path, text: await textOf(reads, tree.get(path)) }));
  const names = [...tree.keys()].filter((path) => folders.some((folder) => path.startsWith(folder))).sort();
  return { files: await Promise.all(texts), names: names.filter((name) => /\.(?:ya?ml|json)$/.test(name)) };
}

/** The record that the change adds. Two records, or one that cannot be parsed, is a record nobody can judge. */
function recordOf(blobs: readonly BlobFact[]): Known<RecordFact | null> {
  const records = blobs.filter((blob) => isRecordPath(blob.path));
  const [only] = records;
  if (!only) return known(null);
  if (records.length > 1) return unknown(`${records.length} records in one change`);
  if (!only.after.known) return unknown(only.after.why);
  if (only.after.value === null) return unknown(`${only.path} is deleted`);
  const parsed = parseRecord(only.after.value);
  return parsed.ok ? known({ path: only.path, text: only.after.value, record: parsed.value }) : unknown(parsed.why);
}

/** The record that a rollback takes back, read at the base: it is what the rollback must be the inverse of. */
async function undoneBy(
  reads: GithubReads,
  change: ChangeFacts,
  record: Known<RecordFact | null>,
): Promise<Known<ChangeRecord | null>> {
  const path = record.known && record.value?.record.kind === 'rollback' ? record.value.record.undoes : null;
  if (path === null) return known(null);
  return told(async () => {
    const tree = await treeOf(reads, change.policies[0]?.commit ?? '');
    const parsed = parseRecord((await textOf(reads, tree.get(path))) ?? '');
    if (!parsed.ok) throw new Error(`${path}: ${parsed.why}`);
    return parsed.value;
  });
}

async function personOf(
  reads: GithubReads,
  login: string,
): Promise<{ readonly person: Person; readonly permission: Permission } | null> {
  const answer = await reads.get('GET /repos/{owner}/{repo}/collaborators/{username}/permission', { username: login });
  if (!answer?.user) return null;
  const { login: name, type } = answer.user;
  const id = Number(answer.user.id);
  return { person: { id, login: name, type }, permission: permissionOf(answer.role_name, answer.permission) };
}

/** The commits that approvals name and that stand between the base and the head; others are left out and so never match. */
async function ancestorsOf(reads: GithubReads, change: ChangeFacts, named: readonly string[]): Promise<readonly AncestorFact[]> {
  const { commits, pull, policies } = change;
  if (!commits.known || !pull.known || named.length === 0) return [];
  const base = policies[0]?.commit ?? '';
  const found = commits.value.filter((commit) => named.some((sha) => commit.sha.startsWith(sha.toLowerCase())));
  return Promise.all(
    found.map(async ({ sha }) => ({
      sha,
      onlyBaseMerges: await onlyMergesSince(reads, sha, pull.value.headSha, base),
      delta: await deltaFromMergeBase(reads, base, sha),
    })),
  );
}

/** Walks first parents from the head down to the ancestor; every step must be a merge of the base. */
async function onlyMergesSince(reads: GithubReads, ancestor: string, head: string, base: string): Promise<boolean> {
  let commit = head;
  for (let step = 0; step < 250 && commit !== ancestor; step++) {
    const read = await reads.get('GET /repos/{owner}/{repo}/git/commits/{commit_sha}', { commit_sha: commit });
    const parents = read?.parents.map((parent) => parent.sha) ?? [];
    const [first] = parents;
    if (!first || !(await mergesBase(reads, commit, parents, base))) return false;
    commit = first;
  }
  return commit === ancestor && (await isAncestor(reads, ancestor, head));
}

async function byName<T>(names: readonly string[], read: (name: string) => Promise<T>): Promise<Readonly<Record<string, T>>> {
  return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await read(name)] as const)));
}

/** The account of a login, and its permission here; null: GitHub knows no such user. */
export function personReader(
  reads: GithubReads,
): (login: string) => ReturnType<typeof told<Awaited<ReturnType<typeof personOf>>>> {
  return (login) => told(() => personOf(reads, login));
}

/** Who may command us: the live permission, not what a payload says about its author. */
export function peopleReader(reads: GithubReads): People {
  return { permission: (login) => told(async () => (await personOf(reads, login))?.permission ?? 'none') };
}
