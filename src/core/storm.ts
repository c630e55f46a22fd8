/** One identity on the summary of those that wait: `cells` are its alert, target and labels, quoted already. */
export interface WaitingRow {
  readonly identity: string;
  readonly cells: string;
  readonly count: number;
  readonly firstAt: string;
  readonly lastAt: string;
  /** `waits`, `resolved`, or the incident that was opened for it, such as `#12`. */
  readonly standing: string;
}

/** What is new about one identity. One that waits gets a row; the others only change the row that they have. */
export interface StormNews {
  readonly identity: string;
  readonly cells: string;
  readonly count: number;
  readonly at: string;
  readonly standing: string;
}

export interface Storm {
  readonly issue: number;
  readonly updatedAt: string;
  readonly rows: readonly WaitingRow[];
}

/** One summary as it has to read now; without an issue it is a new one. */
export interface StormUpdate {
  readonly issue: number | null;
  readonly rows: readonly WaitingRow[];
  /** Nothing on it waits any more. */
  readonly over: boolean;
  /** ISO instant before which it must not be edited. */
  readonly notBefore: string;
  /** It tells more than that what waits was told again. */
  readonly news: boolean;
}

export const WAITS = 'waits';
/** Characters of rows that surely fit into an issue's body, with room for counts that grow. */
export const MOST_TEXT = 55_000;
const ONCE_IN_MS = 60_000;

/**
 * How the summaries change. Every identity that waits stands on exactly one of them; one that is full gets a successor, so nothing is left
 * out. Where only counts grew, and less than a minute passed, nothing is changed.
 */
export function stormUpdates(storms: readonly Storm[], news: readonly StormNews[], now: string): readonly StormUpdate[] {
  const placed = new Set(storms.flatMap((storm) => storm.rows.map((row) => row.identity)));
  const waiting: StormNews[] = news.filter((one) => one.standing === WAITS && !placed.has(one.identity));
  const updates = storms.map((storm) => {
    const rows = storm.rows.map((row) => rowAfter(row, news));
    return updateOf(storm, [...rows, ...takeFitting(waiting, textOf(rows))]);
  });
  while (waiting.length > 0) updates.push(newSummary(takeFitting(waiting, 0), now));
  return updates.filter((update) => update !== null).filter((update) => update.news || update.notBefore <= now);
}

/** Takes as many from the front as find room beside what is there; at least one where nothing is. */
function takeFitting(waiting: StormNews[], taken: number): readonly WaitingRow[] {
  const rows = waiting.map(rowOf);
  let room = MOST_TEXT - taken;
  const fitting = rows.findIndex((row) => {
    room -= textOf([row]);
    return room < 0;
  });
  const count = fitting < 0 ? rows.length : Math.max(fitting, taken === 0 ? 1 : 0);
  waiting.splice(0, count);
  return rows.slice(0, count);
}

function textOf(rows: readonly WaitingRow[]): number {
  return rows.reduce((sum, row) => sum + stormRow(row).length + 1, 0);
}

function updateOf(storm: Storm, rows: readonly WaitingRow[]): StormUpdate | null {
  if (JSON.stringify(rows) === JSON.stringify(storm.rows)) return null;
  const standings = (all: readonly WaitingRow[]) => all.map((row) => `${row.identity} ${row.standing}`).join('\n');
  const notBefore = new Date(Date.parse(storm.updatedAt) + ONCE_IN_MS).toISOString();
  const over = rows.every((row) => row.standing !== WAITS);
  return { issue: storm.issue, rows, over, notBefore, news: standings(rows) !== standings(storm.rows) };
}

function newSummary(rows: readonly WaitingRow[], now: string): StormUpdate {
  return { issue: null, rows, over: false, notBefore: now, news: true };
}

function rowOf({ identity, cells, count, at }: StormNews): WaitingRow {
  return { identity, cells, count, firstAt: at, lastAt: at, standing: WAITS };
}

function rowAfter(row: WaitingRow, news: readonly StormNews[]): WaitingRow {
  const one = news.find(({ identity }) => identity === row.identity);
  // What was resolved after an incident had been opened is that incident's to tell.
  if (!one || (one.standing === 'resolved' && row.standing !== WAITS)) return row;
  const told = one.standing === WAITS ? { count: row.count + one.count, lastAt: one.at } : {};
  return { ...row, ...told, standing: one.standing };
}

const MARK = /<!-- sluice:storm (\S+) -->/;
const ROW = /^\| (.+) \| (\d{1,9}) \| (\S+) \| (\S+) \| (waits|resolved|#\d{1,12}) <!-- ([0-9a-f]{16}) --> \|$/gm;

/** Finds the summaries again among our issues. */
export const STORM_MARKER = '<!-- sluice:storm ';

export function stormMark(at: string): string {
  return `${STORM_MARKER}${at} -->`;
}

/** The row as a line of the summary's table: what the next update reads back. */
export function stormRow({ identity, cells, count, firstAt, lastAt, standing }: WaitingRow): string {
  return `| ${cells} | ${count} | ${firstAt} | ${lastAt} | ${standing} <!-- ${identity} --> |`;
}

/** A summary as its body holds it. A time that cannot be read, or that is yet to come, was not written by us and holds nothing up. */
export function stormIn(issue: number, body: string, now: string): Storm {
  const rows = [...body.matchAll(ROW)].map(([, cells = '', count, firstAt = '', lastAt = '', standing = '', identity = '']) => {
    return { identity, cells, count: Number(count), firstAt, lastAt, standing };
  });
  const told = MARK.exec(body)?.[1] ?? '';
  const updatedAt = Number.isNaN(Date.parse(told)) || told > now ? '1970-01-01T00:00:00.000Z' : told;
  return { issue, updatedAt, rows };
}
