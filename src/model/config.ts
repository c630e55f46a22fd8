import type { Fault } from './reason.ts';
import type { Target } from './target.ts';

export type Risk = 'low' | 'medium' | 'high';
export type Weekday = 'mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat' | 'sun';

/** When change is allowed: wall times in an IANA zone. `to` earlier than `from` means the next day. */
export interface Window {
  readonly name: string;
  readonly days: readonly Weekday[];
  readonly from: string;
  readonly to: string;
  readonly zone: string;
}

/** When nothing changes whatever the windows say; both dates are inclusive. */
export interface Freeze {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly zone: string;
}

export interface Limits {
  readonly incidentsPerHour: number;
  readonly maxWorkers: number;
  /** Largest change of a number in one step, in percent of the old value. */
  readonly percentPerStep: number;
  /** Narrow the built-in lists; empty means the built-in list as it is. */
  readonly paths: readonly string[];
  readonly keys: readonly string[];
}

export interface ApprovalPolicy {
  readonly owners: Readonly<Record<Risk, number>>;
  readonly requireSha: boolean;
  readonly expireAfterHours: number;
  /** Empty: break-glass is off. */
  readonly breakGlass: readonly string[];
}

/** .github/sluice.yml as read from the default branch. */
export interface Config {
  readonly mode: 'shadow' | 'propose' | 'execute';
  readonly investigate: 'auto' | 'command';
  readonly merge: 'manual' | 'auto';
  readonly door: 'app' | 'action';
  readonly targets: readonly Target[];
  readonly identityLabels: readonly string[];
  readonly windows: readonly Window[];
  /** Risk up to which the fix of a firing alert may pass outside a window; null: none. */
  readonly incidentRisk: Risk | null;
  readonly freezes: readonly Freeze[];
  readonly limits: Limits;
  readonly approvals: ApprovalPolicy;
  readonly protection: 'advisory' | 'required';
  readonly rollback: 'auto' | 'propose';
  readonly reopenWithinHours: number;
  readonly proposalTtlHours: number;
  readonly deployWithinMinutes: number;
  readonly verifyWaitMinutes: number;
}

/** .github/sluice.yml at one commit of the default branch, or every fault of it. */
export type Policy =
  | { readonly ok: true; readonly commit: string; readonly value: Config }
  | { readonly ok: false; readonly commit: string; readonly faults: readonly Fault[] };
