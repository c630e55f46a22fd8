import { createHmac, timingSafeEqual } from 'node:crypto';
import type { History, HistoryEntry } from '../../model/history.ts';
import type { Note } from '../../model/thread.ts';
import type { HistoryLog, IssueReader } from '../../ports.ts';
import { parseEntry } from '../../schema/history.ts';
import type { Repository } from './reads.ts';

const MARK = /<!-- sluice:v1 ([A-Za-z0-9_-]+) ([0-9a-f]{64}) -->/g;

/**
 * Entries as invisible marks in our App's comments and reviews, signed with the server's record key over the thread they stand in: any writer can
 * edit a bot's comment, so a mark that was altered, or copied from another thread, is unknown rather than believed.
 */
export function historyLog(issues: IssueReader, repository: Repository, key: string): HistoryLog {
  const sign = (thread: number, payload: string) =>
    createHmac('sha256', key).update(`${repository.owner}/${repository.repo}#${thread}\n${payload}`).digest();
  const believed = (thread: number, notes: readonly Note[]): History => {
    const marks = notes.filter((note) => note.ours).flatMap((note) => [...note.body.matchAll(MARK)]);
    const read = marks.map(([, payload = '', claimed = '']) =>
      timingSafeEqual(sign(thread, payload), Buffer.from(claimed, 'hex')) ? entryOf(payload) : null,
    );
    return { entries: read.flatMap((entry) => entry ?? []), forged: read.filter((entry) => entry === null).length };
  };
  return {
    read: async (thread) => believed(thread, await issues.notes(thread)),
    readPull: async (pull) => believed(pull, (await Promise.all([issues.notes(pull), issues.reviews(pull)])).flat()),
    mark: (thread, entries) =>
      entries
        .map((entry) => Buffer.from(JSON.stringify(entry)).toString('base64url'))
        .map((payload) => `<!-- sluice:v1 ${payload} ${sign(thread, payload).toString('hex')} -->`)
        .join('\n'),
  };
}

function entryOf(payload: string): HistoryEntry | null {
  return parseEntry(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')));
}
