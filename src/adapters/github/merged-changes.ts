import type { TreeEntryChange } from '../../model/gate.ts';
import { known } from '../../model/known.ts';
import type { Merged, MergedChange, PolicyHistory, TouchedFiles } from '../../model/merged-change.ts';
import { isRecordPath } from '../../model/record.ts';
import type { Clock, MergedChangeReader } from '../../ports.ts';
import { parseRecord } from '../../schema/record.ts';
import { boundaryOf, touchingSince, unseenPolicy } from './boundary.ts';
import { POLICY_PATHS, textOf } from './policy.ts';
import { type GithubReads, told } from './reads.ts';
import { deltaBetween } from './trees.ts';
import { type Trunk, trunkOf } from './trunk.ts';

const RECORDS = '.sluice/changes';
/** An older merge is history: every approval has expired and every verification has ended long before. */
const LOOK_BACK_DAYS = 14;
/** First parents of this many commits are kept. */
const MOST_KEPT = 200;

/** What the default branch brought lately: records with the one first-parent commit that added each, and people's own changes. */
export function mergedChangeReader(reads: GithubReads, clock: Clock): MergedChangeReader {
  let last: Read | null = null;
  const parentOf = firstParents(reads);
  // What a tip's history holds never changes.
  const read = async (files: readonly string[], tip: string | null, isAnswered: (kept: Read) => boolean): Promise<Read> => {
    if (tip === null || last?.merged.tip !== tip || !isAnswered(last))
      last = await mergedSince(reads, files, daysBefore(await clock.now()), tip);
    return last;
  };
  return {
    merged: (files, tip) =>
      told(async () => {
        const asked = files.join('\n');
        return (await read(files, tip ?? null, (kept) => kept.files.join('\n') === asked)).merged;
      }),
    policy: (tip) =>
      told(async () => {
        const isAnswered = ({ files }: Read) => POLICY_PATHS.every((path) => files.includes(path));
        return policySince(reads, await read(POLICY_PATHS, tip, isAnswered), daysBefore(await clock.now()));
      }),
    at: (merge, files) =>
      told(async () => {
        const brought = await broughtBy(reads, { sha: merge, parent: await parentOf(merge), order: 0 }, new Set(files));
        return { changes: brought.changes, touched: brought.touched };
      }),
  };
}

interface Read {
  readonly files: readonly string[];
  readonly trunk: Trunk;
  readonly merged: Merged;
}

/** The policy's files in what was read, and in what its dates alone would have left out. */
async function policySince(reads: GithubReads, { trunk, merged }: Read, since: string): Promise<PolicyHistory> {
  const boundary = await boundaryOf(reads, trunk.branch, since);
  const wanted = new Set(POLICY_PATHS);
  const late = touchingSince(trunk, boundary).filter(({ order }) => order > trunk.recent);
  const found = await Promise.all(late.map((commit) => broughtBy(reads, commit, wanted)));
  const touched = [...merged.touched, ...found.flatMap((one) => one.touched)];
  return { touched, unseen: await unseenPolicy(reads, trunk, boundary, touched) };
}

/** A commit's first parent, asked for once: what an object id names never changes. */
function firstParents(reads: GithubReads): (commit: string) => Promise<string | null> {
  const kept = new Map<string, string | null>();
  return async (sha) => {
    const before = kept.get(sha);
    if (before !== undefined) return before;
    const commit = await reads.get('GET /repos/{owner}/{repo}/git/commits/{commit_sha}', { commit_sha: sha });
    const parent = commit?.parents[0]?.sha ?? null;
    if (commit) kept.set(sha, parent);
    if (kept.size > MOST_KEPT) kept.delete(kept.keys().next().value ?? sha);
    return parent;
  };
}

function daysBefore(now: Date): string {
  return new Date(now.getTime() - LOOK_BACK_DAYS * 86_400_000).toISOString();
}

