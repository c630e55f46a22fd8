import type { DroppedApproval, Verdict } from '../model/verdict.ts';
import { reasonList } from './incident.ts';
import { inline, page, table } from './text.ts';

/** More than anybody reads in a comment; the check and `sluice owners` have the rest. */
const MOST_ROWS = 100;

export const STATUS_MARKER = '<!-- sluice:status -->';

const HEADINGS: Readonly<Record<Verdict['verdict'], string>> = {
  allow: 'The gate is open: this content is approved.',
  wait: 'The gate waits.',
  deny: 'The gate refuses this content; a new commit is needed.',
};

/** The one comment that says where a proposal stands; edited in place, so it is never what anybody approves. */
export function gateStatus(verdict: Verdict): string {
  const counted = verdict.counted.map((one) => `- @${one.person.login} approved \`${one.sha}\` at ${one.at}`);
  const dropped = verdict.dropped.map(
    (one) => `- \`${one.code}\` the approval by ${inline(one.login)} does not count: ${one.detail}`,
  );
  return page(
    `### ${HEADINGS[verdict.verdict]}`,
    verdict.head && verdict.verdict !== 'allow'
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
    counted.join('\n'),
    dropped.length > 0 ? `Approvals that do not count:\n${dropped.join('\n')}` : null,
    verdict.reasons.length > 0 ? `What stands in the way:\n${reasonList(verdict.reasons.slice(0, MOST_ROWS))}` : null,
    verdict.notes.length > 0
      ? `It may be merged, but the Action will refuse to apply it:\n${reasonList(verdict.notes.slice(0, MOST_ROWS))}`
      : null,
    verdict.opensAt ? `The next window opens at ${verdict.opensAt}.` : null,
    verdict.digest ? `Content digest \`${verdict.digest}\`.` : null,
    STATUS_MARKER,
  );
}

export function gateCheckTitle(verdict: Verdict): string {
  if (!verdict.applies) return 'Not a Sluice target';
  if (verdict.verdict === 'allow') return `Approved by ${verdict.counted.map((one) => one.person.login).join(', ') || 'nobody'}`;
  const [first] = verdict.reasons;
  return first ? `${verdict.verdict}: ${first.code} (${verdict.reasons.length} reason(s))` : verdict.verdict;
}

/** The answer to one `/approve` that changes nothing. */
export function droppedAnswer(dropped: DroppedApproval, verdict: Verdict): string {
  const owners = [...new Set(verdict.needed.flatMap((one) => one.owners))].map((owner) => inline(owner)).join(' ');
  return `This \`/approve\` by ${inline(dropped.login)} changes nothing (\`${dropped.code}\`): ${dropped.detail}. Owners of the changed files: ${owners || 'nobody'}.`;
}
