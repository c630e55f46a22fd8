import type { SelectorStep } from '../../model/change.ts';
import type { EditReasonCode, Outcome } from '../../model/reason.ts';
import { keyedList, repeatedElement } from '../edit/natural-key.ts';
import { formatOf } from '../edit/root.ts';
import { readTree } from '../edit/text.ts';
import { childPath, type TreeNode } from '../edit/tree.ts';
import type { BundleFile } from './bundle.ts';

/** One place that names a variable, or a job's setting. */
export interface Use {
  readonly file: string;
  /** As an RFC 6901 pointer from the file's root. */
  readonly pointer: string;
  /** The same by keys and natural keys; null where only a position in a list leads there. */
  readonly steps: readonly SelectorStep[] | null;
  /** The value is that and nothing else, and no anchor carries it to another place. */
  readonly alone: boolean;
}

/** The variable that a text is, whole: `${var.x}`; null for any other text. */
export function variableIn(text: string): string | null {
  return /^\$\{var\.([A-Za-z][A-Za-z0-9_-]*)\}$/.exec(text)?.[1] ?? null;
}

/** Every place in the files that names `${var.name}`, whole or inside a longer text. Refused where a file cannot be read. */
export function usesOf(name: string, files: readonly BundleFile[]): Outcome<readonly Use[], EditReasonCode> {
  const whole = `\${var.${name}}`;
  return mentionsIn(files, mentionsOf(name), variableIn(whole) === null ? null : whole);
}

/** Every place that takes a setting of a job from there, as `${resources.jobs.KEY.…}`; its id and its name are no settings. */
export function usesOfJob(resource: string, files: readonly BundleFile[]): Outcome<readonly Use[], EditReasonCode> {
  const names = `(?:id|name|url)(?![A-Za-z0-9_-])`;
  return mentionsIn(
    files,
    new RegExp(`\\$\\{[^{}]*resources${APART}jobs${APART}${escaped(resource)}(?![A-Za-z0-9_-])(?!\\.${names})`),
    null,
  );
}

/** `whole`: the text that is a use alone; null: none is. */
function mentionsIn(
  files: readonly BundleFile[],
  mentions: RegExp,
  whole: string | null,
): Outcome<readonly Use[], EditReasonCode> {
  const found: Use[] = [];
  for (const { path, text } of files) {
    const format = formatOf(path);
    // What the bundle's own tool does not read as its own may still be filled in by it.
    if (format === null || format === 'conf') {
      if (mentions.test(text)) found.push({ file: path, pointer: '', steps: null, alone: false });
      continue;
    }
    const root = readTree(format, text);
    if (!root.ok) return { ok: false, reason: { ...root.reason, subject: path } };
    found.push(...usesIn(root.value, { file: path, whole, mentions, pointer: '', steps: [], held: '', shared: false }));
  }
  return { ok: true, value: found };
}

/** What may stand between two names of a reference: the tool knows the dot alone; what another one would fill in is a use all the same. */
const APART = '[^A-Za-z0-9_{}-]+';

/** `${variables.x…}` is the long way to write it. */
function mentionsOf(name: string): RegExp {
  return new RegExp(`\\$\\{[^{}]*(?:var|variables)${APART}${escaped(name)}(?![A-Za-z0-9_-])`);
}

function escaped(name: string): string {
  return name.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}

interface Here {
  readonly file: string;
  readonly whole: string | null;
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
  const { file, pointer, steps, whole, mentions, shared } = here;
  if (node.kind === 'scalar') {
    if (!mentions.test(node.text)) return [];
    return [{ file, pointer, steps, alone: node.text === whole && !shared }];
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
