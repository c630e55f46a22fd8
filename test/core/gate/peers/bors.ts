import { known } from '../../../../src/model/known.ts';
import { approval, HEAD, olga, omar, wendy } from '../../../support/gate.ts';
import type { Row } from './row.ts';
import { approved, approvesOlder, frozen, pushedSince, said, stranger } from './worlds.ts';

const byOther = { comments: said([wendy, '/approve r=olga']) };
const closed = { state: 'closed' as const };
const merged = { state: 'closed' as const, mergedAt: '2026-11-23T03:40:00Z' };
const taken = said([olga, `/approve ${HEAD}`], [olga, '/unapprove']);

export const bors: readonly Row[] = [
  { scenario: 'default_approve', world: { pull: { author: olga } }, ours: 'wait approval_self' },
  { scenario: 'approve_on_behalf', world: byOther, ours: 'wait approval_missing' },
  { scenario: 'approve_normalize_approver', world: byOther, ours: 'wait approval_missing' },
  { scenario: 'approve_normalize_approver_multiple', world: byOther, ours: 'wait approval_missing' },
  { scenario: 'approve_with_unknown_reviewer', world: byOther, ours: 'wait approval_missing' },
  { scenario: 'approve_with_unknown_team', world: byOther, ours: 'wait approval_missing' },
  { scenario: 'approve_with_known_team', world: byOther, ours: 'wait approval_missing' },
  { scenario: 'approve_with_known_reviewer_different_case', world: byOther, ours: 'wait approval_missing' },
  { scenario: 'insufficient_permission_approve', world: { comments: approved(stranger) }, ours: 'wait approval_not_owner' },
  { scenario: 'approve_while_tree_is_closed', world: frozen, ours: 'wait freeze_active' },
  { scenario: 'approve_while_tree_is_closed_high_priority', world: frozen, ours: 'wait freeze_active' },
  { scenario: 'unapprove', world: { comments: taken }, ours: 'wait approval_missing' },
  {
    scenario: 'unapprove_lacking_permissions',
    world: { comments: said([olga, `/approve ${HEAD}`], [wendy, '/unapprove']) },
    ours: 'allow',
    counted: ['olga'],
  },
  { scenario: 'unapprove_closed_pr', world: { pull: closed, comments: taken }, ours: 'deny superseded' },
  { scenario: 'unapprove_unapproved_pr', world: { comments: said([olga, '/unapprove']) }, ours: 'wait approval_missing' },
  {
    scenario: 'unapprove_author',
    world: { pull: { author: wendy }, comments: said([olga, `/approve ${HEAD}`], [wendy, '/unapprove']) },
    ours: 'allow',
    counted: ['olga'],
  },
  {
    scenario: 'reviewer_unapprove_delegated_approval',
    world: { comments: said([olga, `/approve ${HEAD}`], [omar, '/unapprove']) },
    ours: 'allow',
    counted: ['olga'],
  },
  {
    scenario: 'cannot_approve_without_delegation',
    world: { pull: { author: wendy }, comments: approved(wendy) },
    ours: 'wait approval_self',
  },
  { scenario: 'delegatee_can_approve', world: { pull: { author: olga } }, ours: 'wait approval_self' },
  {
    scenario: 'delegatee_custom_user_can_approve',
    world: { comments: said([olga, '/delegate wendy'], [wendy, `/approve ${HEAD}`]) },
    ours: 'wait approval_not_owner',
  },
  { scenario: 'non_author_cannot_use_delegation', world: { comments: approved(stranger) }, ours: 'wait approval_not_owner' },
  { scenario: 'approve_with_priority', world: { comments: said([olga, '/approve p=10']) }, ours: 'wait approval_missing' },
  {
    scenario: 'approve_with_note',
    world: { comments: said([olga, `/approve ${HEAD} looks fine`]) },
    ours: 'wait approval_missing',
  },
  { scenario: 'approve_store_sha', world: {}, ours: 'allow', counted: ['olga'] },
  {
    scenario: 'reapproved_pr_uses_latest_sha',
    world: { ...pushedSince(), comments: [approvesOlder, approval({ id: 51, createdAt: '2026-11-23T03:35:00Z' })] },
    ours: 'allow',
    counted: ['olga'],
  },
  {
    scenario: 'multiple_commands_in_one_comment',
    world: { comments: said([olga, `/approve ${HEAD}\n/hold`]) },
    ours: 'wait approval_missing',
  },
  { scenario: 'approve_closed_pr', world: { pull: closed }, ours: 'deny superseded' },
  { scenario: 'approve_merged_pr', world: { pull: merged }, ours: 'deny superseded' },
  {
    scenario: 'unapprove_running_auto_build_pr_comment',
    world: { moment: 'apply', comments: taken },
    ours: 'wait approval_missing',
  },
  { scenario: 'approve_pr_with_merge_conflict_dirty', world: { protection: { conflicts: true } }, ours: 'wait base_moved' },
  {
    scenario: 'approve_pr_with_merge_conflict_blocked',
    world: { protection: { review: 'review_required' } },
    ours: 'wait github_review_missing',
  },
  {
    scenario: 'unapprove_on_base_edited',
    world: { change: { timeline: known([{ what: 'base_changed', at: '2026-11-23T03:45:00Z', actor: wendy, author: wendy }]) } },
    ours: 'wait approval_deleted',
  },
  { scenario: 'change_pr_base_branch_warning', world: { pull: { baseRef: 'beta' }, comments: [] }, ours: 'deny target_mismatch' },
  { scenario: 'edit_pr_do_nothing_when_base_not_edited', world: {}, ours: 'allow', counted: ['olga'] },
  { scenario: 'unapprove_on_push', world: pushedSince(), ours: 'wait approval_stale' },
  { scenario: 'push_to_pr_do_nothing_when_not_approved', world: { comments: [] }, ours: 'wait approval_missing' },
  { scenario: 'unapprove_on_close', world: { pull: closed }, ours: 'deny superseded' },
  { scenario: 'auto_build_sha_mismatch_sanity_check_fails', world: pushedSince(), ours: 'wait approval_stale' },
  { scenario: 'recover_approved_sha_mismatch_missed_webhook', world: pushedSince(), ours: 'wait approval_stale' },
  { scenario: 'recover_wrong_pr_status_missed_webhook', world: { pull: closed }, ours: 'deny superseded' },
  { scenario: 'unapprove_conflicted_pr', world: { protection: { conflicts: true } }, ours: 'wait base_moved', counted: ['olga'] },
  { scenario: 'wait_for_unknown_mergeability_status', world: { protection: { conflicts: false } }, ours: 'allow' },
];
