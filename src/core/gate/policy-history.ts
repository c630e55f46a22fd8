import type { TouchedFiles } from '../../model/merged-change.ts';
import type { RolloutKey } from '../../model/rollout.ts';
import { CODEOWNERS_PATHS } from '../codeowners.ts';
import { isUnread } from '../unread.ts';
import { POLICY_FILES } from './guard.ts';
import { type GateReason, reason } from './reason.ts';

/** A commit of the default branch that changed what decides who decides, with the policy's files alone. */
export type PolicyTouch = Pick<TouchedFiles, 'merge' | 'files'>;

/** What went around the gate, oldest first, and for each path that is not as it was last approved the newest commit to blame. */
export interface PolicyAround {
  readonly around: readonly PolicyTouch[];
  readonly standing: readonly { readonly path: string; readonly merge: string }[];
}

/** Where it is noted what was found of such a commit: one log each, under its first file from the root on. No target can be called like that. */
export function policyLog({ merge, files }: PolicyTouch): RolloutKey {
  return { merge, target: `/${files[0]?.path ?? ''}` };
}

/** Whether a log is about who decides, and about no target. */
export function isPolicyLog(target: string): boolean {
  return target.startsWith('/');
}

const OWNERS: readonly string[] = CODEOWNERS_PATHS;

/**
 * The commits that changed the policy, oldest first, from newest-first history. What came with or before the first sluice.yml was never
 * Sluice's to judge; a first one that is only the first since it was deleted is.
 */
export function policyTouches(touched: readonly TouchedFiles[]): readonly PolicyTouch[] {
  const files: readonly string[] = POLICY_FILES;
  const all = touched
    .map(({ merge, files: changed }) => ({ merge, files: changed.filter(({ path }) => files.includes(path)) }))
    .filter((touch) => touch.files.length > 0)
    .reverse();
  const first = all.findIndex((touch) => touch.files.some(({ path }) => path === POLICY_FILES[0]));
  const isAdopted = all[first]?.files.some(({ path, before }) => path === POLICY_FILES[0] && before === null);
  return isAdopted ? all.slice(first + 1) : all;
}

/**
 * Walks what was approved forward. An approval counts only while CODEOWNERS is as it was last approved: whoever pushed themselves into it could
 * approve anything after. Back to the last approved content may go whoever likes; an older one is as new as any other.
 * `approved`: merges that the gate allows under the policy before each. `elsewhere`: some CODEOWNERS stands that none of these changed.
 */
export function policyAround(touches: readonly PolicyTouch[], approved: ReadonlySet<string>, elsewhere: boolean): PolicyAround {
  const now = new Map<string, string | null>();
  for (const { path, before } of touches.flatMap(({ files }) => files)) if (!now.has(path)) now.set(path, before);
  const stands = new Map(now);
  const blame = new Map<string, string>();
  const around: PolicyTouch[] = [];
  let owned = elsewhere || OWNERS.some((path) => (now.get(path) ?? null) !== null);
  for (const touch of touches) {
    const isApproved = approved.has(touch.merge) && OWNERS.every((path) => now.get(path) === stands.get(path));
    const isFirst = !owned;
    const fits = ({ path, after }: PolicyTouch['files'][number]) =>
      isApproved || after === stands.get(path) || (isFirst && OWNERS.includes(path));
    for (const file of touch.files) {
      now.set(file.path, file.after);
      if (fits(file)) stands.set(file.path, file.after);
      else blame.set(file.path, touch.merge);
      owned ||= OWNERS.includes(file.path);
    }
    if (touch.files.some(({ path, after }) => after !== stands.get(path))) around.push(touch);
  }
  const standing = [...blame].filter(([path]) => now.get(path) !== stands.get(path)).map(([path, merge]) => ({ path, merge }));
  return { around, standing };
}

/** What is said of a file of the policy that is not as it was approved: by whom it was not, or that nobody can tell. `reasons`: the gate's. */
export function policyReasons(path: string, merge: string, reasons: readonly GateReason[]): readonly GateReason[] {
  const untold = reasons.filter(isUnread);
  if (untold.length > 0) return untold;
  const because = [...new Set(reasons.map(({ code }) => code))].join(', ');
  const observed = `${merge}: ${because || 'approved by owners whom a change around the gate had made'}`;
  return [reason('policy_unapproved', path, 'approved under the policy before it', observed)];
}