async function mergedSince(reads: GithubReads, files: readonly string[], since: string, tip: string | null): Promise<Read> {
  const wanted = new Set(files);
  // Beside the policy alone no record is looked for.
  const isPolicy = files.length > 0 && files.every((path) => POLICY_PATHS.includes(path));
  const trunk = await trunkOf(reads, [...(isPolicy ? [] : [RECORDS]), ...files.map(placeOf)], since, tip);
  const brought = await Promise.all(touchingSince(trunk, known(null)).map((commit) => broughtBy(reads, commit, wanted)));
  // Newest first: whatever a later commit did to a record's path decides before the commit that added it is looked at.
  const overtaken = new Map<string, string>();
  const changes: MergedChange[] = [];
  const lost = brought.flatMap((one) => one.lost).concat(trunk.whole ? [] : [tooLong(since)]);
  for (const { merge, changes: added, disturbed } of brought) {
    for (const change of added) {
      const later = overtaken.get(change.path);
      if (later === undefined) changes.push(change);
      else if (later !== 'deleted') lost.push({ path: change.path, why: `altered by ${later} after it was merged` });
    }
    for (const { path, deleted } of disturbed) if (!overtaken.has(path)) overtaken.set(path, deleted ? 'deleted' : merge);
  }
  const touched = brought.flatMap((one) => one.touched);
  return { files, trunk, merged: { tip: trunk.tip, changes, touched, whole: trunk.whole, lost } };
}

/** A target's files share folders; those of the policy stand in busy ones, the root among them, and are watched themselves. */
function placeOf(file: string): string {
  return POLICY_PATHS.includes(file) ? file : file.split('/').slice(0, -1).join('/');
}

interface Brought {
  readonly merge: string;
  readonly changes: readonly MergedChange[];
  readonly touched: readonly TouchedFiles[];
  /** Records that were there before and that this commit altered or deleted. */
  readonly disturbed: readonly { readonly path: string; readonly deleted: boolean }[];
  readonly lost: Merged['lost'];
}

/** What one first-parent commit brought. Whether a record accounts for the files beside it is not decided here: anybody can add one. */
async function broughtBy(
  reads: GithubReads,
  commit: { readonly sha: string; readonly parent: string | null; readonly order: number },
  files: ReadonlySet<string>,
): Promise<Brought> {
  const nothing = { merge: commit.sha, changes: [], touched: [], disturbed: [], lost: [] };
  if (commit.parent === null) return nothing;
  const delta = await deltaBetween(reads, commit.parent, commit.sha);
  const records = delta.filter((entry) => isRecordPath(entry.path));
  const added = records.filter((entry) => isAbsent(entry.oldId) && !isAbsent(entry.newId));
  const read = await Promise.all(added.map(async (entry) => recordAt(reads, entry, commit)));
  const own = delta.filter((entry) => files.has(entry.path));
  return {
    merge: commit.sha,
    changes: read.flatMap((one) => (one.ok ? [one.change] : [])),
    touched: own.length === 0 ? [] : [{ merge: commit.sha, order: commit.order, files: own.map(sidesOf) }],
    disturbed: records.filter((entry) => !isAbsent(entry.oldId)).map(({ path, newId }) => ({ path, deleted: isAbsent(newId) })),
    lost: read.flatMap((one) => (one.ok ? [] : [{ path: one.path, why: one.why }])),
  };
}

type Added =
  | { readonly ok: true; readonly change: MergedChange }
  | { readonly ok: false; readonly path: string; readonly why: string };

async function recordAt(
  reads: GithubReads,
  { path, newId }: TreeEntryChange,
  { sha, order }: { readonly sha: string; readonly order: number },
): Promise<Added> {
  const text = await told(() => textOf(reads, { mode: '100644', id: newId }));
  if (!text.known) return { ok: false, path, why: text.why };
  const parsed = parseRecord(text.value ?? '');
  if (!parsed.ok) return { ok: false, path, why: parsed.why };
  return { ok: true, change: { path, record: parsed.value, merge: sha, order, derived: false } };
}

function sidesOf({ path, oldId, newId }: TreeEntryChange): TouchedFiles['files'][number] {
  return { path, before: isAbsent(oldId) ? null : oldId, after: isAbsent(newId) ? null : newId };
}

function isAbsent(id: string): boolean {
  return /^0+$/.test(id);
}

function tooLong(since: string): Merged['lost'][number] {
  return { path: RECORDS, why: `more commits since ${since} than are read at once; older changes are not looked at` };
}
