import type { BrokenGlass } from '../../model/break-glass.ts';
import type { ApprovalPolicy, Risk } from '../../model/config.ts';
import type { GateFacts, Person, PolicyFacts, PullFacts } from '../../model/gate.ts';
import type { GateReasonCode } from '../../model/reason.ts';
import type { Approval, DroppedApproval } from '../../model/verdict.ts';
import { ageDrop, fallen, personDrop, spokenDrop, voidedBecause } from './approvals.ts';
import { shaDrop } from './named.ts';
import { WRITERS } from './owners.ts';
import { isPolicyPath } from './policy-path.ts';
import { type Drop, type GateReason, reason } from './reason.ts';
import { commandsIn } from './spoken.ts';

/**
 * What two people may lift: who owns the files, and when. A CODEOWNERS that cannot be read is among it, because who owns a file is just what is
 * waived; a .github/sluice.yml that cannot be read is not, because it is what names the two.
 */
const LIFTED: ReadonlySet<GateReasonCode> = new Set<GateReasonCode>([
  'approval_missing',
  'approval_expired',
  'owners_missing',
  'owners_unreadable',
  'owners_too_large',
  'team_missing',
  'team_unreadable',
  'outside_window',
  'freeze_active',
]);
/** One person's word in an emergency is one mistake away from everybody's. */
const NEEDED = 2;
/** Characters of a reason that are kept: the logs that it is noted in have an end. */
const MOST_REASON = 500;

/** Who has broken the glass for this content so far. */
export interface Glass {
  readonly given: readonly (Approval & { readonly reason: string })[];
  readonly dropped: readonly DroppedApproval[];
  /** Logins of those who may, as the policy writes them. */
  readonly named: readonly string[];
}

export interface Lifted {
  readonly reasons: readonly GateReason[];
  readonly brokenGlass: BrokenGlass | null;
}

/**
 * Step 8 of algorithm A: which `/approve <sha> --break-glass <reason>` count. All that makes an approval count is asked of them too, its age and the
 * four eyes among it, but for owning a file: in its place they are named in every policy that was read.
 */
export function breakGlass(facts: GateFacts, risk: Risk): Glass {
  const { pull, comments, policies } = facts.change;
  const named = namedForGlass(policies);
  const strictest = strictestOf(policies);
  if (!pull.known || !comments.known || !strictest) return { given: [], dropped: [], named };
  const given = new Map<number, Glass['given'][number]>();
  const dropped: DroppedApproval[] = [];
  for (const { comment, command } of commandsIn(comments.value)) {
    const { id: commentId, author: person, createdAt: at } = comment;
    if (command.name === 'unapprove' && person) given.delete(person.id);
    if (command.name !== 'approve' || command.breakGlass === null) continue;
    const why =
      spokenDrop(facts, comment) ??
      notAllowed(facts, named, person, command.breakGlass) ??
      shaDrop(facts, strictest, pull.value, comment, command.sha) ??
      (person && fourEyes(facts, risk, pull.value, person)) ??
      ageDrop(facts, strictest, comment);
    if (why) dropped.push({ commentId, login: person?.login ?? 'ghost', ...why });
    else if (person)
      given.set(person.id, { commentId, person, sha: pull.value.headSha, at, reason: command.breakGlass.slice(0, MOST_REASON) });
  }
  const standing = [...given.values()];
  const detail = voidedBecause(facts, standing);
  if (detail === null) return { given: standing, dropped, named };
  return { given: [], dropped: [...dropped, ...fallen(standing, detail)], named };
}

/** Takes off a verdict's reasons what two people lifted. With one of them it waits for a second; without any, nothing is changed. */
export function lift(glass: Glass, reasons: readonly GateReason[]): Lifted {
  const lifted = reasons.filter(isLiftable);
  const [one, other] = glass.given;
  if (!one || lifted.length === 0) return { reasons, brokenGlass: null };
  if (!other) return { reasons: [...reasons, second(one.person, glass.named)], brokenGlass: null };
  const people = glass.given.map((one) => ({ login: one.person.login, reason: one.reason }));
  return { reasons: reasons.filter((one) => !isLiftable(one)), brokenGlass: { people, lifted } };
}

export function isLiftable({ code }: Pick<GateReason, 'code'>): boolean {
  return LIFTED.has(code);
}

/** Logins named for break-glass in every policy; empty where one cannot be read, or where fewer than two are left: then it is off. */
export function namedForGlass(policies: readonly PolicyFacts[]): readonly string[] {
  const [first = [], ...others] = policies.map(({ config }) => (config.known ? config.value.approvals.breakGlass : []));
  const named = first.filter((login) => others.every((names) => names.some((name) => isSame(name, login))));
  return named.length < NEEDED ? [] : named;
}

function strictestOf(policies: readonly PolicyFacts[]): ApprovalPolicy | null {
  const known = policies.flatMap(({ config }) => (config.known ? [config.value.approvals] : []));
  if (known.length < policies.length) return null;
  return known.reduce<ApprovalPolicy | null>(
    (least, one) => (least && least.expireAfterHours <= one.expireAfterHours ? least : one),
    null,
  );
}

function notAllowed(facts: GateFacts, named: readonly string[], person: Person | null, why: string): Drop | null {
  if (named.length === 0)
    return denied(
      'break-glass is off: approvals.break_glass in .github/sluice.yml names fewer than two people at the base and now',
    );
  const accounts = named.flatMap((login) => {
    const found = facts.followUp.people[login];
    return found?.known && found.value && WRITERS.includes(found.value.permission) ? [found.value.person.id] : [];
  });
  if (!person || !accounts.includes(person.id))
    return denied('approvals.break_glass in .github/sluice.yml names no such account with write access, at the base and now');
  const policy = policyPathIn(facts);
  if (policy !== null) return denied(`the change touches ${policy}, which decides who decides: only its owner lets that pass`);
  return /[\p{L}\p{N}]/u.test(why) ? null : denied('the reason says nothing');
}

function fourEyes(facts: GateFacts, risk: Risk, pull: PullFacts, person: Person): Drop | null {
  const drop = personDrop(facts, risk, pull, person);
  return drop && denied(`${drop.detail}: somebody else has to`);
}

function policyPathIn({ change, followUp }: GateFacts): string | null {
  const own = followUp.record.known ? followUp.record.value?.path : undefined;
  const paths = change.delta.known ? change.delta.value.map((entry) => entry.path) : [];
  return paths.find((path) => path !== own && isPolicyPath(path)) ?? null;
}

function second({ login: first }: Person, named: Glass['named']): GateReason {
  const others = named.filter((login) => !isSame(login, first)).map((login) => `@${login}`);
  return reason(
    'approval_missing',
    'break-glass',
    `a second of: ${others.join(' ')}, with /approve <sha> --break-glass <reason>`,
    `@${first} alone`,
  );
}

function denied(detail: string): Drop {
  return { code: 'break_glass_denied', detail };
}

/** GitHub does not tell capitals from small letters in a login. */
function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
