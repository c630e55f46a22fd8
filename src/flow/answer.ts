import { COMMAND_HELP, parseCommand } from '../core/command.ts';
import { foldHistory } from '../core/history.ts';
import type { Command, CommandName } from '../model/command.ts';
import type { Actor } from '../model/history.ts';
import type { Thread } from '../model/thread.ts';
import type { People, Waker } from '../ports.ts';
import { closedText, commandList, incidentStatus, notYet, PROPOSAL_MARKER } from '../render/command.ts';
import { isIncidentBody } from '../render/incident.ts';
import { page } from '../render/text.ts';
import { type ClosePorts, proposeRollbackOf } from './close.ts';
import { type DecidePorts, decidePull } from './decide.ts';
import { type RespondPorts, respond } from './respond.ts';

export type AnswerPorts = RespondPorts & DecidePorts & ClosePorts & { readonly people: People; readonly waker: Waker };

/** Commands that mean something on anybody's pull request: a person's change of a target file passes the same gate. */
const GATE_COMMANDS: ReadonlySet<CommandName> = new Set<CommandName>(['approve', 'unapprove', 'hold', 'retry']);

export interface Said {
  readonly thread: number;
  readonly isPull: boolean;
  readonly comment: number;
  readonly body: string;
  readonly by: Actor;
}

/**
 * Answers one new comment by a person: a reaction at once, then what it asked for, then words. On other people's issues and pull
 * requests only the gate's own commands are looked at: other bots have commands of their own.
 */
export async function answerComment(said: Said, ports: AnswerPorts): Promise<void> {
  const parsed = parseCommand(said.body);
  if (parsed.kind === 'none') return;
  const ours = isOurs(await ports.issues.thread(said.thread));
  if (parsed.kind === 'refused') {
    if (!ours) return;
    await ports.issues.react(said.comment, 'confused');
    await ports.issues.comment(said.thread, page(parsed.help));
    return;
  }
  if (!ours && !(said.isPull && GATE_COMMANDS.has(parsed.command.name))) return;
  await ports.issues.react(said.comment, 'eyes');
  if (said.isPull) await onPull(said, parsed.command, ours, ports);
  else await onIncident(said, parsed.command, ports);
}

/** The gate reads approvals, holds and retries itself, from live facts; here it is only asked again. */
async function onPull(said: Said, command: Command, ours: boolean, ports: AnswerPorts): Promise<void> {
  if (ours && command.name === 'help') await ports.issues.comment(said.thread, commandList(COMMAND_HELP));
  else await decidePull(said.thread, ports);
  // After the merge it is the Action that has to look again; what it is told is only to look.
  if (command.name === 'retry') await ports.waker.wake();
}

async function onIncident(said: Said, command: Command, ports: AnswerPorts): Promise<void> {
  const { thread, by } = said;
  const say = (text: string) => ports.issues.comment(thread, page(text));
  if (command.name === 'help') return void (await say(commandList(COMMAND_HELP)));
  if (command.name === 'status') return void (await say(incidentStatus(foldHistory((await ports.history.read(thread)).entries))));
  const permission = await ports.people.permission(by.login);
  if (!permission.known || !['admin', 'maintain', 'write'].includes(permission.value))
    return void (await say(`\`/${command.name}\` is for people with write access to this repository.`));
  switch (command.name) {
    case 'investigate':
      await respond(thread, by, ports);
      return;
    case 'dismiss': {
      const at = (await ports.clock.now()).toISOString();
      await ports.issues.comment(
        thread,
        page(closedText(by.login, command.reason), ports.history.mark(thread, [{ what: 'closed', at, why: 'dismissed' }])),
      );
      await ports.issues.update(thread, { state: 'not_planned' });
      return;
    }
    case 'rollback':
      await say(await proposeRollbackOf(thread, ports));
      return;
    default:
      await say(notYet(command.name));
  }
}

function isOurs(thread: Thread): boolean {
  return isIncidentBody(thread.body) || thread.body.includes(PROPOSAL_MARKER);
}
