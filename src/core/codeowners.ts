import { indexRules, type RuleIndex, ruleFor } from './codeowners-index.ts';
import { compilePattern, type PathPattern } from './codeowners-pattern.ts';

/** Where GitHub looks for the file; the first that exists counts, the others are ignored. */
export const CODEOWNERS_PATHS = ['.github/CODEOWNERS', 'CODEOWNERS', 'docs/CODEOWNERS'] as const;

/** A line that names a pattern; no owners means that nobody owns what it matches. */
export interface CodeownersRule {
  readonly line: number;
  readonly pattern: string;
  /** `@user`, `@org/team` or an e-mail address, as written. */
  readonly owners: readonly string[];
}

/** A CODEOWNERS file. GitHub skips a faulty line in silence; whoever decides on owners must not. */
export interface Codeowners {
  readonly rules: readonly CodeownersRule[];
  readonly faults: readonly { readonly line: number; readonly message: string }[];
  readonly tooLarge: boolean;
  readonly index: RuleIndex<CodeownersRule>;
}

/** GitHub ignores a file that is not under 3 MB. */
const MAX_BYTES = 3_000_000;
const OWNER = /^(?:@[A-Za-z0-9][A-Za-z0-9_-]*(?:\/[A-Za-z0-9_][A-Za-z0-9._-]*)?|[^\s@#]+@[^\s@#]+\.[^\s@#.]+)$/;

/** Reads the file in GitHub's semantics: every line is a rule, a fault, a comment or blank. A file that is too large has no rules. */
export function parseCodeowners(text: string): Codeowners {
  if (new TextEncoder().encode(text).length >= MAX_BYTES) return { rules: [], faults: [], tooLarge: true, index: indexRules([]) };
  const compiled: { readonly rule: CodeownersRule; readonly pattern: PathPattern }[] = [];
  const faults: { readonly line: number; readonly message: string }[] = [];
  for (const [number, content] of text.split(/\r?\n/).entries()) {
    const line = number + 1;
    const read = readLine(content, line);
    if (read === null) continue;
    if ('message' in read) faults.push({ line, message: read.message });
    else compiled.push(read);
  }
  return { rules: compiled.map(({ rule }) => rule), faults, tooLarge: false, index: indexRules(compiled) };
}

/** The owners of a path (without a leading slash) and the rule that says so: the last one that matches. No owner is an empty list. */
export function ownersOf(
  parsed: Codeowners,
  path: string,
): { readonly owners: readonly string[]; readonly rule: CodeownersRule | null } {
  const rule = ruleFor(parsed.index, path);
  return { owners: rule?.owners ?? [], rule };
}

function readLine(content: string, line: number): { rule: CodeownersRule; pattern: PathPattern } | { message: string } | null {
  if (/^[ \t]*(?:#|$)/.test(content)) return null;
  const text = content.replace(/^[ \t]+/, '');
  // Up to the first white space that no backslash escapes.
  const rest = text.replace(/^(?:\\.?|[^\s\\])+/, '');
  const pattern = text.slice(0, text.length - rest.length);
  const problem = patternFault(pattern);
  if (problem !== null) return { message: problem };
  const owners = rest
    .replace(/[ \t]#.*/, '')
    .split(/[ \t]/)
    .filter((owner) => owner !== '');
  const wrong = owners.find((owner) => !OWNER.test(owner));
  if (wrong !== undefined) return { message: `not an owner: ${wrong.slice(0, 80)}` };
  return { rule: { line, pattern, owners }, pattern: compilePattern(pattern) };
}

/** What gitignore knows and CODEOWNERS does not, or what cannot be a pattern. */
function patternFault(pattern: string): string | null {
  if (pattern === '' || /\p{Cc}|\ufeff/u.test(pattern)) return 'a pattern with invisible characters';
  if (pattern.startsWith('!')) return 'a pattern cannot be negated with !';
  if (pattern.startsWith('\\#')) return 'a pattern cannot start with an escaped #';
  if (/[[\]]/.test(pattern)) return 'character ranges [ ] do not work';
  if (pattern.includes('\\/')) return 'a slash cannot be escaped';
  const unescaped = pattern.replace(/\\./g, '');
  if (unescaped.endsWith('\\')) return 'nothing follows the last backslash';
  return unescaped.includes('#') ? 'a comment starts after white space' : null;
}
