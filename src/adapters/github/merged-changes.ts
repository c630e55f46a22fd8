import type { MergedChange } from '../../model/merged-change.ts';
import { isRecordPath } from '../../model/record.ts';
import type { MergedChangeReader } from '../../ports.ts';
import { parseCommits } from '../../schema/github-commits.ts';
import { parseRecord } from '../../schema/record.ts';
import { branchTip } from './gate-facts.ts';
import { textOf } from './policy.ts';
import { type GithubReads, told } from './reads.ts';
import { treeOf } from './trees.ts';

/** First-parent commits that are looked at; an older change is no longer anybody's to apply. */
const MOST_COMMITS = 300;

/** Every record at HEAD with the one first-parent commit that added it, newest first. */
export function mergedChangeReader(reads: GithubReads, defaultBranch: string): MergedChangeReader {
  return {
    merged: () =>
      told(async () => {
        const tip = await branchTip(reads, defaultBranch);
        const [tree, trunk] = await Promise.all([treeOf(reads, tip), trunkOf(reads, tip)]);
        const records = [...tree].filter(([path]) => isRecordPath(path));
        const changes = await Promise.all(records.map(([path, entry]) => locate(reads, path, entry.id, trunk)));
        const found = changes.flatMap((change) => (change ? [change] : [])).sort((a, b) => a.order - b.order);
        return { tip, changes: found, files: new Map([...tree].map(([path, entry]) => [path, entry.id])) };
      }),
  };
}

/** The first-parent history, newest first. */
async function trunkOf(reads: GithubReads, tip: string): Promise<readonly { readonly sha: string; readonly parent: string }[]> {
  const listed = await reads.get('GET /repos/{owner}/{repo}/commits', { sha: tip, per_page: 100 });
  const parents = new Map(parseCommits(listed ?? []).map((commit) => [commit.sha, commit.parents[0]]));
  const trunk = [];
  for (let sha = tip; trunk.length < MOST_COMMITS; ) {
    const parent = parents.get(sha);
    if (parent === undefined) break;
    trunk.push({ sha, parent });
    sha = parent;
  }
  return trunk;
}

/** Finds the trunk commit in which the path first appears, by halving: below it absent, from it on present. */
async function locate(
  reads: GithubReads,
  path: string,
  blob: string,
  trunk: readonly { readonly sha: string; readonly parent: string }[],
): Promise<MergedChange | null> {
  const has = async (commit: string) => (await treeOf(reads, commit)).get(path)?.id;
  let [newest, oldest] = [0, trunk.length - 1];
  const last = trunk[oldest];
  if (!last || (await has(last.parent)) !== undefined) return null;
  while (newest < oldest) {
    const middle = Math.floor((newest + oldest) / 2);
    const commit = trunk[middle];
    if (commit && (await has(commit.parent)) === undefined) oldest = middle;
    else newest = middle + 1;
  }
  return changeAt(reads, path, blob, trunk, newest, has);
}

async function changeAt(
  reads: GithubReads,
  path: string,
  blob: string,
  trunk: readonly { readonly sha: string; readonly parent: string }[],
  order: number,
  has: (commit: string) => Promise<string | undefined>,
): Promise<MergedChange | null> {
  const commit = trunk[order];
  if (!commit || (await has(commit.sha)) !== blob) return null;
  const parsed = parseRecord((await textOf(reads, { mode: '100644', id: blob })) ?? '');
  return parsed.ok ? { path, record: parsed.value, merge: commit.sha, order } : null;
}
