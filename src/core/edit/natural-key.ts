import type { TreeNode } from './tree.ts';

/** Lists of a job whose elements are known by a field of their own, so that their order means nothing; by the key that holds the list. */
const NATURAL_KEYS: Readonly<Record<string, string>> = {
  tasks: 'task_key',
  job_clusters: 'job_cluster_key',
  parameters: 'name',
  environments: 'environment_key',
  depends_on: 'task_key',
};

/** A list by its natural keys: the field, and each element with its value there, in document order. */
export interface Keyed {
  readonly field: string;
  readonly elements: readonly { readonly equals: string; readonly node: TreeNode }[];
}

/**
 * The list held under `name` by its natural keys; null when one of its elements has no such key of its own (`parameters` is also a list
 * of plain texts). Two elements may have the same key: whoever asks must look.
 */
export function keyedList(list: TreeNode, name: string): Keyed | null {
  const field = Object.hasOwn(NATURAL_KEYS, name) ? NATURAL_KEYS[name] : undefined;
  if (field === undefined || list.kind !== 'list') return null;
  const elements = list.items.flatMap((node) => {
    const [key, ...others] = node.members.filter((member) => member.key === field);
    const own = key?.value.kind === 'scalar' && key.value.type !== 'null' && !key.value.interpolated && others.length === 0;
    return own ? [{ equals: key.value.text, node }] : [];
  });
  return elements.length === list.items.length ? { field, elements } : null;
}

/** The first natural key that stands twice; null: each stands once. */
export function repeatedElement({ elements }: Keyed): string | null {
  const seen = new Set<string>();
  for (const { equals } of elements) {
    if (seen.has(equals)) return equals;
    seen.add(equals);
  }
  return null;
}
