import type { Splice } from './tree.ts';

/** An object between braces (JSON, or YAML in flow style): offsets of its braces and members in `text`. */
export interface Braced {
  readonly text: string;
  readonly open: number;
  readonly close: number;
  readonly members: readonly { readonly start: number; readonly end: number }[];
  readonly comment: RegExp;
}

/** How a first member is laid out, taken from the file around the empty object. */
export interface Layout {
  readonly eol: string;
  /** Indentation of the line with the opening brace, and one level more. */
  readonly indent: string;
  readonly unit: string;
  /** True where `{}` is opened up over several lines. */
  readonly multiline: boolean;
}

interface Token {
  readonly kind: 'space' | 'comment' | 'comma';
  readonly start: number;
  readonly end: number;
}

const EOL = /\r\n|\n|\r/;
const RUN = /(?:\r\n|\n|\r)?[ \t]*$/;

/**
 * The splice that adds `member` at the end of the object, in the layout of its neighbours. Whatever it adds, {@link removeMember}
 * can tell from the text alone, so that an inserted key goes without a trace.
 */
export function insertMember(braced: Braced, member: string, layout: Layout, tight: boolean): Splice {
  const last = braced.members.at(-1);
  if (last === undefined) return insertFirst(braced, member, layout);
  const tail = tokensBetween(braced, last.end, braced.close);
  const comma = tail.find((token) => token.kind === 'comma');
  const from = comma?.end ?? last.end;
  const comments = sameLineComments(braced.text, tail, from);
  const anchor = comments.at(-1)?.end ?? from;
  const between = braced.text.slice(from, anchor);
  const run = separatorRun(braced, layout, tight, comments.length > 0 && !between.endsWith('*/'));
  if (comma) return { start: anchor, end: anchor, text: `${run}${member},` };
  return { start: from, end: anchor, text: `,${between}${run}${member}` };
}

/** The splice that takes out the member at `index`, with its comma and its line. */
export function removeMember(braced: Braced, index: number): Splice | null {
  const member = braced.members[index];
  if (member === undefined) return null;
  const { text, open, close } = braced;
  const previousEnd = index > 0 ? (braced.members[index - 1]?.end ?? open + 1) : open + 1;
  const before = text.slice(previousEnd, member.start);
  const runStart = member.start - runOf(before).length;
  const nextStart = braced.members[index + 1]?.start ?? close;
  const comma = tokensBetween(braced, member.end, nextStart).find((token) => token.kind === 'comma');
  if (comma) return { start: runStart, end: comma.end, text: '' };
  if (index === 0) return removeOnly(braced, member, runStart);
  const separator = tokensBetween(braced, previousEnd, member.start).find((token) => token.kind === 'comma');
  if (separator === undefined) return null;
  const kept = text.slice(previousEnd, separator.start) + text.slice(separator.end, Math.max(separator.end, runStart));
  return { start: previousEnd, end: member.end, text: kept };
}

function insertFirst(braced: Braced, member: string, layout: Layout): Splice {
  const { text, open, close } = braced;
  const inner = text.slice(open + 1, close);
  const line = layout.eol + layout.indent;
  const comment = tokensBetween(braced, open + 1, close).findLast((token) => token.kind === 'comment');
  if (comment) return { start: comment.end, end: comment.end, text: (EOL.test(inner) ? line + layout.unit : ' ') + member };
  if (inner === '') {
    const opened = layout.multiline ? line + layout.unit + member + line : member;
    return { start: open + 1, end: open + 1, text: opened };
  }
  // The blank line that stays behind `{⏎}` is what tells it from an opened `{}` when the member goes again.
  const filled = EOL.test(inner) ? line + layout.unit + member + layout.eol : inner + member;
  return { start: open + 1, end: open + 1, text: filled };
}

function removeOnly(braced: Braced, member: { start: number; end: number }, runStart: number): Splice {
  const { text, open, close } = braced;
  const before = text.slice(open + 1, member.start);
  const after = text.slice(member.end, close);
  if (before.trim() !== '') return { start: runStart, end: member.end, text: '' };
  if (!EOL.test(before)) return { start: open + 1, end: member.end, text: '' };
  if (/^(?:\r\n|\n|\r)[ \t]*$/.test(after)) return { start: open + 1, end: close, text: '' };
  const blank = /^(?:\r\n|\n|\r)(?=\s*$)/.exec(after)?.[0] ?? '';
  return { start: open + 1, end: member.end + blank.length, text: '' };
}

/** The white space that stands before members of this object: a line break with indentation where there is one. */
function separatorRun(braced: Braced, layout: Layout, tight: boolean, needsLine: boolean): string {
  const runs = braced.members.map((member, index) =>
    runOf(braced.text.slice(braced.members[index - 1]?.end ?? braced.open + 1, member.start)),
  );
  const own = runs.findLast((run) => EOL.test(run));
  if (own !== undefined) return own;
  if (needsLine) return layout.eol + layout.indent + layout.unit;
  return runs.length > 1 ? (runs.at(-1) ?? '') : tight ? '' : ' ';
}

function runOf(before: string): string {
  return RUN.exec(before)?.[0] ?? '';
}

function sameLineComments(text: string, tail: readonly Token[], from: number): readonly Token[] {
  const comments: Token[] = [];
  for (const token of tail.filter((one) => one.start >= from)) {
    if (token.kind === 'comma' || (token.kind === 'space' && EOL.test(text.slice(token.start, token.end)))) break;
    if (token.kind === 'comment') comments.push(token);
  }
  return comments;
}

/** What stands between two members; a character that is none of these ends the list, and re-reading the result decides. */
function tokensBetween(braced: Braced, from: number, to: number): readonly Token[] {
  const tokens: Token[] = [];
  let at = from;
  while (at < to) {
    const token = tokenAt(braced, at);
    if (token === null) break;
    tokens.push(token);
    at = token.end;
  }
  return tokens;
}

function tokenAt({ text, comment }: Braced, at: number): Token | null {
  if (text[at] === ',') return { kind: 'comma', start: at, end: at + 1 };
  for (const [kind, pattern] of [['space', /\s+/y] as const, ['comment', comment] as const]) {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    if (found) return { kind, start: at, end: at + found.length };
  }
  return null;
}
