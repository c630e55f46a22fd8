import type { SelectorStep } from '../../model/change.ts';
import type { EditReasonCode, Outcome } from '../../model/reason.ts';
import { keyedList, repeatedElement } from '../edit/natural-key.ts';
import { formatOf } from '../edit/root.ts';
import { readTree } from '../edit/text.ts';
import { childPath, type TreeNode } from '../edit/tree.ts';
import type { BundleFile } from './bundle.ts';

/** One place that names a variable. */
export interface Use {
  readonly file: string;
  /** As an RFC 6901 pointer from the file's root. */
  readonly pointer: string;
  /** The same by keys and natural keys; null where only a position in a list leads there. */
  readonly steps: readonly SelectorStep[] | null;
  /** The value is the variable and nothing else, and no anchor carries it to another place. */
  readonly alone: boolean;
}

/** The variable that a text is, whole: `${var.x}`; null for any other text. */
export function variableIn(text: string): string | null {
  return /^\$\{var\.([A-Za-z][A-Za-z0-9_-]*)\}$/.exec(text)?.[1] ?? null;
}

/** Every place in the files that names `${var.name}`, whole or inside a longer text. Refused where a file cannot be read. */
export function usesOf(name: string, files: readonly BundleFile[]): Outcome<readonly Use[], EditReasonCode> {
  const found: Use[] = [];
  for (const { path, text } of files) {
    const format = formatOf(path);
    const mentions = mentionsOf(name);
    // What the bundle's own tool does not read as its own may still be filled in by it.
    if (format === null || format === 'conf') {
      if (mentions.test(text)) found.push({ file: path, pointer: '', steps: null, alone: false });
      continue;
    }
    const root = readTree(format, text);
    if (!root.ok) return { ok: false, reason: { ...root.reason, subject: path } };
    found.push(...usesIn(root.value, { file: path, name, mentions, pointer: '', steps: [], held: '', shared: false }));
  }
  return { ok: true, value: found };
}

/** `${variables.x…}` is the long way to write it. */
function mentionsOf(name: string): RegExp {
  const escaped = name.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
  return new RegExp(`\\$\\{\\s*(?:var|variables)\\.${escaped}(?![A-Za-z0-9_-])`);
}

interface Here {
  readonly file: string;
  readonly name: string;
  readonly mentions: RegExp;
  readonly pointer: string;
  readonly steps: readonly SelectorStep[] | null;
  /** The key that holds this value. */
  readonly held: string;
  /** An anchor on the way carries everything below to another place too. */
  readonly shared: boolean;
}

function usesIn(node: TreeNode, above: Here): readonly Use[] {
  const here = { ...above, shared: above.shared || node.shared };
  const { file, pointer, steps, name, mentions, shared } = here;
  if (node.kind === 'scalar') {
    if (!mentions.test(node.text)) return [];
    return [{ file, pointer, steps, alone: variableIn(node.text) === name && !shared }];
  }
  const inMembers = node.members.flatMap(({ key, value }) => {
    const at = { ...here, pointer: childPath(pointer, key), steps: steps && [...steps, { key }], held: key };
    const named = mentions.test(key) ? [{ file, pointer: at.pointer, steps: null, alone: false }] : [];
    return [...named, ...usesIn(value, at)];
  });
  const keyed = keyedList(node, here.held);
  const unique = keyed && repeatedElement(keyed) === null ? keyed : null;
  const inItems = node.items.flatMap((item, index) => {
    const element = unique?.elements[index];
    const step = unique && element ? { where: unique.field, equals: element.equals } : null;
    const within = steps && step ? [...steps, step] : null;
    return usesIn(item, { ...here, pointer: childPath(pointer, String(index)), steps: within, held: '' });
  });
  return [...inMembers, ...inItems];
}
