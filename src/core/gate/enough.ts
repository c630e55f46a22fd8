import type { Config, Risk } from '../../model/config.ts';
import type { GateFacts } from '../../model/gate.ts';
import type { Counted } from './approvals.ts';
import { foreignHands } from './hands.ts';
import type { OwnersOfChange } from './owners.ts';
import { type GateReason, reason } from './reason.ts';

/** Whoever runs a bot decides what it writes, and nobody can tell whether that is the owner who approves. */
const OWNERS_BEHIND_A_BOT = 2;

/** Where nobody said which account is our App's, it is a bot like any other. */
const UNTOLD = '; where it is Sluice’s own App, SLUICE_BOT_ID has to say so';

/** How many distinct owners a change needs, and what asks for so many. */
export interface Needed {
  readonly owners: number;
  readonly subject: string;
  /** Follows the number; empty where the subject says it all. */
  readonly because: string;
  /** Hours for which an approval counts. */
  readonly expireAfterHours: number;
}

/** As many as the risk asks, and two where accounts that are no person's, nor our App's, had a hand in it. `proposes`: see `foreignHands`. */
export function neededOf(facts: GateFacts, { approvals }: Config, risk: Risk, proposes: boolean): Needed {
  const { owners, expireAfterHours } = approvals;
  const foreign = foreignHands(facts, proposes);
  if (foreign.length === 0 || owners[risk] >= OWNERS_BEHIND_A_BOT)
    return { owners: owners[risk], subject: `${risk} risk`, because: '', expireAfterHours };
  return {
    owners: OWNERS_BEHIND_A_BOT,
    subject: foreign.map(({ login }) => `@${login}`).join(' '),
    because: ` whatever the risk, because a bot had a hand in it and one of them may be whoever runs the bot${proposes || facts.live.ours.length > 0 ? '' : UNTOLD}`,
    expireAfterHours,
  };
}

/**
 * Every path needs one of its owners, and the change as many distinct owners as it needs. An approval that is too old is told as such. That
 * one owner is needed is what a path without one says already; only where more are needed, or no path says it, the number is a reason of its own.
 */
export function approvalReasons({ counted, expired }: Counted, owners: OwnersOfChange, needed: Needed): GateReason[] {
  const { owners: required, subject, because, expireAfterHours } = needed;
  const young = `younger than ${expireAfterHours} h`;
  const found = owners.paths
    .filter(({ people, owners: names }) => names.length > 0 && !counted.some((one) => people.includes(one.person.id)))
    .map(({ path, owners: names, people }) => {
      const late = expired.find((one) => people.includes(one.person.id));
      const expected = `/approve by one of ${names.join(' ')}`;
      return late
        ? reason('approval_expired', path, `${expected}, ${young}`, `by ${late.person.login} at ${late.at}`)
        : reason('approval_missing', path, expected, 'none that counts');
    });
  if (counted.length >= required || (required === 1 && found.length > 0)) return found;
  const late = expired.filter((one) => !counted.some((other) => other.person.id === one.person.id));
  const number = `${required} ${required === 1 ? 'owner' : 'owners'}${because}`;
  const few =
    counted.length + late.length < required
      ? reason('approval_missing', subject, number, `${counted.length}`)
      : reason('approval_expired', subject, `${number}, ${young}`, `${counted.length}`);
  return [...found, few];
}
