import { COMMAND_HELP } from '../core/command.ts';
import { foldHistory, openIn } from '../core/history.ts';
import { firstSighting, sightingIn, withSighting } from '../core/sighting.ts';
import type { Command } from '../model/command.ts';
import type { Actor, HistoryEntry, IncidentState } from '../model/history.ts';
import type { Thread } from '../model/thread.ts';
import {
  approveThere,
  cannotRevise,
  closedText,
  commandList,
  incidentStatus,
  needsSha,
  type OpenProposal,
  sayThere,
  snoozedText,
  withdrawnText,
} from '../render/command.ts';
import { marked, page } from '../render/text.ts';
import type { AnswerPorts } from './answer.ts';
import { proposeRollbackOf } from './close.ts';
import { judgeUnheard } from './judge.ts';
import { shownBody } from './repeat.ts';
import { respond } from './respond.ts';

export interface Said {
  readonly thread: number;
  readonly isPull: boolean;
  readonly comment: number;
  readonly body: string;
  readonly by: Actor;
}

/** A command on an incident. `/help` and `/status` are for everybody, the others for people with write access. */
export async function answerOnIncident(said: Said, command: Command, thread: Thread, ports: AnswerPorts): Promise<void> {
  const say = async (text: string) => void (await ports.issues.comment(said.thread, page(text)));
  if (command.name === 'help') return say(commandList(COMMAND_HELP));
  if (command.name === 'status') return say(incidentStatus(await stateOf(said, ports)));
  const permission = await ports.people.permission(said.by.login);
  if (!permission.known || !['admin', 'maintain', 'write'].includes(permission.value))
    return say(`\`/${command.name}\` is for people with write access to this repository.`);
  switch (command.name) {
    case 'investigate':
      return investigateFor(said, command.hint, ports);
    case 'snooze':
      return snooze(said, command.minutes, thread, ports);
    case 'dismiss':
      return dismiss(said, command.reason, ports);
    case 'rollback':
      return say(await proposeRollbackOf(said.thread, ports));
    case 'revise':
      return say(cannotRevise(await openProposals(said, ports)));
    case 'approve':
      return say(await approveAnswer(said, command.sha, ports));
    default:
      return say(sayThere(command.name, await openProposals(said, ports)));
  }
}

/** Whoever asks to look at it wants to hear of it: an earlier snooze ends. */
async function investigateFor(said: Said, hint: string | null, ports: AnswerPorts): Promise<void> {
  const { entries } = await ports.history.read(said.thread);
  const at = (await ports.clock.now()).toISOString();
  const { snoozedUntil } = foldHistory(entries);
  const added: readonly HistoryEntry[] =
    snoozedUntil !== null && snoozedUntil > at ? [{ what: 'snoozed', at, by: said.by, until: at }] : [];
  const state = foldHistory([...entries, ...added]);
  const responded = await respond(said.thread, { asker: said.by, hint, entries: added, state }, ports);
  if (responded.proposal && !responded.fresh) await judgeUnheard(responded.proposal.number, ports);
}

async function snooze({ thread: issue, by }: Said, minutes: number, thread: Thread, ports: AnswerPorts): Promise<void> {
  const now = await ports.clock.now();
  const until = new Date(now.getTime() + minutes * 60_000).toISOString();
  const entries: readonly HistoryEntry[] = [{ what: 'snoozed', at: now.toISOString(), by, until }];
  const { signal, identity } = foldHistory((await ports.history.read(issue)).entries);
  await ports.issues.comment(issue, marked(ports.history.mark(issue, entries), snoozedText(by.login, until)));
  const before =
    sightingIn(thread.body) ?? firstSighting({ signals: signal ? [signal] : [], at: now.toISOString(), truncated: 0 });
  const sighting = { ...before, snoozedUntil: until };
  // The body hints that there is a snooze to be read, so that other repeats need not look for one.
  const body = signal && identity ? shownBody(identity, signal, sighting) : withSighting(thread.body, sighting);
  await ports.issues.update(issue, { body });
}

/** The proposals first: an attempt that is killed after them has left nothing that could still be merged. */
async function dismiss(said: Said, reason: string, ports: AnswerPorts): Promise<void> {
  const { thread: issue, by } = said;
  const open = await openProposals(said, ports);
  for (const { number } of open) {
    await ports.issues.comment(number, page(withdrawnText(issue, by.login, reason)));
    await ports.issues.update(number, { state: 'closed' });
  }
  const at = (await ports.clock.now()).toISOString();
  const mark = ports.history.mark(issue, [{ what: 'closed', at, why: 'dismissed' }]);
  await ports.issues.comment(issue, page(closedText(by.login, reason, open), mark));
  await ports.issues.update(issue, { state: 'not_planned' });
}

async function approveAnswer(said: Said, sha: string | null, ports: AnswerPorts): Promise<string> {
  const open = await openProposals(said, ports);
  if (sha === null) return needsSha(open);
  return approveThere(open, sha, open.find((one) => one.headSha.startsWith(sha)) ?? null);
}

/** The proposals of an incident that are open now, with the heads that they have now. */
async function openProposals(said: Said, ports: AnswerPorts): Promise<readonly OpenProposal[]> {
  const found = await Promise.all(openIn(await stateOf(said, ports)).map(({ branch }) => ports.proposals.find(branch)));
  return found.flatMap((one) => (one?.state === 'open' ? [one] : []));
}

async function stateOf(said: Said, ports: AnswerPorts): Promise<IncidentState> {
  return foldHistory((await ports.history.read(said.thread)).entries);
}
