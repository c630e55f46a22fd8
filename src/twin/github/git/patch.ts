const CONTEXT = 3;
/** git looks this far for a NUL byte to call a file binary. */
const LOOKED_AT = 8000;
const LONGEST_HEADING = 80;

interface Line {
  readonly text: string;
  readonly fate: 'kept' | 'gone' | 'new';
}

/**
 * The hunks of git's patch, without the newline at its end; null where git shows none. `undefined` where more than one shortest difference
 * exists, or git's shortcuts might not find it: then git must be asked. The difference is unique when the lines that only one side has are
 * all that differs.
 */
export function simplePatch(before: Buffer, after: Buffer): string | null | undefined {
  if (isBinary(before) || isBinary(after)) return null;
  const [old, now] = [linesOf(before), linesOf(after)];
  const [oldCounts, newCounts] = [countsOf(old), countsOf(now)];
  const common = old.filter((line) => newCounts.has(line));
  const shared = now.filter((line) => oldCounts.has(line));
  if (common.length !== shared.length || common.some((line, index) => line !== shared[index])) return undefined;
  const lines = aligned(old, now, oldCounts, newCounts);
  const first = lines.findIndex((line) => line.fate !== 'kept');
  if (first < 0) return null;
  const last = lines.findLastIndex((line) => line.fate !== 'kept');
  const limit = Math.min(roughRoot(old.length), roughRoot(now.length), 1024);
  const often = (text: string) => Math.max(oldCounts.get(text) ?? 0, newCounts.get(text) ?? 0) >= limit;
  if (lines.slice(first, last).some((line) => line.fate === 'kept' && often(line.text))) return undefined;
  const hunks = printHunks(lines);
  return hunks === undefined ? undefined : Buffer.from(hunks, 'latin1').toString().replace(/\n$/, '');
}

export function isBinary(content: Buffer): boolean {
  return content.subarray(0, LOOKED_AT).includes(0);
}

/** Each with its newline; bytes as latin1, so that no two different lines look the same. */
function linesOf(content: Buffer): readonly string[] {
  return content.toString('latin1').match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function countsOf(lines: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const line of lines) counts.set(line, (counts.get(line) ?? 0) + 1);
  return counts;
}

/** git's bound on how often a line may occur before it is perhaps left out of the comparison. */
function roughRoot(count: number): number {
  let root = 1;
  for (let left = count; left > 0; left >>= 2) root <<= 1;
  return root;
}

type Counts = ReadonlyMap<string, number>;

function aligned(old: readonly string[], now: readonly string[], oldCounts: Counts, newCounts: Counts): readonly Line[] {
  const lines: Line[] = [];
  let at = 0;
  const takeNew = () => {
    for (let text = now[at]; text !== undefined && !oldCounts.has(text); text = now[++at]) lines.push({ text, fate: 'new' });
  };
  for (const text of old) {
    if (!newCounts.has(text)) {
      lines.push({ text, fate: 'gone' });
      continue;
    }
    takeNew();
    lines.push({ text, fate: 'kept' });
    at++;
  }
  takeNew();
  return lines;
}

/** Changes that are at most six lines apart share a hunk; each is headed by the last line before it that begins like a name. */
function printHunks(lines: readonly Line[]): string | undefined {
  const changes = lines.flatMap((line, index) => (line.fate === 'kept' ? [] : [index]));
  const groups: [number, number][] = [];
  for (const index of changes) {
    const group = groups.at(-1);
    if (group !== undefined && index - group[1] <= 2 * CONTEXT + 1) group[1] = index;
    else groups.push([index, index]);
  }
  const printed = groups.map(([first, last]) => printHunk(lines, Math.max(0, first - CONTEXT), last + CONTEXT + 1));
  return printed.some((hunk) => hunk === undefined) ? undefined : printed.join('');
}

function printHunk(lines: readonly Line[], from: number, to: number): string | undefined {
  const size = (part: readonly Line[], without: Line['fate']) => part.filter((line) => line.fate !== without).length;
  const part = lines.slice(from, to);
  const range = (without: Line['fate']) => {
    const [start, count] = [size(lines.slice(0, from), without), size(part, without)];
    return `${count === 0 ? start : start + 1}${count === 1 ? '' : `,${count}`}`;
  };
  const heading = headingBefore(lines.slice(0, from));
  if (heading === undefined) return undefined;
  const sign = { kept: ' ', gone: '-', new: '+' } as const;
  const body = part.map(
    ({ text, fate }) => `${sign[fate]}${text}${text.endsWith('\n') ? '' : '\n\\ No newline at end of file\n'}`,
  );
  return `@@ -${range('new')} +${range('gone')} @@${heading === '' ? '' : ` ${heading}`}\n${body.join('')}`;
}

/** Empty when no line is one; `undefined` for one that git would cut. */
function headingBefore(lines: readonly Line[]): string | undefined {
  const found = lines.findLast(({ text, fate }) => fate !== 'new' && /^[A-Za-z_$]/.test(text))?.text ?? '';
  return found.length > LONGEST_HEADING ? undefined : found.replace(/[ \t\r\n]+$/, '');
}
