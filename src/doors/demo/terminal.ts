import { columns } from '../cli/columns.ts';
import { colours } from '../colours.ts';

/** Cells end here: a query is recognised by its beginning, and `--json` of `sluice investigate` has all of it. */
const MOST_CELL = 64;
/** Tables wider than this say once beneath them what is the same in every row. */
const WIDE = 4;

/** A comment as GitHub shows it, for a terminal: folded parts open, tables in columns, nothing that only machines read. */
export function terminalText(markdown: string): string {
  const lines = withoutMarkup(markdown).split('\n');
  const shown: string[] = [];
  for (let at = 0; at < lines.length; ) {
    const until = endOfBlock(lines, at);
    shown.push(...blockLines(lines.slice(at, until)));
    at = until;
  }
  return shown
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

function withoutMarkup(markdown: string): string {
  return markdown
    .replace(/<!--[\s\S]*?-->/g, '')
    .replace(/<details><summary>([^<]*)<\/summary>/g, '**$1**')
    .replace(/<\/details>/g, '')
    .replace(/[\p{Cc}\p{Cf}]/gu, (char) => (char === '\n' || char === '\t' ? char : ''));
}

/** A fence and a table belong together; any other line stands by itself. */
function endOfBlock(lines: readonly string[], at: number): number {
  const fence = /^(`{3,})/.exec(lines[at] ?? '')?.[1];
  if (fence) {
    const close = lines.indexOf(fence, at + 1);
    return close < 0 ? lines.length : close + 1;
  }
  let end = at + 1;
  if (isRow(lines[at])) while (isRow(lines[end])) end++;
  return end;
}

function isRow(line: string | undefined): boolean {
  return line?.startsWith('| ') ?? false;
}

function blockLines(lines: readonly string[]): readonly string[] {
  const [first = ''] = lines;
  if (first.startsWith('```')) return lines.slice(1, -1).map((line) => `  ${diffLine(line, first.endsWith('diff'))}`);
  return isRow(first) ? tableLines(lines) : [proseLine(first)];
}

function diffLine(line: string, isDiff: boolean): string {
  if (isDiff && line.startsWith('+')) return colours.green(line);
  return isDiff && line.startsWith('-') ? colours.red(line) : line;
}

function proseLine(line: string): string {
  const heading = /^#+ (.*)$/.exec(line)?.[1];
  return heading ? colours.bold(heading) : line.replace(/\*\*([^*]+)\*\*/g, (_, words: string) => colours.bold(words));
}

function tableLines(lines: readonly string[]): readonly string[] {
  const [head = [], , ...rows] = lines.map(cellsOf);
  const isSame = (column: number) => rows.length > 1 && rows.every((row) => row[column] === rows[0]?.[column]);
  const same = head.length > WIDE ? [...head.keys()].filter(isSame) : [];
  const kept = [head, ...rows].map((row) => row.filter((_, column) => !same.includes(column)).map(cut));
  const beneath = same.map((column) => `${head[column]} ${cut(rows[0]?.[column] ?? '')}`).join(', ');
  return [...columns(kept).split('\n'), ...(beneath ? [colours.dim(`  all of them: ${beneath}`)] : [])];
}

/** A pipe inside a cell is escaped; code needs no fence in a column of its own. */
function cellsOf(row: string): readonly string[] {
  return row
    .slice(2, -2)
    .split(/ (?<!\\)\| /)
    .map((cell) => cell.replaceAll('\\|', '|').replace(/^`+ ?| ?`+$/g, ''));
}

function cut(cell: string): string {
  return cell.length > MOST_CELL ? `${cell.slice(0, MOST_CELL)}…` : cell;
}
