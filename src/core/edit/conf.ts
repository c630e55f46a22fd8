import type { EditReasonCode, Outcome } from '../../model/reason.ts';
import type { Format } from './format.ts';
import { firstEol, lineEndOf, lineStartOf } from './layout.ts';
import type { Place } from './place.ts';
import { type Member, type Splice, type TreeNode, treeNode } from './tree.ts';

/** `key value`, `key=value` or `key: value`, as java.util.Properties reads spark-defaults.conf; lines with `#` or `!` are comments. */
const SETTING = /^([ \t]*)([^\s=:#!][^\s=:]*)([ \t]*[=:][ \t]*|[ \t]+)(.*?)([ \t]*)$/;
const BARE = /^[ \t]*[^\s=:#!][^\s=:]*$/;

export const confFormat: Format = {
  read: readConf,
  writeScalar: (_text, _place, value) => (/^(?!\s)[^\\\p{Cc}]*(?<!\s)$/u.test(value.text) ? value.text : null),
  writeMap: (_key, lexeme) => lexeme,
  insert: insertSetting,
  remove: (text, place) => {
    const member = place.container?.members[place.index];
    return member === undefined ? null : removeSetting(text, member);
  },
};

/** A map from key to value whose later members win, as Spark reads repeated keys. Values are always strings. */
function readConf(text: string): Outcome<TreeNode, EditReasonCode> {
  const members: Member[] = [];
  let at = 0;
  for (const [number, line] of text.split(/\r\n|\n|\r/).entries()) {
    const start = text.startsWith('\r\n', at) && number > 0 ? at + 2 : number > 0 ? at + 1 : at;
    at = start + line.length;
    if (/^[ \t]*(?:[#!].*)?$/.test(line)) continue;
    const member = readSetting(line, start);
    if (member === null) return unreadable(line, number + 1);
    members.push(member);
  }
  return { ok: true, value: treeNode('map', 0, text.length, { members, lastWins: true, inline: false }) };
}

function readSetting(line: string, start: number): Member | null {
  const [, indent = '', key, separator = '', value = ''] = SETTING.exec(BARE.test(line) ? `${line} ` : line) ?? [];
  // A backslash at the end joins the next line to this one, and inside a key it hides a separator: neither can be told line by line.
  if (key === undefined || line.trimEnd().endsWith('\\') || key.includes('\\')) return null;
  const keyStart = start + indent.length;
  const keyEnd = keyStart + key.length;
  const from = BARE.test(line) ? keyEnd : keyEnd + separator.length;
  const node = treeNode('scalar', from, from + value.length, { type: 'string', text: value });
  return { key, keyStart, keyEnd, value: node };
}

function insertSetting(text: string, place: Place, key: string, lexeme: string): Splice | null {
  if (!/^[^\s=:#!\\][^\s=:\\]*$/.test(key)) return null;
  const last = place.container?.members.at(-1);
  if (last === undefined) {
    const eol = firstEol(text);
    const closed = text === '' || /[\r\n]$/.test(text);
    return { start: text.length, end: text.length, text: closed ? `${key} ${lexeme}${eol}` : `${eol}${key} ${lexeme}` };
  }
  const lineStart = lineStartOf(text, last.keyStart);
  const indent = text.slice(lineStart, last.keyStart);
  const separator = separatorLike(text.slice(last.keyEnd, last.value.start), last.keyEnd - last.keyStart, key.length);
  const end = lineEndOf(text, last.value.end);
  return { start: end, end, text: firstEol(text) + indent + key + separator + lexeme };
}

/** Values in a column stay in their column. */
function separatorLike(separator: string, keyLength: number, newLength: number): string {
  if (separator === '') return ' ';
  if (separator.trim() !== '' || separator.length === 1 || separator.includes('\t')) return separator;
  return ' '.repeat(Math.max(1, keyLength + separator.length - newLength));
}

function removeSetting(text: string, member: Member): Splice {
  const lineStart = lineStartOf(text, member.keyStart);
  const lineEnd = lineEndOf(text, member.value.end);
  const eolBefore = /(?:\r\n|\n|\r)$/.exec(text.slice(0, lineStart))?.[0] ?? '';
  if (eolBefore !== '') return { start: lineStart - eolBefore.length, end: lineEnd, text: '' };
  const eolAfter = /^(?:\r\n|\n|\r)/.exec(text.slice(lineEnd))?.[0] ?? '';
  return { start: lineStart, end: lineEnd + eolAfter.length, text: '' };
}

function unreadable(line: string, number: number): Outcome<never, EditReasonCode> {
  const observed = `line ${number}: ${JSON.stringify(line.slice(0, 80))} is not a key and its value in one line of their own`;
  const expected = 'one setting a line, without continuation lines';
  return { ok: false, reason: { code: 'parse_failed', subject: 'conf', expected, observed } };
}
