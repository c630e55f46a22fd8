import type { CommandName } from '../../model/command.ts';
import type { GateFacts, TimelineFact } from '../../model/gate.ts';
import { mayWrite } from './owners.ts';
import { type GateReason, reason } from './reason.ts';
import { retriedBy } from './retry.ts';
import { commandsIn, isOwnWords } from './spoken.ts';

/** Comments of people that somebody else deleted, or of which nobody can tell whose they were. A bot's words are nobody's no. */
export function silencedIn(timeline: readonly TimelineFact[]): readonly TimelineFact[] {
  return timeline.filter(
    ({ what, actor, author }) =>
      what === 'comment_deleted' && (author === null || (author.type !== 'Bot' && author.id !== actor?.id)),
  );
}

/**
 * Any writer can delete an owner's `/hold`, and nothing tells what a deleted comment said: it holds until whoever said it says themselves
 * where they stand. Where nobody can tell who that was, an owner's `/retry` lifts it.
 */
export function silencedReasons(facts: Pick<GateFacts, 'change' | 'followUp'>): GateReason[] {
  const { timeline } = facts.change;
  return silencedIn(timeline.known ? timeline.value : []).flatMap(({ at, actor, author }) => {
    const who = actor ? `@${actor.login}` : 'somebody who cannot be told';
    if (author === null) {
      const words = `${who} deleted it at ${at}, and whose it was cannot be told; an owner lifts this with /retry`;
      return retriedBy(facts, at) ? [] : [reason('hold', 'a deleted comment', 'every word that was said', words)];
    }
    const words = `${who} deleted a comment of theirs at ${at}; only their own next /retry, /approve or /hold ends this`;
    const holds = mayWrite(facts, author) && !spokeSince(facts, author.id, at);
    return holds ? [reason('hold', `@${author.login}`, 'every word that they said', words)] : [];
  });
}

/** Commands that say where a person stands; `/status` or `/help` may come from somebody who believes that their hold still does. */
const STANDS: readonly CommandName[] = ['retry', 'approve', 'hold'];

function spokeSince({ change: { comments } }: Pick<GateFacts, 'change'>, id: number, since: string): boolean {
  return commandsIn(comments.known ? comments.value : []).some(
    ({ comment, command }) =>
      STANDS.includes(command.name) &&
      comment.author?.id === id &&
      isOwnWords(comment) &&
      Date.parse(comment.createdAt) > Date.parse(since),
  );
}
