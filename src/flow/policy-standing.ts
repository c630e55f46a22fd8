import { CODEOWNERS_PATHS } from '../core/codeowners.ts';
import { denialOf } from '../core/gate/denial.ts';
import { targetFiles } from '../core/gate/follow-up.ts';
import { asOfItsMerge, POLICY_FILES } from '../core/gate/guard.ts';
import { type PolicyTouch, policyAround, policyLog, policyReasons, policyTouches } from '../core/gate/policy-history.ts';
import { unread } from '../core/gate/reason.ts';
import { foldRollout, isFinished } from '../core/rollout.ts';
import type { ChangeFacts } from '../model/gate.ts';
import { type Known, known } from '../model/known.ts';
import type { PolicyHistory } from '../model/merged-change.ts';
import type { GateReasonCode, Reason } from '../model/reason.ts';
import { isRecordPath } from '../model/record.ts';
import type { Rollout } from '../model/rollout.ts';
import type { LivePorts } from './live-facts.ts';
import { gatherOnce, type MergedFacts } from './merged-facts.ts';
import { rolloutOf } from './rollout-of.ts';

/** A commit that changed the policy. */
export interface Judged {
  readonly touch: PolicyTouch;
  readonly rollout: Rollout;
  /** Why it was not approved under the policy before it; empty: it was. */
  readonly reasons: readonly Reason<GateReasonCode>[];
}

export interface PolicyStanding {
  readonly judged: readonly Judged[];
  /** What went around the gate, also what was taken back since. */
  readonly around: readonly PolicyTouch[];
  /** What stands against the policy now, each with the file and the commit to blame. */
  readonly faults: readonly {
    readonly path: string;
    readonly merge: string;
    readonly reasons: readonly Reason<GateReasonCode>[];
  }[];
}

/** Whether the policy as `commit` has it was made by people who were allowed to, from what the default branch brought up to there. */
export async function policyStanding(
  commit: string,
  history: Known<PolicyHistory>,
  facts: MergedFacts,
  ports: LivePorts,
): Promise<PolicyStanding> {
  const untold = history.known ? history.value.unseen : history.why;
  if (!history.known || untold !== null) {
    const reasons = [unread('history of the policy', untold ?? '')];
    return { judged: [], around: [], faults: [{ path: '.github/sluice.yml', merge: commit, reasons }] };
  }
  const touches = policyTouches(history.value.touched);
  const judged: Judged[] = [];
  for (const touch of touches) judged.push(await judge(touch, facts, ports));
  const approved = new Set(judged.filter(({ reasons }) => reasons.length === 0).map(({ touch }) => touch.merge));
  const { around, standing } = policyAround(touches, approved, await hasOwners(touches, commit, ports));
  const faults = standing.map(({ path, merge }) => {
    const own = judged.find(({ touch }) => touch.merge === merge);
    return { path, merge, reasons: policyReasons(path, merge, own?.reasons ?? []) };
  });
  return { judged, around, faults };
}

/**
 * What stands against the policy that an open change is judged by, as far as dates tell: the Action believes none. Asked only of a change of a
 * target: one of the policy's files alone may be what mends them.
 */
export async function againstPolicy(
  { delta, policies }: ChangeFacts,
  ports: LivePorts,
): Promise<readonly Reason<GateReasonCode>[]> {
  const commit = policies.at(-1)?.commit;
  const targets = targetFiles(policies);
  if (commit === undefined || !delta.known) return [];
  if (!delta.value.some(({ path }) => isRecordPath(path) || targets.has(path))) return [];
  const { faults } = await policyStanding(commit, await byDates(POLICY_FILES, commit, ports), gatherOnce(ports), ports);
  return faults.flatMap(({ reasons }) => reasons);
}

/** The history that an attempt reads anyway. */
export async function byDates(
  files: readonly string[],
  commit: string,
  { merged }: Pick<LivePorts, 'merged'>,
): Promise<Known<PolicyHistory>> {
  const found = await merged.merged(files, commit);
  return found.known ? known({ touched: found.value.touched, unseen: null }) : found;
}

/** What was found in order once is not asked about again: an approval that is deleted later takes back no policy. */
async function judge(touch: PolicyTouch, facts: MergedFacts, ports: LivePorts): Promise<Judged> {
  const rollout = await rolloutOf(policyLog(touch), ports);
  if (typeof rollout === 'string') return { touch, rollout: foldRollout([]), reasons: [unread('rollout log', rollout)] };
  if (isFinished(rollout)) return { touch, rollout, reasons: [] };
  const reasons = denialOf(asOfItsMerge(await facts(touch.merge)));
  // When it was merged cannot be mended by any approval, and makes no policy of somebody else's.
  return { touch, rollout, reasons: reasons.filter(({ code }) => code !== 'outside_window' && code !== 'freeze_active') };
}

/** CODEOWNERS that none of these touched stands since before them. */
async function hasOwners(touches: readonly PolicyTouch[], commit: string, { content }: LivePorts): Promise<boolean> {
  const changed = new Set(touches.flatMap(({ files }) => files.map(({ path }) => path)));
  if (!touches.some(({ files }) => files.some(({ path, before }) => path !== '.github/sluice.yml' && before === null)))
    return true;
  for (const path of CODEOWNERS_PATHS) if (!changed.has(path) && (await content.read(path, commit))) return true;
  return false;
}
