import { COMMAND_HELP, parseCommand } from '../core/command.ts';
import { foldHistory } from '../core/history.ts';
import { nearest } from '../core/nearest.ts';
import type { Command, CommandName, ParsedCommand } from '../model/command.ts';
import type { Thread } from '../model/thread.ts';
import type { People, Waker } from '../ports.ts';
import { commandList, PROPOSAL_MARKER, sayOnIncident } from '../render/command.ts';
import { isIncidentBody } from '../render/incident.ts';
import { heardText } from '../render/spoken.ts';
import { page } from '../render/text.ts';
import { answerOnIncident, type Said } from './answer-incident.ts';
import type { ClosePorts } from './close.ts';
import { type DecidePorts, decidePull } from './decide.ts';
import { hasSpoken } from './judge.ts';
import type { RespondPorts } from './respond.ts';

export type AnswerPorts = RespondPorts & DecidePorts & ClosePorts & { readonly people: People; readonly waker: Waker };

/** Commands that mean something on anybody's pull request: a person's change of a target file passes the same gate. */
const GATE_COMMANDS: ReadonlySet<CommandName> = new Set<CommandName>(['approve', 'unapprove', 'hold', 'retry']);
/** What is worth saying on a pull request: a word that is almost one of these was meant for us. */
const PULL_WORDS: readonly CommandName[] = [...GATE_COMMANDS, 'status', 'help'];
/** Commands that are heard on the incident alone. */
const INCIDENT_COMMANDS: ReadonlySet<CommandName> = new Set<CommandName>([
  'investigate',
  'snooze',
  'dismiss',
  'rollback',
  'revise',
]);

/**
 * Answers one new comment by a person: a reaction at once, then what it asked for, then words. Other people's issues are not ours to answer
 * on, nor are their pull requests before the gate has spoken there, nor words that no command of ours is near to: other bots have their own.
 */
export async function answerComment(said: Said, ports: AnswerPorts): Promise<void> {
  const parsed = parseCommand(said.body);
  if (parsed.kind === 'none') return;
  if (parsed.kind === 'command' && said.isPull && GATE_COMMANDS.has(parsed.command.name)) {
    await ports.issues.react(said.comment, 'eyes');
    return askGate(said, parsed.command, ports);
  }
  const thread = await ports.issues.thread(said.thread);
  if (!isOurs(thread) && !(said.isPull && isForUs(parsed) && (await hasSpoken(said.thread, ports)))) return;
  if (parsed.kind === 'refused') {
    await ports.issues.react(said.comment, 'confused');
    await ports.issues.comment(said.thread, page(parsed.help));
    return;
  }
  await ports.issues.react(said.comment, 'eyes');
  if (said.isPull) await onPull(said, parsed.command, ports);
  else await answerOnIncident(said, parsed.command, thread, ports);
}

/**
 * The gate reads approvals, holds and retries itself, from live facts; here it is only asked again. Whatever is no approval is answered in
 * words as well, once: of an approval its status comment speaks.
 */
async function askGate(said: Said, { name }: Command, ports: AnswerPorts): Promise<void> {
  const { verdict, isMerged } = await decidePull(said.thread, ports);
  // After the merge it is the Action that has to look again; what it is told is only to look.
  if (name === 'retry') await ports.waker.wake();
  const words = verdict.applies ? heardText(name, { login: said.by.login, verdict, isMerged }) : null;
  if (words === null || foldHistory((await ports.history.read(said.thread)).entries).answered.includes(said.comment)) return;
  const at = (await ports.clock.now()).toISOString();
  const mark = ports.history.mark(said.thread, [{ what: 'answered', at, comment: said.comment }]);
  await ports.issues.comment(said.thread, page(words, mark));
}

async function onPull(said: Said, command: Command, ports: AnswerPorts): Promise<void> {
  const { name } = command;
  if (name === 'help') await ports.issues.comment(said.thread, commandList(COMMAND_HELP));
  else if (INCIDENT_COMMANDS.has(name)) await ports.issues.comment(said.thread, page(sayOnIncident(name)));
  else await askGate(said, command, ports);
}

function isForUs(parsed: Exclude<ParsedCommand, { kind: 'none' }>): boolean {
  if (parsed.kind === 'command' || parsed.code === 'command_arguments') return true;
  return nearest(parsed.word.slice(1).normalize('NFKC'), PULL_WORDS) !== null;
}

function isOurs(thread: Thread): boolean {
  return isIncidentBody(thread.body) || thread.body.includes(PROPOSAL_MARKER);
}
