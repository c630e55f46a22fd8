import type { CommandName } from '../model/command.ts';
import type { IncidentState } from '../model/history.ts';
import { counted, inline, page, table } from './text.ts';

/** Marks a pull request of ours; it decides nothing but whether we answer there. */
export const PROPOSAL_MARKER = '<!-- sluice:proposal -->';

export function commandList(help: Readonly<Record<CommandName, { readonly usage: string; readonly does: string }>>): string {
  const rows = Object.values(help).map(({ usage, does }) => [inline(usage), does]);
  return page(
    'A command is the first line of a new comment.',
    table(['command', 'what it does'], rows),
    'On the pull request: `/approve`, `/unapprove`, `/hold`, `/retry`. On the incident: `/investigate`, `/snooze`, `/status`, `/dismiss`, `/rollback`. `/revise` needs a language model and is answered with how to go on by hand.',
  );
}

export function incidentStatus(state: IncidentState): string {
  const proposals = state.proposals.map(
    (one) => `#${one.pull} (${one.kind})${state.merges.some((merged) => merged.pull === one.pull) ? ', merged' : ''}`,
  );
  return page(
    `Opened ${state.openedAt ?? 'at an unknown time'}${state.closedAt ? `, closed ${state.closedAt}` : ''}; investigated ${counted(state.investigations, 'time')}, last outcome: ${state.outcome ?? 'none yet'}.`,
    proposals.length > 0 ? `Proposals: ${proposals.join(', ')}.` : 'Nothing has been proposed.',
    state.rollout ? rolloutLine(state.rollout) : null,
    state.snoozedUntil ? `Kept quiet until ${state.snoozedUntil}.` : null,
    state.flaps.length > 0 ? `The alert came back ${counted(state.flaps.length, 'time')}, last at ${state.flaps.at(-1)}.` : null,
  );
}

/** An entry names the merge, the target and its state, in this order. */
function rolloutLine(entry: string): string {
  const [, target = '', state = ''] = entry.split(' ');
  return `Rollout of ${inline(target)}: ${inline(state)}.`;
}

export function closedText(login: string, reason: string, withdrawn: readonly OpenProposal[]): string {
  const pulls = withdrawn.map((one) => `#${one.number}`).join(', ');
  return page(
    `Dismissed by ${inline(login)}: ${inline(reason, 500)}`,
    pulls === '' ? null : `Closed with it: ${pulls}. When the alert comes back, a new one is made from fresh evidence.`,
  );
}

/** Why a proposal is closed whose incident was dismissed. */
export function withdrawnText(incident: number, login: string, reason: string): string {
  return `Closed: ${inline(login)} dismissed the incident #${incident}: ${inline(reason, 500)}`;
}

export function snoozedText(login: string, until: string): string {
  return `Kept quiet until ${until}, as ${inline(login)} asked: repeats and returns of the alert only change the summary above, nothing is investigated or proposed. \`/investigate\` ends that earlier.`;
}

/** Whose question an investigation answers; the hint is outside text. */
export function askedText(login: string, hint: string | null): string {
  return hint
    ? `Asked for by ${inline(login)}, with the hint ${inline(hint, 500)}: the hint is noted; the engine decides by the evidence alone.`
    : `Asked for by ${inline(login)}.`;
}

export interface OpenProposal {
  readonly number: number;
  readonly headSha: string;
}

/** `/approve <sha>` on the issue: the gate reads approvals on the pull request, so this one leads there and counts for nothing. */
export function approveThere(open: readonly OpenProposal[], sha: string, named: OpenProposal | null): string {
  if (named)
    return page(
      `This counts for nothing here: approvals are read on the pull request. Say on #${named.number}, as a new comment:`,
      `    /approve ${named.headSha}`,
    );
  return page(
    `This counts for nothing: \`${sha}\` is not the head of an open proposal of this incident.`,
    open.length > 0
      ? `Open now: ${open.map((one) => `#${one.number} at \`${one.headSha}\``).join(', ')}. Read its plan, then say \`/approve <sha>\` there.`
      : 'None is open.',
  );
}

/** A command of the pull request, said on the incident. */
export function sayThere(name: CommandName, open: readonly OpenProposal[]): string {
  const where = open.length > 0 ? pullList(open) : 'a pull request; none of this incident is open';
  return `\`/${name}\` is heard on the pull request only; nothing was changed. Say it on ${where}.`;
}

/** A command of the incident, said on the pull request. */
export function sayOnIncident(name: CommandName): string {
  return `\`/${name}\` is heard on the incident only; nothing was changed. Say it on the issue that this pull request is for.`;
}

export function cannotRevise(open: readonly OpenProposal[]): string {
  const where = open.map((one) => `#${one.number}`).join(', ');
  return page(
    '`/revise` needs a language model, and none is configured here; nothing was changed.',
    `By hand: ${where ? `push a commit to the branch of ${where}, or open` : 'open'} a pull request of your own that edits the target's file. It passes the same gate: an owner of every changed file other than its authors approves its head. \`/investigate\` makes a new plan from fresh evidence.`,
  );
}

export function needsSha(open: readonly OpenProposal[]): string {
  return page(
    '`/approve` without a SHA approves nothing on an incident.',
    open.length > 0 ? `Say on ${pullList(open)}, as a new comment:` : 'No proposal of this incident is open.',
    open.map((one) => `    /approve ${one.headSha}`).join('\n\n'),
  );
}

function pullList(open: readonly OpenProposal[]): string {
  return open.map((one) => `#${one.number}`).join(' or ');
}
