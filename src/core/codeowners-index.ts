import { extensionOf, matchesParts, type PathPattern } from './codeowners-pattern.ts';

interface Candidate<Rule> {
  readonly order: number;
  readonly rule: Rule;
  readonly pattern: PathPattern;
  /** Parts that the place in the index has matched already. */
  readonly matched: number;
}

interface Folder<Rule> {
  readonly candidates: Candidate<Rule>[];
  readonly folders: Map<string, Folder<Rule>>;
}

/** Rules by what a path must contain to match them, so that a path is held against few of them. */
export interface RuleIndex<Rule> {
  /** Patterns that start with fixed names at the root. */
  readonly root: Folder<Rule>;
  /** Patterns for a fixed name at any depth, and for an extension at any depth. */
  readonly names: Map<string, Candidate<Rule>[]>;
  readonly extensions: Map<string, Candidate<Rule>[]>;
  readonly others: Candidate<Rule>[];
}

/** Indexes rules in the order of the file. */
export function indexRules<Rule>(compiled: readonly { readonly rule: Rule; readonly pattern: PathPattern }[]): RuleIndex<Rule> {
  const index: RuleIndex<Rule> = { root: newFolder(), names: new Map(), extensions: new Map(), others: [] };
  for (const [order, { rule, pattern }] of compiled.entries()) place(index, order, rule, pattern);
  return index;
}

/** The last rule in the file that matches the path. */
export function ruleFor<Rule>(index: RuleIndex<Rule>, path: string): Rule | null {
  const parts = path.split('/');
  let best: Candidate<Rule> | null = lastMatch(index.others, parts, 0, null);
  for (const part of new Set(parts)) {
    best = lastMatch(index.names.get(part), parts, 0, best);
    const dot = part.lastIndexOf('.');
    if (dot >= 0) best = lastMatch(index.extensions.get(part.slice(dot + 1)), parts, 0, best);
  }
  let folder: Folder<Rule> | undefined = index.root;
  for (let depth = 0; folder !== undefined; depth++) {
    best = lastMatch(folder.candidates, parts, depth, best);
    folder = folder.folders.get(parts[depth] ?? '');
  }
  return best?.rule ?? null;
}

function place<Rule>(index: RuleIndex<Rule>, order: number, rule: Rule, pattern: PathPattern): void {
  const [first, second] = pattern;
  const whole = { order, rule, pattern, matched: 0 };
  const extension = first?.kind === 'any' && second ? extensionOf(second) : null;
  if (first?.kind === 'text') putBelow(index.root, whole);
  else if (first?.kind === 'any' && second?.kind === 'text') put(index.names, second.text, whole);
  else if (extension !== null) put(index.extensions, extension, whole);
  else index.others.push(whole);
}

function putBelow<Rule>(root: Folder<Rule>, candidate: Candidate<Rule>): void {
  const { pattern } = candidate;
  let folder = root;
  let matched = 0;
  for (let part = pattern[0]; part?.kind === 'text'; part = pattern[matched]) {
    const next: Folder<Rule> = folder.folders.get(part.text) ?? newFolder();
    folder.folders.set(part.text, next);
    folder = next;
    matched++;
  }
  folder.candidates.push({ ...candidate, matched });
}

/** Candidates stand in the order of the file: the search ends at the first match from the back, or where `best` is later. */
function lastMatch<Rule>(
  candidates: readonly Candidate<Rule>[] | undefined,
  parts: readonly string[],
  depth: number,
  best: Candidate<Rule> | null,
): Candidate<Rule> | null {
  for (let at = (candidates?.length ?? 0) - 1; at >= 0; at--) {
    const candidate = candidates?.[at];
    if (candidate === undefined || (best !== null && candidate.order < best.order)) return best;
    if (matchesParts(candidate.pattern, candidate.matched, parts, depth)) return candidate;
  }
  return best;
}

function put<Rule>(map: Map<string, Candidate<Rule>[]>, key: string, candidate: Candidate<Rule>): void {
  const known = map.get(key);
  if (known) known.push(candidate);
  else map.set(key, [candidate]);
}

function newFolder<Rule>(): Folder<Rule> {
  return { candidates: [], folders: new Map() };
}
