/**
 * The lines of a comment that GitHub shows as its author's own words: outside quotes (with the lines that Markdown counts as still
 * quoted), fenced and indented code, and HTML comments. Blank lines are left out.
 */
export function ownLines(body: string): readonly string[] {
  const own: string[] = [];
  let block: Block = NO_BLOCK;
  for (const line of body.split(/\r\n|\n|\r/)) {
    block = continued(block, line);
    if (block.kind === 'none') block = opened(line);
    if (block.kind === 'none' && !isBlank(line)) own.push(line);
    if (endsWith(block, line)) block = NO_BLOCK;
  }
  return own;
}

/** What a line lies in, and whether it is the one that began it. `fence` holds the characters that close it. */
type Block =
  | { readonly kind: 'none' | 'quote' | 'code' }
  | { readonly kind: 'comment'; readonly first: boolean }
  | { readonly kind: 'fence'; readonly fence: string; readonly first: boolean };

const NO_BLOCK: Block = { kind: 'none' };

/** A quote goes on until a blank line: Markdown lets a paragraph in it run on without `>`. */
function continued(block: Block, line: string): Block {
  if (block.kind === 'fence' || block.kind === 'comment') return { ...block, first: false };
  if (block.kind === 'quote' && isBlank(line)) return NO_BLOCK;
  return block.kind === 'code' ? NO_BLOCK : block;
}

function opened(line: string): Block {
  const fence = /^ {0,3}(`{3,}(?=[^`]*$)|~{3,})/.exec(line)?.[1];
  if (fence !== undefined) return { kind: 'fence', fence, first: true };
  if (/^ {0,3}<!--/.test(line)) return { kind: 'comment', first: true };
  if (/^ {0,3}>/.test(line)) return { kind: 'quote' };
  return /^(?: {4}| {0,3}\t)/.test(line) ? { kind: 'code' } : NO_BLOCK;
}

function endsWith(block: Block, line: string): boolean {
  if (block.kind === 'comment') return !leavesOpen(line, block.first);
  if (block.kind !== 'fence' || block.first) return false;
  const close = /^ {0,3}(`{3,}|~{3,})[ \t]*$/.exec(line)?.[1];
  return close !== undefined && close[0] === block.fence[0] && close.length >= block.fence.length;
}

/** Whether an HTML comment is open at the end of a line that begins one, or lies in one: a line may close one and begin the next. */
function leavesOpen(line: string, begins: boolean): boolean {
  let isOpen = !begins;
  for (let at = 0; ; at += isOpen ? OPENING : CLOSING) {
    at = line.indexOf(isOpen ? '-->' : '<!--', at);
    if (at === -1) return isOpen;
    isOpen = !isOpen;
  }
}

/** Characters passed over: HTML takes `<!-->` for a comment that is closed again. */
const OPENING = '<!'.length;
const CLOSING = '-->'.length;

function isBlank(line: string): boolean {
  return /^[ \t]*$/.test(line);
}
