import { readCommit } from './git/commit.ts';
import { entryAt } from './git/tree.ts';
import type { Fields } from './json.ts';
import { hasRole } from './permissions.ts';
import { findTeam, teamPermission } from './shapes/team.ts';
import type { World } from './world.ts';

const PLACES = ['.github/CODEOWNERS', 'CODEOWNERS', 'docs/CODEOWNERS'] as const;

/** The faults GitHub would list for the file that counts; null when there is none. */
export function codeownersErrors(world: World, sha: string): readonly Fields[] | null {
  const tree = readCommit(world.git, sha)?.tree ?? '';
  for (const path of PLACES) {
    const entry = entryAt(world.git, tree, path);
    const text = entry === null ? undefined : world.git.read(entry.sha)?.content.toString();
    if (text !== undefined) return text.split('\n').flatMap((line, index) => lineErrors(world, path, line, index + 1));
  }
  return null;
}

function lineErrors(world: World, path: string, source: string, line: number): readonly Fields[] {
  const words = [...source.replace(/(^|\s)#.*$/, '').matchAll(/(?:\\ |\S)+/g)];
  const [pattern, ...owners] = words;
  if (pattern === undefined) return [];
  const fault = (kind: string, column: number, suggestion: string) => ({
    line,
    column,
    kind,
    source,
    suggestion,
    message: `${kind} on line ${line}: ${suggestion}`,
    path,
  });
  const faults: Fields[] = [];
  if (/^!|\[|\*\*\*/.test(pattern[0]))
    faults.push(fault('Invalid pattern', pattern.index + 1, 'use a pattern that GitHub supports'));
  for (const owner of owners) {
    const kind = ownerFault(world, owner[0]);
    if (kind !== null)
      faults.push(fault(kind, owner.index + 1, `make sure ${owner[0]} exists and has write access to the repository`));
  }
  return faults;
}

function ownerFault(world: World, owner: string): 'Invalid owner' | 'Unknown owner' | null {
  if (/^[^@\s]+@[^@\s]+$/.test(owner)) return null;
  const found = /^@([\w-]+)(?:\/([\w.-]+))?$/.exec(owner);
  if (found === null) return 'Invalid owner';
  const [, name = '', slug] = found;
  if (slug !== undefined) {
    const team = name.toLowerCase() === world.owner.toLowerCase() ? findTeam(world, slug) : null;
    const held = team === null ? null : teamPermission(world, team);
    return held === null || held === 'pull' || held === 'triage' ? 'Unknown owner' : null;
  }
  const user = world.seed.users.find((one) => one.login.toLowerCase() === name.toLowerCase());
  return user === undefined || !hasRole(user.permission, 'write') ? 'Unknown owner' : null;
}
