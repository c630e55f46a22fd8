import type { Fields } from '../json.ts';
import { rulesFor } from '../requirements.ts';
import type { BranchRules } from '../seed.ts';
import type { World } from '../world.ts';

/** The active rules of a branch, as rulesets print them. */
export function rulesOf(world: World, branch: string): readonly Fields[] {
  const rules = rulesFor(world, branch);
  if (rules === null) return [];
  const source = {
    ruleset_source_type: 'Repository',
    ruleset_source: `${world.owner}/${world.repo}`,
    ruleset_id: 60 + (world.seed.branchRules ?? []).indexOf(rules),
  };
  const found: Fields[] = [];
  if (rules.noDeletion === true) found.push({ type: 'deletion' });
  if (rules.noForcePush === true) found.push({ type: 'non_fast_forward' });
  if (rules.linearHistory === true) found.push({ type: 'required_linear_history' });
  if (rules.requiredReviews !== undefined || rules.codeOwnerReview === true) found.push(pullRequestRule(rules));
  if (rules.requiredChecks !== undefined) found.push(checksRule(rules));
  if (rules.mergeQueue !== undefined) found.push(queueRule(rules.mergeQueue));
  return found.map((rule) => ({ ...rule, ...source }));
}

function pullRequestRule(rules: BranchRules): Fields {
  const parameters = {
    allowed_merge_methods: ['merge', 'squash', 'rebase'],
    dismiss_stale_reviews_on_push: rules.dismissStaleReviews ?? false,
    require_code_owner_review: rules.codeOwnerReview ?? false,
    require_last_push_approval: false,
    required_approving_review_count: rules.requiredReviews ?? 0,
    required_review_thread_resolution: false,
  };
  return { type: 'pull_request', parameters };
}

function checksRule(rules: BranchRules): Fields {
  const checks = (rules.requiredChecks ?? []).map(({ context, appId }) =>
    appId === undefined ? { context } : { context, integration_id: appId },
  );
  const parameters = { required_status_checks: checks, strict_required_status_checks_policy: rules.strictChecks ?? false };
  return { type: 'required_status_checks', parameters };
}

/** Minutes that the queue waits for checks on what it put together. */
export const CHECK_MINUTES = 60;
/** Pull requests that it puts together ahead of their turn. */
export const MOST_BUILT = 5;

function queueRule(method: NonNullable<BranchRules['mergeQueue']>): Fields {
  const parameters = {
    check_response_timeout_minutes: CHECK_MINUTES,
    grouping_strategy: 'ALLGREEN',
    max_entries_to_build: MOST_BUILT,
    max_entries_to_merge: 5,
    merge_method: method,
    min_entries_to_merge: 1,
    min_entries_to_merge_wait_minutes: 5,
  };
  return { type: 'merge_queue', parameters };
}
