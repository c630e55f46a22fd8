import { targetFiles } from '../core/gate/follow-up.ts';
import { decideGate } from '../core/gate/gate.ts';
import { asOfItsMerge, outOfDate, POLICY_FILES, stillInForce } from '../core/gate/guard.ts';
import { unread } from '../core/gate/reason.ts';
import type { GateFacts } from '../model/gate.ts';
import type { GateReasonCode, Reason } from '../model/reason.ts';
import type { Verdict } from '../model/verdict.ts';
import { explainChange } from './explain.ts';
import type { LivePorts } from './live-facts.ts';
import { gatherOnce } from './merged-facts.ts';
import { policyStanding } from './policy-standing.ts';

/** What stands against deploying a commit's tree: the commit's own verdict, and what is wrong with what earlier merges left in it. */
export interface Guarded {
  readonly facts: GateFacts;
  readonly verdict: Verdict;
  /** Earlier merges whose content is still in the tree and was not approved. */
  readonly earlier: readonly { readonly merge: string; readonly reasons: readonly Reason<GateReasonCode>[] }[];
  /** What cannot be told, or is not as on the default branch. */
  readonly stops: readonly Reason<GateReasonCode>[];
}

/**
 * May a deployment pipeline deploy the tree of this commit? A tree holds more than its last merge brought: every merge that made a target's
 * file, or the policy, what it is there has to have been approved, and the files have to be those of the default branch now.
 */
export async function guardCommit(sha: string, ports: LivePorts): Promise<Guarded> {
  const { facts, verdict } = await explainChange({ moment: 'apply', merge: sha }, ports);
  const targets = targetFiles(facts.change.policies);
  const files = [...targets, ...POLICY_FILES];
  const [at, head] = await Promise.all([ports.merged.merged(files, sha), ports.merged.merged(files)]);
  if (!at.known || !head.known) {
    const why = at.known ? (head.known ? '' : head.why) : at.why;
    return { facts, verdict, earlier: [], stops: [unread('what the default branch brought', why)] };
  }
  const late = outOfDate(sha, at.value, head.value);
  const short = at.value.whole ? [] : [unread('what the default branch brought', 'more commits than are read at once')];
  const own = at.value.touched.map((one) => ({ ...one, files: one.files.filter(({ path }) => targets.has(path)) }));
  const merges = stillInForce({ touched: own }).filter((merge) => merge !== sha);
  // Who made the policy is asked as for every apply: the last of its merges may be approved by owners whom one before it made.
  const { faults } = await policyStanding(sha, await ports.merged.policy(sha), gatherOnce(ports), ports);
  const earlier = [];
  for (const merge of merges) {
    const before = await explainChange({ moment: 'apply', merge }, ports);
    const { verdict: then, applies, reasons } = decideGate(asOfItsMerge(before.facts));
    if (applies && then !== 'allow') earlier.push({ merge, reasons });
  }
  const unapproved = faults.flatMap(({ reasons }) => reasons);
  return { facts, verdict, earlier, stops: [...(late ? [late] : []), ...short, ...unapproved] };
}

/** Whether nothing stands against it. */
export function mayDeploy({ verdict, earlier, stops }: Guarded): boolean {
  return (!verdict.applies || verdict.verdict === 'allow') && earlier.length === 0 && stops.length === 0;
}
