import type { GateConclusion, Verdict } from '../model/verdict.ts';
import { gateCheckTitle, gateStatus, STATUS_MARKER } from './gate.ts';
import { page } from './text.ts';

export const UNREAD_GROUP = 'What the merge queue put together here cannot be read';

interface Judged {
  readonly pull: number;
  readonly verdict: Verdict;
}

export interface GroupCheck {
  readonly conclusion: GateConclusion;
  readonly title: string;
  readonly summary: string;
}

/** Our check on what the merge queue put together: one pull request that is not allowed holds all that stand on it. */
export function groupCheck(judged: readonly Judged[]): GroupCheck {
  const ours = judged.filter(({ verdict }) => verdict.applies);
  const held = ours.filter(({ verdict }) => verdict.verdict !== 'allow');
  const [told] = [...held, ...ours];
  const denied = held.some(({ verdict }) => verdict.verdict === 'deny');
  return {
    conclusion: held.length === 0 ? 'success' : denied ? 'failure' : 'action_required',
    title: told ? `#${told.pull} ${gateCheckTitle(told.verdict)}` : 'Not a Sluice target',
    summary: page(...judged.map(section)),
  };
}

function section({ pull, verdict }: Judged): string {
  const said = verdict.applies
    ? gateStatus(verdict).replace(STATUS_MARKER, '').trim()
    : 'No file of a Sluice target is changed here.';
  return `## #${pull}\n\n${said}`;
}
