import type { FollowUpFacts, Permission, Person, PolicyFacts, TreeEntryChange } from '../../model/gate.ts';
import type { GateReasonCode } from '../../model/reason.ts';
import { type Codeowners, ownersOf, parseCodeowners } from '../codeowners.ts';
import { type GateReason, reason } from './reason.ts';

const WRITERS: readonly Permission[] = ['admin', 'maintain', 'write'];

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

/** The owners of every changed path under one policy. `own` is the record's path, which needs no owner of its own. */
export function ownersOfChange(
  policy: PolicyFacts,
  delta: readonly TreeEntryChange[],
  own: string | null,
  facts: FollowUpFacts,
): OwnersOfChange {
  const { codeowners } = policy;
  if (!codeowners.known) return { paths: [], reasons: [reason('owners_unreadable', 'CODEOWNERS', 'readable', codeowners.why)] };
  if (!codeowners.value)
    return { paths: [], reasons: [reason('owners_missing', 'CODEOWNERS', `a CODEOWNERS file at ${policy.commit}`, 'none')] };
  const file = codeowners.value.path;
  const parsed = parseCodeowners(codeowners.value.text);
  if (parsed.tooLarge) return { paths: [], reasons: [reason('owners_too_large', file, 'at most 3 MB', 'more')] };
  const faults = parsed.faults.map((fault) =>
    reason('owners_unreadable', `${file}:${fault.line}`, 'a valid line', fault.message),
  );
  const paths = delta.filter((entry) => entry.path !== own).map((entry) => pathOwners(parsed, entry.path, facts));
  const missing = paths.flatMap(({ path, owners }) =>
    owners.length > 0 ? [] : [reason('owners_missing', path, `an owner in ${file}`, 'nobody owns it')],
  );
  const unreadable = [...new Set(paths.flatMap((one) => one.owners))].flatMap((owner) => ownerReasons(owner, facts));
  return { paths, reasons: [...faults, ...missing, ...unreadable] };
}

/** Why a person's approval does not count under these owners; null when they own at least one changed path. */
export function ownershipDrop(person: Person, paths: readonly PathOwners[]): GateReasonCode | null {
  return paths.some((one) => one.people.includes(person.id)) ? null : 'approval_not_owner';
}

function pathOwners(parsed: Codeowners, path: string, facts: FollowUpFacts): PathOwners {
  const { owners } = ownersOf(parsed, path);
  return { path, owners, people: [...new Set(owners.flatMap((owner) => peopleOf(owner, facts)))] };
}

function peopleOf(owner: string, facts: FollowUpFacts): number[] {
  const name = owner.replace(/^@/, '');
  if (name.includes('/')) {
    const team = facts.teams[name];
    return team?.known ? team.value.map((person) => person.id) : [];
  }
  const found = facts.people[name];
  return found?.known && found.value && WRITERS.includes(found.value.permission) ? [found.value.person.id] : [];
}

/** An owner that cannot be resolved blocks even when another owner approved: it may be the one who would have said no. */
function ownerReasons(owner: string, facts: FollowUpFacts): GateReason[] {
  if (!owner.startsWith('@')) return [reason('owners_unreadable', owner, '@user or @org/team', 'an e-mail address')];
  const name = owner.slice(1);
  if (name.includes('/')) {
    const team = facts.teams[name];
    if (team?.known) return team.value.length > 0 ? [] : [reason('team_missing', owner, 'active members', 'none')];
    return [reason('team_unreadable', owner, 'readable members', team?.why ?? 'not asked')];
  }
  const found = facts.people[name];
  if (!found?.known) return [reason('owners_unreadable', owner, 'a readable permission', found?.why ?? 'not asked')];
  if (!found.value || !WRITERS.includes(found.value.permission))
    return [reason('owners_unreadable', owner, 'write access', found.value?.permission ?? 'no such user')];
  return [];
}
