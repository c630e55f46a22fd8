import type { EditReasonCode, Reason } from '../../model/reason.ts';

export type ScalarType = 'string' | 'number' | 'boolean' | 'null';

/** One value of a document with the range of its source text: enough to find and to compare, never used to write a document. */
export interface TreeNode {
  readonly kind: 'map' | 'list' | 'scalar' | 'alias';
  /** Offsets of the value's token, end exclusive. */
  readonly start: number;
  readonly end: number;
  /** For a string its meaning, for any other scalar its source text, for an alias the anchor's name. */
  readonly text: string;
  readonly type: ScalarType | null;
  readonly members: readonly Member[];
  readonly items: readonly TreeNode[];
  /** Written between braces or brackets; false for YAML blocks and for scalars that fill several lines. */
  readonly inline: boolean;
  /** The same bytes give values elsewhere too: an anchor with an alias, or a merge key that may supply any missing key. */
  readonly shared: boolean;
  readonly merges: boolean;
  /** Holds `${…}`, whose value is not in this file. */
  readonly interpolated: boolean;
  /** A later member with the same key replaces an earlier one; else a repeated key is ambiguous. */
  readonly lastWins: boolean;
}

export interface Member {
  readonly key: string;
  readonly keyStart: number;
  readonly keyEnd: number;
  readonly value: TreeNode;
}

/** One replaced range of a text. */
export interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A node with nothing special about it; readers override what they found. */
export function treeNode(kind: TreeNode['kind'], start: number, end: number, found: Partial<TreeNode>): TreeNode {
  const { text = '', type = null, members = NONE, items = NONE, inline = true, shared = false, merges = false } = found;
  const { interpolated = false, lastWins = false } = found;
  return { kind, start, end, text, type, members, items, inline, shared, merges, interpolated, lastWins };
}

const NONE: readonly never[] = [];

export function childPath(path: string, token: string): string {
  return `${path}/${token.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/** A finding for each key that a map holds twice. */
export function repeatedKeys(root: TreeNode, path = ''): readonly Reason<EditReasonCode>[] {
  const seen = new Map<string, number>();
  for (const member of root.members) seen.set(member.key, (seen.get(member.key) ?? 0) + 1);
  const own = [...seen].filter(([, times]) => times > 1).map(([key, times]) => repeated(childPath(path, key), times));
  const inMembers = root.members.flatMap((member) => repeatedKeys(member.value, childPath(path, member.key)));
  return [...own, ...inMembers, ...root.items.flatMap((item, index) => repeatedKeys(item, childPath(path, String(index))))];
}

function repeated(path: string, times: number): Reason<EditReasonCode> {
  return { code: 'key_duplicate', subject: path, expected: 'each key once', observed: `${times} times` };
}
