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
  /** Null without the apply App. */
  readonly log: Pick<RolloutLog, 'read'> | null;
  /** In a dry run, or without the apply App, there is nothing here that could write anywhere (law 8), but the reason why. */
  readonly acting: Acting | HeldBack;
}

/** Why an attempt can only look. */
export type HeldBack = 'dry_run' | 'intent_unavailable';

/** Everything that writes. */
export interface Acting {
  readonly log: RolloutLog;
  readonly deployments: DeploymentReporter;
  /** Null where no workspace is configured: only a target that others apply can go on then. */
  readonly writer: WorkspaceWriter | null;
}

/** The ports of an attempt that may act. */
export type ActingPorts = ApplyPorts & { readonly acting: Acting };

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
export async function refold(change: MergedChange, log: Pick<RolloutLog, 'read'>): Promise<Rollout> {
  const entries = await log.read(change.merge);
  if (!entries.known) throw new Error(`the rollout log of ${change.merge} cannot be read: ${entries.why}`);
  return foldRollout(entries.value);
}
