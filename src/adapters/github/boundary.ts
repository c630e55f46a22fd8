import type { Known } from '../../model/known.ts';
import type { Merged } from '../../model/merged-change.ts';
import { parseActivity } from '../../schema/github-commits.ts';
import { POLICY_PATHS, policyPlaces } from './policy.ts';
import { type GithubReads, told } from './reads.ts';
import type { Trunk } from './trunk.ts';

/** Where the default branch stood when the time that is looked back began; null: nobody has moved it since, or nobody asked. */
export type Boundary = Known<string | null>;

/**
 * By GitHub's own log of pushes, which nobody can date back: a commit's date is its author's word, and a hundred commits of the year 2001 on top
 * of another would end a history that believes them.
 */
export function boundaryOf(reads: GithubReads, branch: string, since: string): Promise<Boundary> {
  return told(async () => {
    const route = 'GET /repos/{owner}/{repo}/activity';
    const log = await reads.pages(route, { ref: `refs/heads/${branch}`, time_period: 'month' }, parseActivity);
    const first = log.filter(({ at }) => Date.parse(at) >= Date.parse(since)).at(-1);
    if (!first) return null;
    // A branch that began since then had nothing before.
    return /^0+$/.test(first.before) ? first.after : first.before;
  });
}

/** Commits that changed something and were pushed since the boundary, whatever their dates say, or that are recent by their dates. */
export function touchingSince({ line, recent }: Pick<Trunk, 'line' | 'recent'>, boundary: Boundary): Trunk['line'] {
  const below = boundary.known ? line.findIndex(({ sha }) => sha === boundary.value) : -1;
  return line.filter(({ touches, order }) => touches && (order <= recent || order < below));
}

/**
 * Why a commit that was not read may have changed the policy since the boundary; null: none did. Where first parents lead there, all were read;
 * where they do not (more commits than are read at once, dates that ended the reading, a branch merged the wrong way round), the oldest content
 * that was read has to be what stood there.
 */
export async function unseenPolicy(
  reads: GithubReads,
  { tip, line }: Pick<Trunk, 'tip' | 'line'>,
  boundary: Boundary,
  touched: Merged['touched'],
): Promise<string | null> {
  if (!boundary.known) return boundary.why;
  const from = boundary.value;
  if (from === null || line.some(({ sha }) => sha === from)) return null;
  const places = await told(() => Promise.all([policyPlaces(reads, from), policyPlaces(reads, tip)]));
  if (!places.known) return places.why;
  const [then, now] = places.value;
  const oldest = new Map(touched.flatMap(({ files }) => files.map(({ path, before }) => [path, before])));
  const changed = POLICY_PATHS.find((path, at) => {
    const read = oldest.get(path);
    return (read === undefined ? now.ids[at] : read) !== then.ids[at];
  });
  if (changed === undefined) return null;
  return `since ${from}, where the branch stood two weeks ago, ${changed} was changed by a commit that was not read: at most 1,000 are, while their dates are of these two weeks`;
}
