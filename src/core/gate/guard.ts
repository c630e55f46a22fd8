import type { GateFacts } from '../../model/gate.ts';
import { known } from '../../model/known.ts';
import type { Merged } from '../../model/merged-change.ts';
import type { GateReasonCode, Reason } from '../../model/reason.ts';
import type { Target } from '../../model/target.ts';
import { CODEOWNERS_PATHS } from '../codeowners.ts';

/** The files that decide who decides: whoever changed them around the gate could approve anything afterwards. */
export const POLICY_FILES = ['.github/sluice.yml', ...CODEOWNERS_PATHS] as const;

/** What an attempt to apply asks the default branch about: the files of these targets, and those that decide who decides. */
export function watchedFiles(targets: readonly Pick<Target, 'files'>[]): readonly string[] {
  return [...new Set([...targets.flatMap(({ files }) => files), ...POLICY_FILES])].sort();
}

/**
 * Facts about an earlier merge as they were when it was merged: who approved what still has to be so, but approvals may expire, windows close and
 * signals recover afterwards, and the policy is the one that it was merged under. What people say later, such as `/hold`, counts.
 */
export function asOfItsMerge(facts: GateFacts): GateFacts {
  const { change, live } = facts;
  const mergedAt = change.pull.known ? change.pull.value.mergedAt : null;
  const [base] = change.policies;
  return {
    ...facts,
    change: { ...change, policies: base ? [base] : [] },
    live: {
      ...live,
      now: mergedAt ?? live.now,
      targets: live.targets.filter(({ commit }) => commit === base?.commit),
      recovered: known(false),
      superseded: known(false),
      policy: [],
    },
  };
}

/** The merges that made these files what they are: for each path the newest that changed it. */
export function stillInForce({ touched }: Pick<Merged, 'touched'>): readonly string[] {
  const taken = new Set<string>();
  return touched.flatMap(({ merge, files }) => {
    const own = files.filter(({ path }) => !taken.has(path));
    for (const { path } of files) taken.add(path);
    return own.length > 0 ? [merge] : [];
  });
}

/** Why the tree of a commit is not what the default branch holds of these files; null: it is. */
export function outOfDate(sha: string, at: Merged, head: Merged): Reason<GateReasonCode> | null {
  const list = ({ touched }: Merged) => touched.map(({ merge }) => merge);
  const [ours, theirs] = [list(at), list(head)];
  if (ours.join() === theirs.join()) return null;
  const newer = theirs.find((merge) => !ours.includes(merge));
  return {
    code: 'superseded',
    subject: sha,
    expected: `the files of targets as they are at ${head.tip}`,
    observed: newer ? `${newer} changed them since` : 'commits that are not on the default branch',
  };
}
