import type { CommandName } from '../model/command.ts';
import { ownReasons, type Verdict } from '../model/verdict.ts';
import { gateHeading } from './gate.ts';
import { reasonList } from './incident.ts';
import { counted, page } from './text.ts';

/** What the gate made of a word on a pull request. */
export interface Heard {
  readonly login: string;
  readonly verdict: Verdict;
  readonly isMerged: boolean;
}

/** The answer in words to a command that changes where a pull request stands; null: its status comment is the answer. */
export function heardText(name: CommandName, heard: Heard): string | null {
  switch (name) {
    case 'hold':
      return page(holdWords(heard));
    case 'retry':
      return page(retryWords(heard));
    case 'unapprove':
      return page(unapproveWords(heard));
    case 'status':
      return statusWords(heard);
    default:
      return null;
  }
}

function holdWords({ login, verdict, isMerged }: Heard): string {
  if (!holders(verdict).includes(`@${login}`))
    return 'This `/hold` stops nothing: only people with write access to this repository hold.';
  const what = isMerged ? 'nothing that is left to do in the job is begun' : 'nothing is merged or applied';
  return `@${login} holds this: ${what} until @${login} says \`/retry\` here.`;
}

function retryWords({ login, verdict, isMerged }: Heard): string {
  const others = holders(verdict);
  const held = others.length > 0 ? ` Still held by ${others.join(', ')}; each lifts their own.` : ' Nobody holds this.';
  return `Asked again, as @${login} said.${held}${isMerged ? ' The Action is woken and looks at the job anew.' : ''}`;
}

function unapproveWords({ login, verdict, isMerged }: Heard): string {
  const left = `Approvals needed: ${verdict.required}; counted now: ${verdict.counted.length}.`;
  return isMerged
    ? `@${login} approves this no longer: what the Action has not begun it does not begin. What is applied stays; \`/rollback\` on the incident takes it back.`
    : `@${login} approves this no longer: an approval given before counts for nothing now. ${left}`;
}

function statusWords({ verdict, isMerged }: Heard): string {
  if (isMerged) return page('Merged. The status comment of this pull request says where its rollout stands.');
  const own = ownReasons(verdict);
  return page(
    `${gateHeading(verdict)} Approvals needed: ${verdict.required}; counted: ${verdict.counted.length}.`,
    own.length > 0 ? `${counted(own.length, 'thing')} in the way:\n${reasonList(own.slice(0, 20))}` : null,
    verdict.wants.length > 0 ? `What GitHub itself still wants:\n${reasonList(verdict.wants.slice(0, 20))}` : null,
  );
}

function holders({ reasons }: Verdict): readonly string[] {
  return [...new Set(reasons.filter(({ code }) => code === 'hold').map(({ subject }) => subject))];
}
