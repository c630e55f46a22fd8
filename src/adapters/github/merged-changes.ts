import type { TreeEntryChange } from '../../model/gate.ts';
import type { Merged, MergedChange, TouchedFiles } from '../../model/merged-change.ts';
import { isRecordPath } from '../../model/record.ts';
import type { Clock, MergedChangeReader } from '../../ports.ts';
import { parseRecord } from '../../schema/record.ts';
import { textOf } from './policy.ts';
import { type GithubReads, told } from './reads.ts';
import { deltaBetween } from './trees.ts';
import { trunkOf } from './trunk.ts';

const RECORDS = '.sluice/changes';
/** An older merge is history: every approval has expired and every verification has ended long before. */
const LOOK_BACK_DAYS = 14;
/** First parents of this many commits are kept. */
const MOST_KEPT = 200;

/** What the default branch brought lately: records with the one first-parent commit that added each, and people's own changes. */
export function mergedChangeReader(reads: GithubReads, clock: Clock): MergedChangeReader {
  let last: { readonly files: string; readonly merged: Merged } | null = null;
  const parentOf = firstParents(reads);
  return {
    merged: (files, tip) =>
      told(async () => {
        const asked = files.join('\n');
        // What a tip's history holds never changes.
        if (tip !== undefined && last?.merged.tip === tip && last.files === asked) return last.merged;
        const merged = await mergedSince(reads, files, daysBefore(await clock.now()), tip ?? null);
        last = { files: asked, merged };
        return merged;
      }),
    at: (merge, files) =>
      told(async () => {
        const brought = await broughtBy(reads, { sha: merge, parent: await parentOf(merge), order: 0 }, new Set(files));
        return { changes: brought.changes, touched: brought.touched };
      }),
  };
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

async function mergedSince(reads: GithubReads, files: readonly string[], since: string, tip: string | null): Promise<Merged> {
  const folders = files.map((file) => file.split('/').slice(0, -1).join('/'));
  const trunk = await trunkOf(reads, [RECORDS, ...folders], since, tip);
  const wanted = new Set(files);
  const brought = await Promise.all(trunk.touching.map((commit) => broughtBy(reads, commit, wanted)));
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
  const touching = brought.filter(({ files: own }) => own.length > 0).map(({ merge, files: own }) => ({ merge, files: own }));
  return { tip: trunk.tip, changes, touched: brought.flatMap((one) => one.touched), whole: trunk.whole, touching, lost };
}

interface Brought {
  readonly merge: string;
  readonly changes: readonly MergedChange[];
  readonly touched: readonly TouchedFiles[];
  /** Which of the files asked for it changed, with a record or without. */
  readonly files: readonly string[];
  /** Records that were there before and that this commit altered or deleted. */
  readonly disturbed: readonly { readonly path: string; readonly deleted: boolean }[];
  readonly lost: Merged['lost'];
}

/** What one first-parent commit brought: a record makes its files the record's change; files alone are a person's. */
async function broughtBy(
  reads: GithubReads,
  commit: { readonly sha: string; readonly parent: string | null; readonly order: number },
  files: ReadonlySet<string>,
): Promise<Brought> {
  const nothing = { merge: commit.sha, changes: [], touched: [], files: [], disturbed: [], lost: [] };
  if (commit.parent === null) return nothing;
  const delta = await deltaBetween(reads, commit.parent, commit.sha);
  const records = delta.filter((entry) => isRecordPath(entry.path));
  const added = records.filter((entry) => isAbsent(entry.oldId) && !isAbsent(entry.newId));
  const read = await Promise.all(added.map(async (entry) => recordAt(reads, entry, commit)));
  const own = delta.filter((entry) => files.has(entry.path));
  const touched =
    added.length > 0 || own.length === 0 ? [] : [{ merge: commit.sha, order: commit.order, files: own.map(sidesOf) }];
  return {
    merge: commit.sha,
    changes: read.flatMap((one) => (one.ok ? [one.change] : [])),
    touched,
    files: own.map(({ path }) => path),
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
