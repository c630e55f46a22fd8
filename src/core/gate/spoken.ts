import type { Command, CommandName } from '../../model/command.ts';
import type { CommentFact } from '../../model/gate.ts';
import { parseCommand } from '../command.ts';

/** A comment with its command; comments without one say nothing to the gate. */
export interface Said {
  readonly comment: CommentFact;
  readonly command: Command;
}

export function commandsIn(comments: readonly CommentFact[]): Said[] {
  return comments.flatMap((comment) => {
    const command = commandOf(comment.body);
    return command ? [{ comment, command }] : [];
  });
}

/** When a comment was last edited; null: it says what its author wrote. */
export function editedAt(comment: CommentFact): string | null {
  return comment.lastEditedAt ?? (comment.includesCreatedEdit ? comment.createdAt : null);
}

/** Whether people wrote it: everybody who may write can edit what they say, and an account that is gone was somebody's. */
export function isByPerson(comment: CommentFact): boolean {
  return comment.author?.type !== 'Bot';
}

/** Whether a comment is a person's own words as they wrote them: no App spoke for them, no e-mail, no edit. */
export function isOwnWords(comment: CommentFact): boolean {
  return comment.author?.type === 'User' && !comment.viaApp && !comment.createdViaEmail && editedAt(comment) === null;
}

/** Whether any version of a comment gave this command; null when not every version can be told. */
export function everSaid(comment: CommentFact, name: CommandName): boolean | null {
  if (commandOf(comment.body)?.name === name) return true;
  if (editedAt(comment) === null) return false;
  return comment.former.known ? comment.former.value.some((text) => commandOf(text)?.name === name) : null;
}

/** Whether somebody's no may have been edited away here, whenever that was: any writer can edit an owner's words. */
export function hidesNo(comment: CommentFact): boolean {
  if (!isByPerson(comment) || editedAt(comment) === null) return false;
  return everSaid(comment, 'hold') !== false || everSaid(comment, 'unapprove') !== false;
}

function commandOf(body: string): Command | null {
  const parsed = parseCommand(body);
  return parsed.kind === 'command' ? parsed.command : null;
}
