import type { FollowUpFacts, Permission, Person, PolicyFacts, RecordFact, TreeEntryChange } from '../../model/gate.ts';
import { CODEOWNERS_PATHS, type Codeowners, ownersOf, parseCodeowners } from '../codeowners.ts';
import { type GateReason, reason, unread } from './reason.ts';

/** What lets somebody approve, hold or break the glass. */
export const WRITERS: readonly Permission[] = ['admin', 'maintain', 'write'];

/** Who must approve one path, and what makes that impossible to tell. */
export interface PathOwners {
  readonly path: string;
  readonly owners: readonly string[];
  /** Numeric ids of people who own it now, directly or through a team. */
  readonly people: readonly number[];
}

export interface OwnersOfChange {
  readonly paths: readonly PathOwners[];
  readonly reasons: readonly GateReason[];
}

/**
 * The paths whose owners decide: all that change but the record itself, and where it changes no file (it asks for a run), the files of the
 * target that it acts on.
 */
export function pathsToOwn(policy: PolicyFacts, delta: readonly TreeEntryChange[], fact: RecordFact | null): readonly string[] {
  const changed = delta.map((entry) => entry.path).filter((path) => path !== fact?.path);
  const acts = fact !== null && (fact.record.action !== null || changed.length === 0);
  const acted =
    acts && policy.config.known ? policy.config.value.targets.filter((target) => target.name === fact.record.target) : [];
  return [...new Set([...changed, ...acted.flatMap((target) => target.files)])];
}

/** The owners of paths under one policy. */
export function ownersOfPaths(policy: PolicyFacts, paths: readonly string[], facts: FollowUpFacts): OwnersOfChange {
  const { codeowners } = policy;
  if (!codeowners.known) return { paths: [], reasons: [reason('owners_unreadable', 'CODEOWNERS', 'readable', codeowners.why)] };
  if (!codeowners.value)
    return { paths: [], reasons: [reason('owners_missing', 'CODEOWNERS', fileNeeded(policy.commit), 'none of them')] };
  const file = codeowners.value.path;
  const parsed = parseCodeowners(codeowners.value.text);
  if (parsed.tooLarge) return { paths: [], reasons: [reason('owners_too_large', file, 'at most 3 MB', 'more')] };
  const faults = parsed.faults.map((fault) => reason('owners_unreadable', `${file}:${fault.line}`, VALID_LINE, fault.message));
  const owned = paths.map((path) => pathOwners(parsed, path, facts));
  const missing = owned.filter((one) => one.owners.length === 0).map(({ path }) => unowned(parsed, file, path));
  const unreadable = [...new Set(owned.flatMap((one) => one.owners))].flatMap((owner) => ownerReasons(owner, facts));
  return { paths: owned, reasons: [...faults, ...missing, ...unreadable] };
}

const VALID_LINE = 'a line such as: /jobs/ @acme/data-oncall';

function fileNeeded(commit: string): string {
  return `one of ${CODEOWNERS_PATHS.join(', ')} on the default branch (at ${commit.slice(0, 12)}), with an owner of every changed file`;
}

/** Nobody owns the path: by which line, where one says so, and the line to add. */
function unowned(parsed: Codeowners, file: string, path: string): GateReason {
  const { rule } = ownersOf(parsed, path);
  const observed = rule ? `line ${rule.line} (${rule.pattern}) names nobody` : 'no line matches it';
  return reason('owners_missing', path, `an owner in ${file}: a last line such as /${path} @owner`, observed);
}

/** Whether a person owns at least one of the paths. */
export function owns(person: Person, paths: readonly PathOwners[]): boolean {
  return paths.some((one) => one.people.includes(person.id));
}

function pathOwners(parsed: Codeowners, path: string, facts: FollowUpFacts): PathOwners {
  const { owners } = ownersOf(parsed, path);
  return { path, owners, people: [...new Set(owners.flatMap((owner) => peopleOf(owner, facts)))] };
}

function peopleOf(owner: string, facts: FollowUpFacts): number[] {
  const name = owner.slice(1);
  if (name.includes('/')) {
    const team = facts.teams[name];
    const counts = team?.known && team.value && WRITERS.includes(team.value.permission);
    return counts ? team.value.members.map((person) => person.id) : [];
  }
  const found = facts.people[name];
  return found?.known && found.value && WRITERS.includes(found.value.permission) ? [found.value.person.id] : [];
}

/** An owner that cannot be resolved blocks even when another owner approved: it may be the one who would have said no. */
function ownerReasons(owner: string, facts: FollowUpFacts): GateReason[] {
  if (!owner.startsWith('@')) return [reason('owners_unreadable', owner, '@user or @org/team', 'an e-mail address')];
  const name = owner.slice(1);
  if (name.includes('/')) return teamReasons(owner, facts.teams[name]);
  const found = facts.people[name];
  if (found === undefined) return [notAsked(owner)];
  if (!found.known) return [reason('owners_unreadable', owner, 'a readable permission', found.why)];
  if (!found.value || !WRITERS.includes(found.value.permission))
    return [reason('owners_unreadable', owner, 'write access', found.value?.permission ?? 'no such user')];
  return [];
}

/** GitHub counts a team as an owner only where the team itself may write. */
function teamReasons(owner: string, team: FollowUpFacts['teams'][string] | undefined): GateReason[] {
  if (team === undefined) return [notAsked(owner)];
  if (!team.known) return [reason('team_unreadable', owner, 'readable members', team.why)];
  if (team.value === null) return [reason('team_missing', owner, 'a team', 'none of that name')];
  if (team.value.members.length === 0) return [reason('team_missing', owner, 'active members', 'none')];
  if (WRITERS.includes(team.value.permission)) return [];
  return [reason('team_missing', owner, 'write access of the team', team.value.permission)];
}

/** More owners than one decision asks about. */
function notAsked(owner: string): GateReason {
  return unread(owner, 'not asked: too many owners for one decision');
}
