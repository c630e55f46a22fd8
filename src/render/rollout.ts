import type { ChangeRecord } from '../model/record.ts';
import type { Rollout } from '../model/rollout.ts';
import type { Verification } from '../model/verification.ts';
import { STATUS_MARKER } from './gate.ts';
import { counted, inline, page, quantity, table } from './text.ts';

/** What happened after the merge, for the incident's issue or a person's pull request. */
export function rolloutReport(
  rollout: Rollout,
  { merge, target }: { readonly merge: string; readonly target: string },
  next: string,
): string {
  const verification = rollout.verification?.verification ?? null;
  return page(
    `### ${heading(rollout)}`,
    `Target ${inline(target)}, merged as \`${merge}\`; ${counted(rollout.writes, 'write')} to the job${rollout.appliedAt ? `, applied at ${rollout.appliedAt}` : ''}.`,
    verification ? verificationTable(verification) : null,
    ['refused', 'in_doubt', 'applied', 'rolling-back'].includes(rollout.state) || isHeldUp(rollout)
      ? `Reason: ${inline(rollout.lastRefusal?.detail ?? 'unknown', 1000)}`
      : null,
    next,
  );
}

/** What comes after this standing; `rollback` is the Proposal that takes the change back. Without a record it is a person's change. */
export function nextStep(rollout: Rollout, rollback: number | null, record: Pick<ChangeRecord, 'verification'> | null): string {
  switch (rollout.state) {
    case 'verified':
      return record ? 'The incident is closed.' : 'Nothing is left to do.';
    case 'rolled-back':
      return [
        'The job has its old settings again.',
        ...(record?.verification?.kind === 'streaming' ? [streamWords(rollout)] : []),
        ...(rollback ? [`Git still holds the change: #${rollback} takes it back and needs an owner's \`/approve\`.`] : []),
      ].join(' ');
    case 'rollback-due':
      return rollback
        ? `Nothing was written. #${rollback} takes the change back in Git and needs an owner's \`/approve\`; then it goes the way that the change went.`
        : 'Nothing was written, and the inverse does not fit the files any more: take it back by hand.';
    case 'applied':
    case 'rolling-back':
      return 'The next wake-up tries again.';
    case 'inconclusive':
      return 'Look at the job, then say `/rollback` or `/dismiss <reason>`.';
    case 'refused':
      return (
        REFUSED[rollout.lastRefusal?.code ?? '']?.next ?? 'Nothing was written. The next wake-up decides again on fresh facts.'
      );
    default:
      return '';
  }
}

/** A running stream keeps the settings that it was started with. */
function streamWords(rollout: Rollout): string {
  if (rollout.rerun === 'done' && !isHeldUp(rollout)) return 'The stream was started again with them.';
  const still = 'A run of the stream that is under way still has the changed value until it is started again';
  return isHeldUp(rollout) ? `${still}, which is held up.` : `${still}: start it by hand, the target permits no restart.`;
}

/** What is approved to be run after a rollback could not be. */
function isHeldUp({ state, lastRefusal }: Rollout): boolean {
  return state === 'rolled-back' && lastRefusal !== null;
}

/** One target of a merge in a line: what is known of it, and what comes next. */
export function standing(rollout: Rollout, next: string): string {
  const expected = rollout.state === 'awaiting-run' ? rollout.verification?.verification.expectedAt : null;
  return [
    heading(rollout),
    rollout.appliedAt ? `Applied at ${rollout.appliedAt}.` : '',
    expected ? `Expected at ${expected}.` : '',
    next,
  ]
    .filter((sentence) => sentence !== '')
    .join(' ');
}

/** The same of a target of which only the name of its state is remembered. */
export function rememberedStanding(state: string): string {
  return heading({ state, verification: null, lastRefusal: null });
}

export interface MergedPull {
  readonly merge: string;
  /** Logins; empty where nobody noted them. */
  readonly approvers: readonly string[];
  /** Null for a person's change: its reports stand on the pull request itself. */
  readonly incident: number | null;
  /** The issue about its break-glass, which an owner closes; null: there is none. */
  readonly glass: number | null;
}

/** The status of a pull request from its merge on: in place of the gate's, which has nothing more to say there. */
export function mergedStatus(
  { merge, approvers, incident, glass }: MergedPull,
  targets: readonly { readonly target: string; readonly words: string }[],
): string {
  return page(
    `### Merged as \`${merge}\`.`,
    targets.map(({ target, words }) => `- ${inline(target)}: ${words}`).join('\n') || 'The Action takes it from here.',
    approvers.length > 0 ? `Approved by ${approvers.map((login) => `@${login}`).join(', ')}.` : null,
    glass === null ? null : `Break-glass was used: #${glass} waits for an owner.`,
    incident === null ? null : `The incident #${incident} has the whole story.`,
    STATUS_MARKER,
  );
}

export function verificationTable(verification: Verification): string {
  const rows = verification.checks.map((check) => [
    inline(check.name),
    quantity(check.before, check.unit),
    quantity(check.after, check.unit),
    check.verdict.replace('-', ' '),
  ]);
  return page(
    table(['check', 'before', 'after', 'verdict'], rows),
    verification.runId ? `Judged on run ${verification.runId}.` : null,
    verification.expectedAt ? `Expected at ${verification.expectedAt}.` : null,
  );
}

interface Standing extends Pick<Rollout, 'lastRefusal'> {
  readonly state: string;
  readonly verification: object | null;
}

/** Refusals that are no ordinary ones: what they are, and what ends them. */
const REFUSED: Readonly<Record<string, { readonly heading: string; readonly next: string }>> = {
  // The merge was the apply: nothing could be held back.
  in_force: {
    heading: 'A change that the gate did not allow is in force: its merge applied it.',
    next: 'Revert it, or an owner approves it after the fact: `/approve <full SHA of the head>` on the pull request, if one brought it, then `/retry`.',
  },
  policy_unapproved: {
    heading: 'Who decides was changed without an approval: nothing is applied under it.',
    next: 'Bring the file named back to what it was before that commit, or, where a pull request brought it, an owner under the policy before says `/approve <full SHA of its head>` there. Then everything goes on at the next wake-up.',
  },
};

function heading({ state, verification, lastRefusal }: Standing): string {
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
      return REFUSED[lastRefusal?.code ?? '']?.heading ?? 'The merged change was not applied.';
    default:
      return `The rollout is ${state}.`;
  }
}
