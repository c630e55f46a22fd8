import { extensionOf, matchesParts, type PathPattern } from './codeowners-pattern.ts';

interface Candidate {
  /** Its rule's place in the file. */
  readonly order: number;
  readonly pattern: PathPattern;
  /** Parts that the place in the index has matched already. */
  readonly matched: number;
}

interface Folder {
  readonly candidates: Candidate[];
  readonly folders: Map<string, Folder>;
}

/** Rules by what a path must contain to match them, so that a path is held against few of them. */
export interface RuleIndex<Rule> {
  readonly rules: readonly Rule[];
  /** Patterns that start with fixed names at the root. */
  readonly root: Folder;
  /** Patterns that have a fixed name elsewhere, and those of the others that have a fixed extension. */
  readonly names: Map<string, Candidate[]>;
  readonly extensions: Map<string, Candidate[]>;
  readonly others: Candidate[];
}

/** Indexes rules in the order of the file. */
export function indexRules<Rule>(compiled: readonly { readonly rule: Rule; readonly pattern: PathPattern }[]): RuleIndex<Rule> {
  const rules = compiled.map(({ rule }) => rule);
  const index: RuleIndex<Rule> = { rules, root: newFolder(), names: new Map(), extensions: new Map(), others: [] };
  for (const [order, { pattern }] of compiled.entries()) place(index, order, pattern);
  return index;
}

/** The last rule in the file that matches the path. */
export function ruleFor<Rule>(index: RuleIndex<Rule>, path: string): Rule | null {
  const parts = path.split('/');
  let last = lastMatch(index.others, parts, 0);
  for (const part of new Set(parts)) {
    const extension = part.slice(part.lastIndexOf('.') + 1);
    last = Math.max(last, lastMatch(index.names.get(part), parts, 0), lastMatch(index.extensions.get(extension), parts, 0));
  }
  let folder: Folder | undefined = index.root;
  for (const [depth, part] of parts.entries()) {
    folder = folder?.folders.get(part);
    last = Math.max(last, lastMatch(folder?.candidates, parts, depth + 1));
  }
  return index.rules[last] ?? null;
}

/** Every path that a pattern matches has each fixed name of it among its parts, and a part with each fixed extension. */
function place(index: RuleIndex<unknown>, order: number, pattern: PathPattern): void {
  const whole = { order, pattern, matched: 0 };
  const name = pattern.find((part) => part.kind === 'text');
  const extension = pattern.map(extensionOf).find((one) => one !== null);
  if (name && name === pattern[0]) putBelow(index.root, whole);
  else if (name) put(index.names, name.text, whole);
  else if (extension !== undefined) put(index.extensions, extension, whole);
  else index.others.push(whole);
}

function putBelow(root: Folder, { order, pattern }: Candidate): void {
  let folder = root;
  let matched = 0;
  for (const part of pattern) {
    if (part.kind !== 'text') break;
    const next = folder.folders.get(part.text) ?? newFolder();
    folder.folders.set(part.text, next);
    folder = next;
    matched++;
  }
  folder.candidates.push({ order, pattern, matched });
}

/** The place in the file of the last candidate that matches; -1 when none does. Candidates stand in the order of the file. */
function lastMatch(candidates: readonly Candidate[] | undefined, parts: readonly string[], depth: number): number {
  const found = candidates?.findLast(({ pattern, matched }) => matchesParts(pattern, matched, parts, depth));
  return found?.order ?? -1;
}

function put(map: Map<string, Candidate[]>, key: string, candidate: Candidate): void {
  const known = map.get(key);
  if (known) known.push(candidate);
  else map.set(key, [candidate]);
}

function newFolder(): Folder {
  return { candidates: [], folders: new Map() };
}
