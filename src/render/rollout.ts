import type { Rollout } from '../model/rollout.ts';
import type { Verification } from '../model/verification.ts';
import { inline, page, quantity, table } from './text.ts';

/** What happened after the merge, for the incident's issue or a person's pull request. */
export function rolloutReport(
  rollout: Rollout,
  { merge, target }: { readonly merge: string; readonly target: string },
  next: string,
): string {
  const verification = rollout.verification?.verification ?? null;
  return page(
    `### ${heading(rollout)}`,
    `Target ${inline(target)}, merged as \`${merge}\`; ${rollout.writes} write(s) to the job${rollout.appliedAt ? `, applied at ${rollout.appliedAt}` : ''}.`,
    verification ? verificationTable(verification) : null,
    ['refused', 'in_doubt', 'applied', 'rolling-back'].includes(rollout.state)
      ? `Reason: ${inline(rollout.lastRefusal?.detail ?? 'unknown', 1000)}`
      : null,
    next,
  );
}

export function verificationTable(verification: Verification): string {
  const rows = verification.checks.map((check) => [
    inline(check.name),
    quantity(check.before, check.unit),
    quantity(check.after, check.unit),
    check.verdict,
  ]);
  return page(
    table(['check', 'before', 'after', 'verdict'], rows),
    verification.runId ? `Judged on run ${verification.runId}.` : null,
    verification.expectedAt ? `Expected at ${verification.expectedAt}.` : null,
  );
}

function heading({ state, verification }: Rollout): string {
  switch (state) {
    case 'verified':
      return verification ? 'The change helped: verified.' : 'Applied; the job and Git agree.';
    case 'rolled-back':
      return 'The change did not help and was rolled back.';
    case 'rollback-due':
      return 'The change did not help and has to be taken back in Git.';
    case 'applied':
      return 'Applied, but the run that was approved with it is held up.';
    case 'rolling-back':
      return 'The change did not help; it is being rolled back.';
    case 'awaiting-run':
      return 'Applied; waiting for the next run to judge it.';
    case 'inconclusive':
      return 'Applied, but nobody can tell whether it helped. A person must look.';
    case 'in_doubt':
      return 'It is in doubt whether the write happened. An owner says `/retry` on the pull request.';
    case 'refused':
      return 'The merged change was not applied.';
    default:
      return `The rollout is ${state}.`;
  }
}
