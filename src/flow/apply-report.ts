import type { Overtaking } from '../core/merged.ts';
import { foldRollout } from '../core/rollout.ts';
import type { Config } from '../model/config.ts';
import type { MergedChange } from '../model/merged-change.ts';
import type { Reason, RolloutReasonCode } from '../model/reason.ts';
import type { ChangeRecord } from '../model/record.ts';
import type { Rollout, RolloutKey } from '../model/rollout.ts';
import type { Verdict } from '../model/verdict.ts';
import type { Verification } from '../model/verification.ts';
import type { ConfigReader, DeploymentReporter, EnvironmentReader, RolloutLog, WorkspaceWriter } from '../ports.ts';
import type { LivePorts } from './live-facts.ts';
import type { MergedFacts } from './merged-facts.ts';
import type { PolicyWatch } from './policy-watch.ts';

export interface ApplyPorts extends LivePorts {
  readonly config: Pick<ConfigReader, 'config'>;
  readonly environment: EnvironmentReader;
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

/** What every change of one attempt is held against. */
export interface Attempt extends ApplyOrder {
  readonly config: Config;
  readonly others: readonly MergedChange[];
  readonly facts: MergedFacts;
  /** Jobs that newer changes have taken in this attempt. */
  readonly overtaken: Overtaking;
  /** What went around the gate of the policy as it is at a commit, each a refusal of everything. */
  readonly standing: PolicyWatch;
}

/** What a report is about; without a record where nobody can tell what was changed. */
export type Reported = Pick<MergedChange, 'path' | 'merge'> & { readonly record: ChangeRecord | null };

/** What became of one merged change in this attempt. */
export interface ApplyReport {
  readonly change: Reported;
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
  /** GitHub's id of the Deployment that reports it; null when this attempt made none. */
  readonly deployment: number | null;
  /** Other settings of the job that differ from Git and stay as they are. */
  readonly carried: readonly Reason[];
  readonly verdict: Verdict | null;
  readonly verification: Verification | null;
}

export function refusal(
  change: Reported,
  code: RolloutReasonCode,
  subject: string,
  expected: string,
  observed: string,
): ApplyReport {
  return refusedFor(change, [{ code, subject, expected, observed }]);
}

export function refusedFor(change: Reported, reasons: readonly Reason[], verdict: Verdict | null = null): ApplyReport {
  return { change, decision: 'refused', reasons, writes: 0, deployment: null, carried: [], verdict, verification: null };
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

/** Where the log of a change is: one for each target of its merge. */
export function keyOf({ merge, record }: Pick<MergedChange, 'merge' | 'record'>): RolloutKey {
  return { merge, target: record.target };
}

/** Where the change stands now, read again; throws when its log cannot be read after all. */
export async function refold(change: MergedChange, log: Pick<RolloutLog, 'read'>): Promise<Rollout> {
  const entries = await log.read(keyOf(change));
  if (!entries.known) throw new Error(`the rollout log of ${change.merge} cannot be read: ${entries.why}`);
  return foldRollout(entries.value);
}

/** A refusal is noted once: the same reason at every wake-up says nothing new. */
export async function noteRefusal(
  key: RolloutKey,
  report: ApplyReport,
  rollout: Rollout,
  order: ApplyOrder,
  { acting, clock }: ActingPorts,
): Promise<ApplyReport> {
  const [first] = report.reasons;
  if (!first || rollout.lastRefusal?.code === first.code) return report;
  const detail = report.reasons
    .map((one) => `${one.code} ${one.subject}: expected ${one.expected}, found ${one.observed}`)
    .join('\n');
  const at = (await clock.now()).toISOString();
  await acting.log.append(key, { what: 'refused', at, run: order.run, code: first.code, detail });
  return report;
}
