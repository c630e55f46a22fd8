import type { Node } from 'jsonc-parser';
import { jsonTree, lexeme, members } from './exact-json.ts';

/** Job settings as text, all pages joined, or why the pages do not make one document. */
export type JoinedSettings = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly why: string };

/** jobs/get gives these 100 elements at a time; a reset built from the first page alone would delete the rest. */
const pagedLists: Readonly<Record<string, string>> = {
  tasks: 'task_key',
  job_clusters: 'job_cluster_key',
  parameters: 'name',
  environments: 'environment_key',
};

/**
 * Joins the `settings` of every page of one jobs/get, keeping the source text of each element and of everything else.
 * Two pages that disagree about anything that is not paged were read around somebody's write: that is a refusal.
 */
export function joinSettingsPages(pages: readonly string[]): JoinedSettings {
  const [first, ...later] = pages;
  if (first === undefined) return { ok: false, why: 'no page was read' };
  let joined = first;
  for (const page of later) {
    const next = joinTwo(joined, page);
    if (!next.ok) return next;
    joined = next.text;
  }
  return uniqueKeys(joined);
}

/** The source text of `settings` in a jobs/get answer; null when there is none. */
export function settingsText(answer: string): string | null {
  const tree = jsonTree(answer);
  const settings = tree.ok ? members(tree.root).get('settings') : undefined;
  return settings?.type === 'object' ? lexeme(answer, settings) : null;
}

function joinTwo(text: string, page: string): JoinedSettings {
  const [left, right] = [jsonTree(text), jsonTree(page)];
  if (!left.ok) return left;
  if (!right.ok) return right;
  const mine = members(left.root);
  const additions: Addition[] = [];
  for (const [key, value] of members(right.root)) {
    const source = lexeme(page, value);
    const own = mine.get(key);
    if (!Object.hasOwn(pagedLists, key)) {
      if (own !== undefined && lexeme(text, own) !== source)
        return { ok: false, why: `changed while reading: ${key} differs between pages` };
      continue;
    }
    const elements = (value.children ?? []).map((child) => lexeme(page, child));
    if (elements.length > 0)
      additions.push(own === undefined ? memberAfter(left.root, key, elements) : elementsAfter(own, elements));
  }
  return { ok: true, text: splice(text, additions) };
}

interface Addition {
  readonly at: number;
  readonly text: string;
}

function elementsAfter(list: Node, elements: readonly string[]): Addition {
  const last = list.children?.at(-1);
  const joined = elements.join(', ');
  return last === undefined ? { at: list.offset + 1, text: joined } : { at: last.offset + last.length, text: `, ${joined}` };
}

function memberAfter(object: Node, key: string, elements: readonly string[]): Addition {
  const last = object.children?.at(-1);
  const member = `${JSON.stringify(key)}: [${elements.join(', ')}]`;
  return last === undefined ? { at: object.offset + 1, text: member } : { at: last.offset + last.length, text: `, ${member}` };
}

function splice(text: string, additions: readonly Addition[]): string {
  const backwards = [...additions].reverse().sort((one, other) => other.at - one.at);
  return backwards.reduce((done, addition) => done.slice(0, addition.at) + addition.text + done.slice(addition.at), text);
}

function uniqueKeys(text: string): JoinedSettings {
  const tree = jsonTree(text);
  if (!tree.ok) return tree;
  for (const [list, field] of Object.entries(pagedLists)) {
    const seen = new Set<string>();
    for (const element of members(tree.root).get(list)?.children ?? []) {
      const key = String(members(element).get(field)?.value ?? '');
      if (key !== '' && seen.has(key)) return { ok: false, why: `changed while reading: ${list} names ${key} twice` };
      seen.add(key);
    }
  }
  return { ok: true, text };
}
