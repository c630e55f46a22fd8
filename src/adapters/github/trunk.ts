import { parseTrunk, parseTrunkFrom, type TrunkCommit } from '../../schema/github-trunk.ts';
import type { GithubReads } from './reads.ts';

/** Most pages of a hundred commits each; a busier branch than that is cut here, and said. */
const MOST_PAGES = 10;
/** More folders than this are watched as one: the whole tree. */
const MOST_PLACES = 20;

export interface Trunk {
  readonly tip: string;
  /** The default branch's name. */
  readonly branch: string;
  /** First parents down from the tip, newest first, as far as they were read. */
  readonly line: readonly OnTrunk[];
  /** Position of the last one that its date, or one below it, makes recent; -1: none is. */
  readonly recent: number;
  /** False when the branch is longer than was read, within the time asked for. */
  readonly whole: boolean;
}

export interface OnTrunk {
  readonly sha: string;
  readonly parent: string | null;
  /** Position from the tip. */
  readonly order: number;
  /** Whether it changed something in a watched place. */
  readonly touches: boolean;
}

/** So many older commits at the end of a page mean that the time asked for is over; a date alone, which its author chose, does not. */
const OLD_ENOUGH = 50;

/**
 * The first-parent history of the default branch (as it is now, or from a given tip) since an instant, and which of its commits changed
 * something in the watched folders and files: git names both by their content, so a commit that leaves one alone shows its parent's id. One
 * call a hundred commits.
 */
export async function trunkOf(
  reads: GithubReads,
  folders: readonly string[],
  since: string,
  from: string | null,
): Promise<Trunk> {
  const places = placesOf(folders);
  const watched = Math.max(1, places.length);
  const seen = new Map<string, TrunkCommit>();
  let tip = from;
  let branch = '';
  let after: string | null = null;
  for (let count = 0; count < MOST_PAGES; count++) {
    const answer = await reads.query(queryFor(places, tip !== null), { after, ...(tip !== null && { tip }) });
    const page = tip === null ? parseTrunk(answer, watched) : parseTrunkFrom(answer, tip, watched);
    for (const commit of page.commits) {
      seen.set(commit.sha, commit);
      reads.trees.learn(commit.sha, commit.tree);
    }
    tip = page.tip;
    branch = page.branch;
    after = page.commits.slice(-OLD_ENOUGH).every((commit) => isOlder(commit, since)) ? null : page.next;
    if (after === null) break;
  }
  return { tip: tip ?? '', branch, ...lineFrom(seen, tip ?? '', since), whole: after === null };
}

function isOlder({ date }: TrunkCommit, since: string): boolean {
  return Date.parse(date) < Date.parse(since);
}

/**
 * Walks first parents down from the tip. The last commit's parent is not known, so it may have changed anything. A commit's date is its
 * author's word: one on top of a commit that is recent is recent itself.
 */
function lineFrom(seen: ReadonlyMap<string, TrunkCommit>, tip: string, since: string): Pick<Trunk, 'line' | 'recent'> {
  const line = [];
  let recent = -1;
  let commit = seen.get(tip);
  for (let order = 0; commit; order++) {
    const { sha, parent, places } = commit;
    const before = parent === null ? undefined : seen.get(parent);
    const touches = !before || places.some((id, place) => id !== before.places[place]);
    line.push({ sha, parent, order, touches });
    if (!isOlder(commit, since)) recent = order;
    commit = before;
  }
  return { line, recent };
}

function placesOf(folders: readonly string[]): readonly string[] {
  const distinct = [...new Set(folders)].sort();
  if (distinct.length <= MOST_PLACES && !distinct.includes('')) return distinct;
  const tops = [...new Set(distinct.map((folder) => folder.split('/')[0] ?? ''))];
  return tops.length <= MOST_PLACES && !tops.includes('') ? tops : [];
}

function queryFor(places: readonly string[], fromTip: boolean): string {
  // A path is a string of GraphQL, which is written as JSON writes one. Without places every commit shows its whole tree.
  const asked =
    places.length === 0
      ? 'd0: tree { oid }'
      : places.map((path, place) => `d${place}: file(path: ${JSON.stringify(path)}) { oid }`).join(' ');
  const history = `... on Commit { history(first: 100, after: $after) {
    pageInfo { hasNextPage endCursor } nodes { oid committedDate tree { oid } parents(first: 1) { nodes { oid } } ${asked} } } }`;
  const from = fromTip
    ? `defaultBranchRef { name } object(oid: $tip) { ${history} }`
    : `defaultBranchRef { name target { oid ${history} } }`;
  return `query($owner: String!, $repo: String!, $after: String${fromTip ? ', $tip: GitObjectID!' : ''}) {
  repository(owner: $owner, name: $repo) { ${from} }
}`;
}
