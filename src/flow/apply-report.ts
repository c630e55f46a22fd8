import { foldRollout } from '../core/rollout.ts';
import type { MergedChange } from '../model/merged-change.ts';
import type { Reason, RolloutReasonCode } from '../model/reason.ts';
import type { Rollout } from '../model/rollout.ts';
import type { Verdict } from '../model/verdict.ts';
import type { Verification } from '../model/verification.ts';
import type { ConfigReader, DeploymentReporter, EnvironmentReader, RolloutLog, WorkspaceWriter } from '../ports.ts';
import type { LivePorts } from './live-facts.ts';

export interface ApplyPorts extends LivePorts {
  readonly config: ConfigReader;
  readonly environment: EnvironmentReader;
  readonly deployments: DeploymentReporter;
  /** Null without the apply App: a direct apply is refused then (`intent_unavailable`). */
  readonly log: RolloutLog | null;
  /** Null in a dry run: there is then nothing that could write (law 8). */
  readonly writer: WorkspaceWriter | null;
}

export interface ApplyOrder {
  readonly workspace: string;
  /** This attempt: the Actions run and its attempt number. */
  readonly run: string;
  /** The GitHub Environment of the job that holds the credential. */
  readonly environment: string;
}

/** What became of one merged change in this attempt. */
export interface ApplyReport {
  readonly change: MergedChange;
  readonly decision:
    | 'refused'
    | 'dry-run'
    | 'waiting'
    | 'applied'
    | 'awaiting-run'
    | 'verified'
    | 'rolled-back'
    | 'rollback-due'
    | 'inconclusive';
  readonly reasons: readonly Reason[];
  readonly writes: number;
  readonly verdict: Verdict | null;
  readonly verification: Verification | null;
}

export function refusal(
  change: MergedChange,
  code: RolloutReasonCode,
  subject: string,
  expected: string,
  observed: string,
): ApplyReport {
  return {
    change,
    decision: 'refused',
    reasons: [{ code, subject, expected, observed }],
    writes: 0,
    verdict: null,
    verification: null,
  };
}

export function decisionOf(rollout: Rollout): ApplyReport['decision'] {
  switch (rollout.state) {
    case 'verified':
    case 'rolled-back':
    case 'rollback-due':
    case 'inconclusive':
    case 'awaiting-run':
    case 'applied':
      return rollout.state;
    default:
      return 'refused';
  }
}

/** Where the change stands now, read again; throws when its log cannot be read after all. */
export async function refold(change: MergedChange, log: RolloutLog): Promise<Rollout> {
  const entries = await log.read(change.merge);
  if (!entries.known) throw new Error(`the rollout log of ${change.merge} cannot be read: ${entries.why}`);
  return foldRollout(entries.value);
}
