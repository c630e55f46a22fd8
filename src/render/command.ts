import type { CommandName } from '../model/command.ts';
import type { IncidentState } from '../model/history.ts';
import { inline, page, table } from './text.ts';

/** Marks a pull request of ours; it decides nothing but whether we answer there. */
export const PROPOSAL_MARKER = '<!-- sluice:proposal -->';

export function commandList(help: Readonly<Record<CommandName, { readonly usage: string; readonly does: string }>>): string {
  const rows = Object.values(help).map(({ usage, does }) => [inline(usage), does]);
  return page(
    'A command is the first line of a new comment.',
    table(['command', 'what it does'], rows),
    'On the pull request: `/approve`, `/unapprove`, `/hold`, `/retry`. On the incident: `/investigate`, `/status`, `/dismiss`, `/rollback`. `/revise` and `/snooze` are not available in this version.',
  );
}

export function incidentStatus(state: IncidentState): string {
  const proposals = state.proposals.map(
    (one) => `#${one.pull} (${one.kind})${state.merges.some((merged) => merged.pull === one.pull) ? ', merged' : ''}`,
  );
  return page(
    `Opened ${state.openedAt ?? 'at an unknown time'}${state.closedAt ? `, closed ${state.closedAt}` : ''}; investigated ${state.investigations} time(s), last outcome: ${state.outcome ?? 'none yet'}.`,
    proposals.length > 0 ? `Proposals: ${proposals.join(', ')}.` : 'Nothing has been proposed.',
    state.rollout ? `Rollout: ${inline(state.rollout.split(' ')[1] ?? '')}.` : null,
  );
}

export function closedText(login: string, reason: string): string {
  return `Dismissed by ${inline(login)}: ${inline(reason, 500)}`;
}

/** Said instead of nothing: a command that is part of the contract and is not answered by this version. */
export function notYet(name: CommandName): string {
  return `\`/${name}\` is understood but not available on an incident in this version; nothing was changed.`;
}
