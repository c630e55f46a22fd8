import type { FollowUpFacts, GateFacts, Permission, Person, PolicyFacts, RecordFact, TreeEntryChange } from '../../model/gate.ts';
import { isRecordPath } from '../../model/record.ts';
import { CODEOWNERS_PATHS, type CodeownersRule, ownersOf, parseCodeowners } from '../codeowners.ts';
import { type GateReason, reason, unread } from './reason.ts';

/** What lets somebody approve, hold or break the glass. */
export const WRITERS: readonly Permission[] = ['admin', 'maintain', 'write'];

/** An unreadable permission counts as a right to hold: stopping is always safe. */
export function mayWrite({ followUp }: Pick<GateFacts, 'followUp'>, person: Person): boolean {
  const found = followUp.people[person.login];
  return !found?.known || (found.value !== null && WRITERS.includes(found.value.permission));
}

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
 * target that it acts on. A record that nobody can judge (`fact` is null) is refused by itself, and no owner of its path is asked about.
 */
export function pathsToOwn(policy: PolicyFacts, delta: readonly TreeEntryChange[], fact: RecordFact | null): readonly string[] {
  const changed = delta.map((entry) => entry.path).filter((path) => !isRecordPath(path) || (fact !== null && path !== fact.path));
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
  const ruled = paths.map((path) => ({ path, ...ownersOf(parsed, path) }));
  const missing = ruled.filter((one) => one.owners.length === 0).map(({ path, rule }) => unowned(file, path, rule));
  const rules = ruled.flatMap(({ rule }) => rule ?? []);
  const unreadable = placesOf(file, rules).flatMap((place) => ownerReasons(place, facts));
  return {
    paths: ruled.map(({ path, owners }) => pathOwners(path, owners, facts)),
    reasons: [...faults, ...missing, ...unreadable],
  };
}

const VALID_LINE = 'a line such as: /jobs/ @acme/data-oncall';

function fileNeeded(commit: string): string {
  return `one of ${CODEOWNERS_PATHS.join(', ')} on the default branch (at ${commit.slice(0, 12)}), with an owner of every changed file`;
}

/** Nobody owns the path: by which line, where one says so, and the line to add. */
function unowned(file: string, path: string, rule: CodeownersRule | null): GateReason {
  const observed = rule ? `line ${rule.line} (${rule.pattern}) names nobody` : 'no line matches it';
  return reason('owners_missing', path, `an owner in ${file}: a last line such as /${path} @owner`, observed);
}

/** Whether a person owns at least one of the paths. */
export function owns(person: Person, paths: readonly PathOwners[]): boolean {
  return paths.some((one) => one.people.includes(person.id));
}

function pathOwners(path: string, owners: readonly string[], facts: FollowUpFacts): PathOwners {
  return { path, owners, people: [...new Set(owners.flatMap((owner) => peopleOf(owner, facts)))] };
}

function peopleOf(owner: string, facts: FollowUpFacts): number[] {
  const name = owner.slice(1);
  if (name.includes('/')) {
    const team = facts.teams[name];
    const counts = team?.known && team.value && !team.value.isSecret && WRITERS.includes(team.value.permission);
    return counts ? team.value.members.map((person) => person.id) : [];
  }
  const found = facts.people[name];
  return found?.known && found.value && WRITERS.includes(found.value.permission) ? [found.value.person.id] : [];
}

/** An owner, and the lines of CODEOWNERS that make it one of a changed path. */
interface Place {
  readonly owner: string;
  /** The owner with file and lines, for the people who have to mend them. */
  readonly named: string;
}

function placesOf(file: string, rules: readonly CodeownersRule[]): readonly Place[] {
  const lines = new Map<string, Set<number>>();
  for (const { line, owners } of rules) for (const owner of owners) lines.set(owner, (lines.get(owner) ?? new Set()).add(line));
  return [...lines].map(([owner, found]) => ({
    owner,
    named: `${owner} (${file}:${[...found].sort((one, other) => one - other).join(', ')})`,
  }));
}

/** An owner that cannot be resolved blocks even when another owner approved: it may be the one who would have said no. */
function ownerReasons({ owner, named }: Place, facts: FollowUpFacts): GateReason[] {
  if (!owner.startsWith('@')) return [reason('owners_unreadable', named, '@user or @org/team', 'an e-mail address')];
  const name = owner.slice(1);
  if (name.includes('/')) return teamReasons(named, facts.teams[name]);
  const found = facts.people[name];
  if (found === undefined) return [notAsked(named)];
  if (!found.known) return [reason('owners_unreadable', named, 'a readable permission', found.why)];
  if (!found.value || !WRITERS.includes(found.value.permission))
    return [reason('owners_unreadable', named, 'write access', found.value?.permission ?? 'no such user')];
  return [];
}

/** GitHub counts a team as an owner only where everybody can see it and it may itself write. */
function teamReasons(named: string, team: FollowUpFacts['teams'][string] | undefined): GateReason[] {
  if (team === undefined) return [notAsked(named)];
  if (!team.known) return [reason('team_unreadable', named, 'readable members', team.why)];
  if (team.value === null) return [reason('team_missing', named, 'a team', 'none of that name')];
  if (team.value.isSecret)
    return [reason('team_missing', named, 'a visible team', 'a secret one, which GitHub takes for no owner')];
  if (team.value.members.length === 0) return [reason('team_missing', named, 'active members', 'none')];
  if (WRITERS.includes(team.value.permission)) return [];
  return [reason('team_missing', named, 'write access of the team', team.value.permission)];
}

/** More owners than one decision asks about. */
function notAsked(named: string): GateReason {
  return unread(named, 'not asked: too many owners for one decision');
}
