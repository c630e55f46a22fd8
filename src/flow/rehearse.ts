import { decideGate } from '../core/gate/gate.ts';
import type { MergedChange } from '../model/merged-change.ts';
import type { Reason } from '../model/reason.ts';
import type { Rollout } from '../model/rollout.ts';
import { type ApplyReport, type Attempt, decisionOf, type HeldBack } from './apply-report.ts';

/** What the gate says of the change now, and nothing else: nothing here can write. */
export async function rehearse(
  change: MergedChange,
  rollout: Rollout,
  { config, facts }: Attempt,
  why: HeldBack,
): Promise<ApplyReport> {
  const nothing = { change, writes: 0, deployment: null, carried: [], verification: rollout.verification?.verification ?? null };
  if (rollout.appliedAt) return { ...nothing, decision: decisionOf(rollout), reasons: [], verdict: null };
  const verdict = decideGate(await facts(change.merge));
  const expected = why === 'dry_run' ? 'dry-run: false' : 'the apply App, which keeps the intents';
  const held: Reason = {
    code: why,
    subject: change.record.target,
    expected,
    observed: `nothing that can write; the mode is ${config.mode}`,
  };
  return { ...nothing, decision: why === 'dry_run' ? 'dry-run' : 'refused', reasons: [...verdict.reasons, held], verdict };
}
