import type { GateFacts, Person } from '../../model/gate.ts';
import { type GateReason, reason } from './reason.ts';

/** Every workflow of everybody acts as this one account, so nobody can tell who stood behind it. Only GitHub gives such names. */
const ANYBODY: readonly string[] = ['github-actions', 'github-actions[bot]'];

/**
 * Whose hands a change went through must be known, because whoever wrote or pushed it may not approve it. `proposes` where Sluice itself has no
 * App and proposes as a workflow: there the record is derived again and nothing of it is believed.
 */
export function handReasons({ change }: GateFacts, proposes: boolean): GateReason[] {
  const found: GateReason[] = [];
  const isUnknown = (person: Person | null) => person === null || (!proposes && isAnybody(person));
  if (change.pull.known && isUnknown(change.pull.value.author))
    found.push(unattributable(`#${change.pull.value.number}`, 'an author', change.pull.value.author));
  for (const { sha, people, mergesBase } of change.commits.known ? change.commits.value : [])
    if (!mergesBase && people.some(isUnknown))
      found.push(unattributable(sha, 'an account for every author and committer', people.find(isUnknown) ?? null));
  for (const { after, actor, mergesBase } of change.pushes.known ? change.pushes.value : [])
    if (!mergesBase && isUnknown(actor)) found.push(unattributable(`push of ${after}`, 'somebody who pushed', actor));
  return found;
}

/**
 * Accounts that are no person's and not our App's, and that opened, wrote or pushed it: whoever runs one may be an owner who approves it. What is
 * everybody's is refused above and not named here, but where a workflow proposes for us: a workflow of any branch can propose the same.
 */
export function foreignHands({ change, live }: GateFacts, proposes: boolean): readonly Person[] {
  const people = [
    change.pull.known ? change.pull.value.author : null,
    ...(change.commits.known ? change.commits.value : []).flatMap((commit) => (commit.mergesBase ? [] : commit.people)),
    ...(change.pushes.known ? change.pushes.value : []).flatMap((push) => (push.mergesBase ? [] : [push.actor])),
  ];
  const foreign = people.flatMap((one) =>
    one !== null && one.type !== 'User' && !live.ours.includes(one.id) && (proposes || !isAnybody(one)) ? [one] : [],
  );
  return [...new Map(foreign.map((one) => [one.id, one])).values()];
}

function isAnybody({ login, type }: Person): boolean {
  return type === 'Bot' && ANYBODY.includes(login);
}

function unattributable(subject: string, expected: string, person: Person | null): GateReason {
  return reason(
    'commit_unattributable',
    subject,
    expected,
    person ? `${person.login}, which is everybody's` : 'an address or actor without an account',
  );
}
