import { type Arrival, arrivalsOf } from '../core/arrival.ts';
import { isFlapping, minutesToHold } from '../core/opening.ts';
import type { Alerts } from '../model/delivery.ts';
import type { HistoryEntry } from '../model/history.ts';
import { flappingAdvice } from '../render/flapping.ts';
import { openedText, stillFlappingText } from '../render/incident.ts';
import { marked } from '../render/text.ts';
import type { AnswerPorts } from './answer.ts';
import { judgeUnheard } from './judge.ts';
import { type Board, type Opened, type OpenPorts, openIncident, readBoard } from './open.ts';
import type { Owed } from './repeat.ts';
import { respond } from './respond.ts';
import { tellStorm } from './storm.ts';

export type TakeAlertsPorts = OpenPorts & AnswerPorts;

/**
 * Everything that a batch of alerts of one repository leads to: its incidents are opened, joined or wait, each that is owed an answer is
 * answered, and the summary of those that wait is told last, because it may have to wait for its minute. Answers, for each of the alerts
 * handed in, what kept it from being taken; one that fails does not hold up the others, and taking it again repeats nothing.
 */
export async function takeAlerts(alerts: readonly Alerts[], ports: TakeAlertsPorts): Promise<readonly (Error | null)[]> {
  const board = await readBoard(ports);
  const { identityLabels } = board.config;
  const failed = new Map<string, Error>();
  const results: { readonly arrival: Arrival; readonly opened: Opened }[] = [];
  const attempt = async (identities: readonly string[], work: () => Promise<void>) => {
    try {
      await work();
    } catch (error) {
      for (const identity of identities) failed.set(identity, error instanceof Error ? error : new Error(String(error)));
    }
  };
  for (const arrival of arrivalsOf(alerts, ports.repository, identityLabels)) {
    await attempt([arrival.identity], async () => {
      const opened = await openIncident(arrival, board, ports);
      results.push({ arrival, opened });
      if (opened.issue !== null && opened.owed) await pay(opened.issue, arrival, opened.owed, board, ports);
      for (const pull of opened.proposed) await judgeUnheard(pull, ports);
    });
  }
  const identities = results.map(({ arrival }) => arrival.identity);
  await attempt(identities, () => tellStorm(results, board, ports));
  return alerts.map((one) => {
    const named = arrivalsOf([one], ports.repository, identityLabels).map(({ identity }) => failed.get(identity));
    return named.find((error) => error !== undefined) ?? null;
  });
}

/** The one comment that an incident is owed. */
async function pay(issue: number, arrival: Arrival, owed: Owed, board: Board, ports: TakeAlertsPorts): Promise<void> {
  if (owed.what === 'advice') return advise(issue, arrival, owed, ports);
  if (board.onCommand) {
    const reopened = owed.entries.some((entry) => entry.what === 'reopened');
    return note(issue, owed.entries, openedText(reopened), ports);
  }
  const responded = await respond(issue, { asker: null, hint: null, policy: board.policy, ...owed }, ports);
  if (responded.proposal && !responded.fresh) await judgeUnheard(responded.proposal.number, ports);
}

/** The third return of an alert asks for another alert, not for another diagnosis; said once. */
async function advise(issue: number, { at, signal }: Arrival, { state, entries }: Owed, ports: TakeAlertsPorts): Promise<void> {
  if (state.advised) {
    if (entries.length > 0 && isFlapping(state)) await note(issue, entries, stillFlappingText(state.flaps.length), ports);
    return;
  }
  const advice = flappingAdvice(signal, state.flaps, minutesToHold(state.flaps));
  await note(issue, [...entries, { what: 'advised', at, why: 'flapping' }], advice, ports);
}

async function note(issue: number, entries: readonly HistoryEntry[], text: string, ports: TakeAlertsPorts): Promise<void> {
  await ports.issues.comment(issue, marked(ports.history.mark(issue, entries), text));
}
