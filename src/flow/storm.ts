import type { Arrival } from '../core/arrival.ts';
import {
  STORM_MARKER,
  type StormNews,
  type StormUpdate,
  stormIn,
  stormMark,
  stormRow,
  stormUpdates,
  WAITS,
} from '../core/storm.ts';
import { STORM_TITLE, stormBody, stormCells } from '../render/storm.ts';
import { type Board, type Opened, type OpenPorts, targetName } from './open.ts';

/**
 * Tells the summary of those that found no room: who waits, and whose incident was opened since. It is edited at most once a minute, so news
 * that comes too early waits here for its turn, and what comes in meanwhile is told with the next batch.
 */
export async function tellStorm(
  results: readonly { readonly arrival: Arrival; readonly opened: Opened }[],
  board: Board,
  ports: OpenPorts,
): Promise<void> {
  const news = results.flatMap(({ arrival, opened }) => newsOf(arrival, opened, board));
  const now = (await ports.clock.now()).toISOString();
  const storms = board.threads
    .filter((thread) => thread.state === 'open' && thread.body.includes(STORM_MARKER))
    .map((thread) => stormIn(thread.number, thread.body, now));
  for (const update of stormUpdates(storms, news, now)) await tell(update, board.config.limits.incidentsPerHour, ports);
}

function newsOf(arrival: Arrival, { did, issue }: Opened, board: Board): readonly StormNews[] {
  const { identity, signals, at, signal } = arrival;
  const standing =
    did === 'wait'
      ? WAITS
      : did === 'nothing'
        ? 'resolved'
        : issue !== null && (did === 'open' || did === 'reopen' || did === 'join')
          ? `#${issue}`
          : null;
  if (standing === null) return [];
  return [{ identity, cells: stormCells(signal, targetName(board.config, signal)), count: signals.length, at, standing }];
}

async function tell({ issue, rows, over, notBefore }: StormUpdate, perHour: number, ports: OpenPorts): Promise<void> {
  const early = Date.parse(notBefore) - (await ports.clock.now()).getTime();
  if (early > 0) await ports.clock.sleep(early);
  const waiting = rows.filter((row) => row.standing === WAITS);
  const told = waiting.reduce((sum, row) => sum + row.count, 0);
  const mark = stormMark((await ports.clock.now()).toISOString());
  const body = stormBody({ rows: rows.map(stormRow), waiting: waiting.length, told, perHour, mark });
  if (issue === null) await ports.issues.open(STORM_TITLE, body, ['sluice']);
  else await ports.issues.update(issue, over ? { body, state: 'closed' } : { body });
}
