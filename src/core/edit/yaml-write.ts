import { insertMember, removeMember } from './braces.ts';
import { bracedOf, firstEol, layoutOf, lineEndOf, lineStartOf } from './layout.ts';
import type { Place } from './place.ts';
import type { Member, Splice, TreeNode } from './tree.ts';
import type { TypedScalar } from './value.ts';

type Quote = 'plain' | 'single' | 'double';

const COMMENT = /#[^\r\n]*/y;
/** Not strings for some YAML reader: words and numbers of YAML 1.1 and 1.2, dates, merge and default keys. */
const WORDS = /^(?:~|null|true|false|yes|no|on|off|y|n|=|<<)$/i;
const NUMBERS =
  /^[-+]?(?:0b[01_]+|0o?[0-7_]+|0x[\da-f_]+|[\d_]*\.?[\d_]*(?:e[-+]?\d+)?|\.inf|\.nan|\d[\d_]*(?::[0-5]?\d)+(?:\.\d*)?)$|^\d{4}-\d\d?-\d\d?/i;
const INDICATORS = /^[-?:](?:\s|$)|^[,[\]{}#&*!|>'"%@`]|^(?:---|\.\.\.)|:(?:\s|$)|\s#|^\s|\s$/;
const UNPRINTABLE = /[\p{Cc}\u2028\u2029\ufeff]/u;

/** A scalar in the quoting of the one it replaces, or of its last neighbour; quoted anew only where plain text would mean another type. */
export function writeYamlScalar(text: string, place: Place, value: TypedScalar): string | null {
  if (value.text.includes('${')) return null;
  if (value.type !== 'string') return value.text;
  const neighbours = place.container?.members.map((member) => quoteOf(text, member.value.start)) ?? [];
  const wanted = place.node ? quoteOf(text, place.node.start) : (neighbours.at(-1) ?? 'double');
  const fallback = neighbours.findLast((quote) => quote !== 'plain') ?? 'double';
  return quoted(value.text, wanted === 'plain' && !isPlain(value.text, isInFlow(place)) ? fallback : wanted);
}

export function writeYamlMap(key: string, lexeme: string): string {
  return `{${quoted(key, isPlain(key, true) ? 'plain' : 'double')}: ${lexeme}}`;
}

/** The splice for a new key; null where its place cannot be told from the layout alone. */
export function insertYaml(text: string, place: Place, key: string, lexeme: string): Splice | null {
  const container = place.container;
  if (container === null || container.kind === 'list') return null;
  const last = container.members.at(-1);
  const quote = last ? quoteOf(text, last.keyStart) : 'plain';
  const flow = isInFlow(place);
  const member = `${quoted(key, quote === 'plain' && !isPlain(key, flow) ? 'double' : quote)}: ${lexeme}`;
  if (container.kind === 'map' && container.inline) {
    const layout = { ...layoutOf(text, place), multiline: false };
    return insertMember(bracedOf(text, container, COMMENT), member, layout, false);
  }
  if (flow) return null;
  return last ? insertAfter(text, last, member) : insertFirst(text, place, member);
}

export function removeYaml(text: string, place: Place): Splice | null {
  const container = place.container;
  const member = container?.members[place.index];
  if (!container || !member) return null;
  if (container.inline) return removeMember(bracedOf(text, container, COMMENT), place.index);
  const lineStart = lineStartOf(text, member.keyStart);
  const lineEnd = lineEndOf(text, Math.max(member.keyEnd, member.value.end));
  if (!member.value.inline || text.slice(lineStart, member.keyStart).trim() !== '') return null;
  const eolBefore = /(?:\r\n|\n|\r)$/.exec(text.slice(0, lineStart))?.[0] ?? '';
  if (eolBefore !== '') return { start: lineStart - eolBefore.length, end: lineEnd, text: '' };
  const eolAfter = /^(?:\r\n|\n|\r)/.exec(text.slice(lineEnd))?.[0] ?? '';
  return { start: lineStart, end: lineEnd + eolAfter.length, text: '' };
}

/** A new line below the last member's last line, at the column of its key. */
function insertAfter(text: string, last: Member, member: string): Splice | null {
  const end = contentEnd(last);
  if (end === null) return null;
  const lineStart = lineStartOf(text, last.keyStart);
  if (!/^[ -]*$/.test(text.slice(lineStart, last.keyStart))) return null;
  return newLine(text, end, last.keyStart - lineStart, member);
}

/** The first member of `spark_conf:`, one level deeper than its key. */
function insertFirst(text: string, place: Place, member: string): Splice | null {
  const maps = place.ancestors.slice(0, -1).filter((node) => node.kind === 'map');
  const holder = maps.at(-1)?.members.find((one) => one.value === place.container);
  if (holder === undefined) return null;
  const columns = maps.flatMap((node) => node.members.slice(0, 1).map((one) => one.keyStart - lineStartOf(text, one.keyStart)));
  const steps = columns.slice(1).map((column, index) => column - (columns[index] ?? 0));
  const unit = steps.findLast((step) => step > 0 && step <= 8) ?? 2;
  const column = holder.keyStart - lineStartOf(text, holder.keyStart) + unit;
  return newLine(text, Math.max(holder.keyEnd + 1, holder.value.end), column, member);
}

function newLine(text: string, after: number, column: number, member: string): Splice | null {
  const end = lineEndOf(text, after);
  if (!/^[ \t]*(?:#.*)?$/.test(text.slice(after, end))) return null;
  return { start: end, end, text: firstEol(text) + ' '.repeat(column) + member };
}

/** Where the last line of a member's value ends; null after a block scalar, whose trailing line breaks are part of it. */
function contentEnd(member: Member): number | null {
  let node: TreeNode = member.value;
  let keyEnd = member.keyEnd;
  for (let last = lastChild(node); !node.inline && last !== null; last = lastChild(node)) {
    node = last.node;
    keyEnd = last.keyEnd ?? keyEnd;
  }
  if (!node.inline) return null;
  return node.start === node.end ? Math.max(keyEnd + 1, node.end) : node.end;
}

function lastChild(node: TreeNode): { node: TreeNode; keyEnd: number | null } | null {
  const member = node.members.at(-1);
  if (member) return { node: member.value, keyEnd: member.keyEnd };
  const item = node.items.at(-1);
  return item ? { node: item, keyEnd: null } : null;
}

function isInFlow(place: Place): boolean {
  return place.ancestors.some((node) => node.kind !== 'scalar' && node.inline);
}

function quoteOf(text: string, at: number): Quote {
  return text[at] === '"' ? 'double' : text[at] === "'" ? 'single' : 'plain';
}

function isPlain(text: string, flow: boolean): boolean {
  if (text === '' || INDICATORS.test(text) || WORDS.test(text) || NUMBERS.test(text) || UNPRINTABLE.test(text)) return false;
  return !flow || !/[,[\]{}]/.test(text);
}

function quoted(text: string, quote: Quote): string {
  if (quote === 'plain') return text;
  if (quote === 'single' && !UNPRINTABLE.test(text)) return `'${text.replaceAll("'", "''")}'`;
  const escaped = (char: string) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return JSON.stringify(text).replace(/[\u007f-\u009f\u2028\u2029\ufeff]/g, escaped);
}
