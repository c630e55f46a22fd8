import type { Braced, Layout } from './braces.ts';
import type { Place } from './place.ts';
import type { TreeNode } from './tree.ts';

/** The container as an object between braces. */
export function bracedOf(text: string, node: TreeNode, comment: RegExp): Braced {
  const members = node.members.map((member) => ({ start: member.keyStart, end: Math.max(member.keyEnd, member.value.end) }));
  return { text, open: node.start, close: node.end - 1, members, comment };
}

/** How members are laid out around an empty object: read off the nearest ancestor that has members. */
export function layoutOf(text: string, place: Place): Layout {
  const open = place.container?.start ?? 0;
  const indent = indentAt(text, open);
  const model = place.ancestors.slice(0, -1).findLast((node) => node.members.length > 0);
  const first = model?.members[0];
  if (model === undefined || first === undefined) return { eol: firstEol(text), indent, unit: '  ', multiline: true };
  const run = /(\r\n|\n|\r)([ \t]*)$/.exec(text.slice(model.start + 1, first.keyStart));
  const outer = indentAt(text, model.start);
  const inner = run?.[2] ?? '';
  const unit = inner.length > outer.length && inner.startsWith(outer) ? inner.slice(outer.length) : '  ';
  return { eol: run?.[1] ?? firstEol(text), indent, unit, multiline: run !== null };
}

/** The text between key and value of the nearest written member, such as `: `. */
export function colonOf(text: string, place: Place): string {
  const model = place.ancestors.findLast((node) => node.members.length > 0);
  const last = model?.members.at(-1);
  const colon = last === undefined ? '' : text.slice(last.keyEnd, last.value.start);
  return /^[ \t]*:[ \t]*$/.test(colon) ? colon : ': ';
}

export function firstEol(text: string): string {
  return /\r\n|\n|\r/.exec(text)?.[0] ?? '\n';
}

export function lineStartOf(text: string, at: number): number {
  return Math.max(text.lastIndexOf('\n', at - 1), text.lastIndexOf('\r', at - 1)) + 1;
}

export function lineEndOf(text: string, at: number): number {
  const found = text.slice(at).search(/\r\n|\n|\r/);
  return found < 0 ? text.length : at + found;
}

/** The line's number, counted from 1. */
export function lineOf(text: string, at: number): number {
  return text.slice(0, at).split(/\r\n|\n|\r/).length;
}

function indentAt(text: string, at: number): string {
  return /^[ \t]*/.exec(text.slice(lineStartOf(text, at)))?.[0] ?? '';
}
