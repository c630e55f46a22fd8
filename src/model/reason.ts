/** Why a change waits or is refused at the gate. Each code is documented in docs/reason-codes.md. */
export const GATE_REASONS = [
  'approval_missing',
  'approval_stale',
  'approval_not_owner',
  'approval_self',
  'approval_committer',
  'approval_asked',
  'approval_bot',
  'approval_edited',
  'approval_deleted',
  'approval_wrong_sha',
  'approval_expired',
  'commit_unattributable',
  'owners_missing',
  'owners_unreadable',
  'owners_too_large',
  'team_missing',
  'team_unreadable',
  'files_incomplete',
  'file_kind_forbidden',
  'path_forbidden',
  'key_forbidden',
  'limit_exceeded',
  'record_mismatch',
  'expired',
  'recovered',
  'outside_window',
  'freeze_active',
  'window_unreadable',
  'hold',
  'check_failed',
  'check_unknown',
  'check_forged',
  'github_review_missing',
  'protection_missing',
  'merge_mismatch',
  'target_mismatch',
  'superseded',
  'mode_not_execute',
  'break_glass_denied',
  'base_moved',
  'fork',
  'policy_unapproved',
  'config_unreadable',
  'facts_unavailable',
] as const;

/** Why an approved change was not written, or what the write found. */
export const ROLLOUT_REASONS = [
  'dry_run',
  'already_applied',
  'merged_around_gate',
  'in_force',
  'record_lost',
  'environment_open',
  'in_doubt',
  'diverged',
  'drift',
  'settings_changed',
  'readback_mismatch',
  'bundle_managed',
  'active_runs',
  'job_missing',
  'intent_unavailable',
  'workspace_forbidden',
  'workspace_unreachable',
  'deploy_missing',
  'repair_failed',
  'conflict_on_rollback',
] as const;

/** Why a file cannot be edited byte for byte. */
export const EDIT_REASONS = [
  'parse_failed',
  'key_duplicate',
  'interpolated',
  'anchor_shared',
  'value_shadowed',
  'pointer_missing',
  'type_mismatch',
  'no_surface',
  'no_effect',
] as const;

/** Why something handed to Sluice was not understood. */
export const INPUT_REASONS = [
  'alert_malformed',
  'target_unknown',
  'target_ambiguous',
  'runbook_none',
  'runbook_unreadable',
  'command_unknown',
  'command_arguments',
  'config_missing',
  'config_invalid',
  'file_missing',
  'not_permitted',
  'setting_missing',
] as const;

export type GateReasonCode = (typeof GATE_REASONS)[number];
export type RolloutReasonCode = (typeof ROLLOUT_REASONS)[number];
export type EditReasonCode = (typeof EDIT_REASONS)[number];
export type InputReasonCode = (typeof INPUT_REASONS)[number];
export type ReasonCode = GateReasonCode | RolloutReasonCode | EditReasonCode | InputReasonCode;

/** One finding: what it is about, what was needed and what was there. Words for people are made in render/. */
export interface Reason<Code extends string = ReasonCode> {
  readonly code: Code;
  /** What the reason is about: a path, a login, a key, a window's name. */
  readonly subject: string;
  readonly expected: string;
  readonly observed: string;
}

/** A fault in something a person wrote, with the place to mend. Lines count from 1. */
export interface Fault {
  readonly code: InputReasonCode | EditReasonCode;
  readonly file: string;
  readonly line: number | null;
  readonly message: string;
  readonly fix: string;
}

/** An expected outcome: a value, or the reason there is none. */
export type Outcome<T, Code extends string = ReasonCode> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly reason: Reason<Code> };
