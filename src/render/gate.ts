import type { GateReasonCode } from '../model/reason.ts';
import { type DroppedApproval, ownReasons, type Verdict } from '../model/verdict.ts';
import { glassLines } from './break-glass.ts';
import { reasonList } from './incident.ts';
import { counted, inline, page, table } from './text.ts';

/** More than anybody reads in a comment; the check and `sluice owners` have the rest. */
const MOST_ROWS = 100;

export const STATUS_MARKER = '<!-- sluice:status -->';

const MISMATCH =
  'it is not the content that was approved. Once merged it has to be reverted; in a merge queue the branch has to be updated and approved again';

/** What mends a refusal. What time or a person's word lifts is no refusal and has no line here. */
const MENDED_BY: readonly { readonly codes: readonly GateReasonCode[]; readonly mend: string }[] = [
  {
    codes: ['commit_unattributable', 'file_kind_forbidden', 'path_forbidden', 'key_forbidden', 'limit_exceeded', 'check_forged'],
    mend: 'a new commit is needed',
  },
  { codes: ['record_mismatch', 'target_mismatch', 'expired', 'fork'], mend: 'a new pull request is needed' },
  {
    codes: ['owners_missing', 'owners_unreadable', 'owners_too_large', 'team_missing'],
    mend: 'CODEOWNERS or a team that it names has to be mended first',
  },
  {
    codes: ['policy_unapproved'],
    mend: 'CODEOWNERS or `.github/sluice.yml` was changed without an approval: it has to be brought back, or approved after the fact, first',
  },
  { codes: ['merge_mismatch'], mend: MISMATCH },
  { codes: ['superseded'], mend: 'it is closed, or something newer stands in its place' },
];

const WANTED = 'This content is approved; GitHub itself still wants something before it can be merged.';

/** The one comment that says where a proposal stands; edited in place, so it is never what anybody approves. */
export function gateStatus(verdict: Verdict): string {
  const approvals = verdict.counted.map((one) => `- @${one.person.login} approved \`${one.sha}\` at ${one.at}`);
  const dropped = verdict.dropped.map(
    (one) => `- \`${one.code}\` the approval by ${inline(one.login)} does not count: ${one.detail}`,
  );
  const own = ownReasons(verdict);
  return page(
    `### ${gateHeading(verdict)}`,
    verdict.head && verdict.verdict === 'wait' && own.length > 0
      ? `An owner approves this content, and no other, with:\n\n    /approve ${verdict.head}`
      : null,
    table(
      ['file', 'owners', 'approved by'],
      verdict.needed
        .slice(0, MOST_ROWS)
        .map(({ path, owners, approvedBy }) => [
          inline(path),
          owners.map((owner) => inline(owner)).join(' ') || 'nobody',
          approvedBy.map((login) => `@${login}`).join(' ') || 'nobody yet',
        ]),
    ),
    `Approvals needed: ${verdict.required}; counted: ${verdict.counted.length}.`,
    approvals.join('\n'),
    glassLines(verdict.brokenGlass),
    dropped.length > 0 ? `Approvals that do not count:\n${dropped.join('\n')}` : null,
    own.length > 0 ? `What stands in the way:\n${reasonList(own.slice(0, MOST_ROWS))}` : null,
    verdict.wants.length > 0 ? `What GitHub itself still wants:\n${reasonList(verdict.wants.slice(0, MOST_ROWS))}` : null,
    verdict.notes.length > 0
      ? `It may be merged, but the Action will refuse to apply it:\n${reasonList(verdict.notes.slice(0, MOST_ROWS))}`
      : null,
    queueLine(verdict),
    verdict.opensAt ? `The next window opens at ${verdict.opensAt}.` : null,
    verdict.digest ? `Content digest \`${verdict.digest}\`.` : null,
    STATUS_MARKER,
  );
}

/** Where it stands with the merge queue, and whose turn it is. */
function queueLine({ verdict, queue }: Verdict): string | null {
  if (queue?.entered) return 'It is in the merge queue.';
  if (!queue || verdict !== 'allow') return null;
  if (!queue.removed) return 'It is merged through the merge queue, which it has not entered yet.';
  return `It was taken out of the merge queue at ${queue.removed.at}: a person puts it back, or an owner approves it again.`;
}

/** Where it stands, in one sentence. */
export function gateHeading(given: Verdict): string {
  const { verdict, reasons, wants, brokenGlass } = given;
  const own = ownReasons(given);
  if (verdict === 'allow' && brokenGlass) return 'The gate is open: two people broke the glass for this content.';
  if (verdict === 'allow') return 'The gate is open: this content is approved.';
  if (own.length === 0 && wants.length > 0) return WANTED;
  if (verdict === 'wait') return 'The gate waits.';
  const mends = MENDED_BY.filter(({ codes }) => reasons.some(({ code }) => codes.includes(code))).map(({ mend }) => mend);
  return mends.length > 0 ? `The gate refuses this: ${mends.join(', and ')}.` : 'The gate refuses this.';
}

export function gateCheckTitle(verdict: Verdict): string {
  if (!verdict.applies) return 'Not a Sluice target';
  if (verdict.verdict === 'allow' && verdict.brokenGlass)
    return `Break-glass by ${verdict.brokenGlass.people.map(({ login }) => login).join(', ')}`;
  if (verdict.verdict === 'allow') return `Approved by ${verdict.counted.map((one) => one.person.login).join(', ') || 'nobody'}`;
  const own = ownReasons(verdict);
  const [first] = own;
  if (!first && verdict.wants.length > 0) return `Approved; GitHub itself still wants ${counted(verdict.wants.length, 'thing')}`;
  return first ? `${verdict.verdict}: ${first.code} (${counted(own.length, 'reason')})` : verdict.verdict;
}

/** The answer to one `/approve` that changes nothing. */
export function droppedAnswer(dropped: DroppedApproval, verdict: Verdict): string {
  const owners = [...new Set(verdict.needed.flatMap((one) => one.owners))].map((owner) => inline(owner)).join(' ');
  return `This \`/approve\` by ${inline(dropped.login)} changes nothing (\`${dropped.code}\`): ${dropped.detail}. Owners of the changed files: ${owners || 'nobody'}.`;
}
