/** One part of a pattern between slashes: fixed text, text with wildcards, or any number of path parts. */
export type PatternPart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'glob'; readonly glob: string }
  | { readonly kind: 'any' };

/** A pattern matches a path when its parts match all of the path's parts, in order. */
export type PathPattern = readonly PatternPart[];

/** Wildcards inside a glob; patterns with control characters are never compiled. */
const STAR = '\u0000';
const ONE = '\u0001';
const ANY: PatternPart = { kind: 'any' };
const ONE_PART: PatternPart = { kind: 'glob', glob: STAR };

/**
 * Compiles a CODEOWNERS pattern. Without a slash before its end it matches at any depth; what it matches may be a folder, then it owns
 * everything inside, except that a last part of just `*` means the direct children (`docs/*`).
 */
export function compilePattern(pattern: string): PathPattern {
  const rooted = pattern.startsWith('/');
  const written = splitParts(rooted ? pattern.slice(1) : pattern);
  const isFolder = written.length > 1 && written.at(-1) === '';
  const names = isFolder ? written.slice(0, -1) : written;
  const parts = names.map((name, index) => toPart(name, index === names.length - 1));
  const floating = !rooted && names.length === 1;
  const below = isFolder ? [ONE_PART, ANY] : names.at(-1) === STAR ? [] : [ANY];
  return [...(floating ? [ANY] : []), ...parts, ...below];
}

/** True when the pattern from `from` on matches the path's parts from `at` on. Takes at most (parts × parts) steps. */
export function matchesParts(pattern: PathPattern, from: number, path: readonly string[], at: number): boolean {
  let [part, place, retryPart, retryPlace] = [from, at, 0, at];
  for (let name = path[place]; name !== undefined; name = path[place]) {
    const wanted = pattern[part];
    if (wanted?.kind === 'any') {
      retryPart = ++part;
      retryPlace = place;
    } else if (wanted !== undefined && matchesPart(wanted, name)) {
      part++;
      place++;
    } else if (retryPart > 0) {
      part = retryPart;
      place = ++retryPlace;
    } else return false;
  }
  while (pattern[part]?.kind === 'any') part++;
  return part === pattern.length;
}

/** For a glob of the form `*….ext`, its extension: a name that matches ends with it. */
export function extensionOf(part: PatternPart): string | null {
  if (part.kind !== 'glob') return null;
  const extension = part.glob.slice(part.glob.lastIndexOf('.') + 1);
  return hasWildcard(extension) ? null : extension;
}

function matchesPart(part: Exclude<PatternPart, { kind: 'any' }>, name: string): boolean {
  return part.kind === 'text' ? part.text === name : matchesGlob(part.glob, name);
}

function matchesGlob(glob: string, name: string): boolean {
  let [sign, place, retrySign, retryPlace] = [0, 0, 0, 0];
  while (place < name.length) {
    if (glob[sign] === STAR) {
      retrySign = ++sign;
      retryPlace = place;
    } else if (glob[sign] === ONE || glob[sign] === name[place]) {
      sign++;
      place++;
    } else if (retrySign > 0) {
      sign = retrySign;
      place = ++retryPlace;
    } else return false;
  }
  while (glob[sign] === STAR) sign++;
  return sign === glob.length;
}

/** Splits at slashes and resolves escapes; `**` stays as it is written, other wildcards become their signs. */
function splitParts(pattern: string): readonly string[] {
  return pattern.split('/').map((part) => {
    if (part === '**') return part;
    return part.replace(/\\(.)|\*+|\?/g, (sign, escaped: string | undefined) => escaped ?? (sign === '?' ? ONE : STAR));
  });
}

/** A `**` at the end stands for at least one part: `a/**` is what lies inside a. */
function toPart(name: string, last: boolean): PatternPart {
  if (name === '**') return last ? ONE_PART : ANY;
  return hasWildcard(name) ? { kind: 'glob', glob: name } : { kind: 'text', text: name };
}

function hasWildcard(text: string): boolean {
  return text.includes(STAR) || text.includes(ONE);
}
