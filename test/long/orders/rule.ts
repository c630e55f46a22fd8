import { fileAt } from '../../../src/twin/checkout.ts';
import { readCommit } from '../../../src/twin/github/git/commit.ts';
import { commitsBetween, isAncestor } from '../../../src/twin/github/git/history.ts';
import type { Repository } from '../../../src/twin/github/git/repository.ts';
import { baseOf, firstParents, headOf, mainLine, mainOf, partitionsAt, pathsIn, type Range, sameContent } from './content.ts';
import type { Ledger, Said } from './ledger.ts';
import { isOpen, ownersUnder, termsIn } from './policies.ts';

/** Everything that a rule of approval could look at, at one instant. */
export interface Moment {
  readonly git: Repository;
  readonly ledger: Ledger;
  readonly now: Date;
  readonly oncall: readonly string[];
  /** Commits whose policy must allow it. */
  readonly policies: readonly string[];
  /** Whether it is Sluice that merges or applies: the mode binds what it does, and no person. */
  readonly ours: boolean;
}

export type Rule = (at: Moment, pull: number, head: string) => string | null;

/**
 * Why this head of this pull request may not be merged or applied now; null: somebody approved exactly this. Written from the contract's
 * words and from what really happened, sharing nothing with the gate; it may be laxer than the gate, never stricter where that matters.
 */
export const objection: Rule = (at, pull, head) =>
  stopped(at, pull) ?? (isGlassBroken(at, pull, head) ? null : notApproved(at, pull, head));

/** The same where nobody could break the glass. */
export const objectionWithoutGlass: Rule = (at, pull, head) => stopped(at, pull) ?? notApproved(at, pull, head);

/** Why settings with this number of partitions may not be in force; null: a merge that may be applied brought them. */
export function writeObjection(at: Omit<Moment, 'policies'>, partitions: string, rule: Rule = objection): string | null {
  const { git, ledger } = at;
  const tip = mainOf(git);
  const brought = mainLine(git).filter((sha) => {
    const parent = readCommit(git, sha)?.parents[0];
    return parent !== undefined && partitionsAt(git, sha) === partitions && partitionsAt(git, parent) !== partitions;
  });
  const why = brought.map((merge) => {
    const parent = readCommit(git, merge)?.parents[0] ?? merge;
    const found = ledger.merges.find((one) => one.merge === merge);
    if (!found) return `${merge.slice(0, 8)} came by no pull request`;
    return (
      mismatch(git, found.pull, found.head, [parent, merge]) ?? rule({ ...at, policies: [parent, tip] }, found.pull, found.head)
    );
  });
  if (brought.length === 0) return `nothing on main brought ${partitions} partitions`;
  return why.includes(null) ? null : why.join('; ');
}

/** Why what came onto a branch is not what the pull request showed; null: it is. */
export function mismatch(git: Repository, pull: number, head: string, came: Range): string | null {
  const [parent, commit] = came;
  return sameContent(git, [baseOf(git, head, parent), head], came) ? null : `${commit.slice(0, 8)} is not what #${pull} showed`;
}

/** What nothing lifts. */
function stopped(at: Moment, pull: number): string | null {
  const holding = heldBy(at.ledger, pull);
  if (holding) return `${holding} holds it`;
  const shut = at.policies.find((commit) => !mayMerge(at, commit));
  return shut === undefined ? unapprovedPolicy(at, pull) : `the policy at ${shut} does not permit it`;
}

/** Two weeks, after which what nobody took back is the policy. */
const AGED_MS = 14 * 86_400_000;

/**
 * Why the newest of the policies is nobody's but its maker's: somebody pushed it, and it is not what the repository began with. Asked of what
 * changes a target; what a pull request brought is taken for approved here.
 */
function unapprovedPolicy(at: Moment, pull: number): string | null {
  const { git, ledger, now, policies } = at;
  const commit = policies.at(-1) ?? '';
  if (!changedBy(at, headOf(git, pull)).some((path) => /^(jobs|\.sluice)\//.test(path))) return null;
  const line = firstParents(git, commit);
  const pushed = ['.github/CODEOWNERS', '.github/sluice.yml'].find((path) => {
    const text = fileAt(git, commit, path);
    const maker = line.find((sha, index) => text !== fileAt(git, line[index + 1] ?? sha, path));
    if (maker === undefined || text === fileAt(git, line.at(-1) ?? commit, path)) return false;
    const age = now.getTime() - Date.parse(readCommit(git, maker)?.committer.date ?? '');
    return age < AGED_MS && !ledger.merges.some(({ merge }) => merge === maker);
  });
  return pushed === undefined ? null : `${pushed} at ${commit.slice(0, 8)} was pushed by somebody`;
}

function mayMerge(at: Moment, commit: string): boolean {
  const terms = termsAt(at, commit);
  return terms !== null && (terms.executes || !at.ours);
}

/** Owner coverage, windows and freezes. */
function notApproved(at: Moment, pull: number, head: string): string | null {
  const shut = at.policies.find((commit) => {
    const terms = termsAt(at, commit);
    return terms === null || !isOpen(terms, at.now);
  });
  if (shut) return `the policy at ${shut} does not permit it now`;
  const people = approvals(at, pull, head).flatMap(({ who, reason }) => (reason === undefined ? [who] : []));
  const owned = changedBy(at, head).filter((path) => !path.startsWith('.sluice/'));
  const lacking = at.policies.flatMap((commit) => {
    const text = fileAt(at.git, commit, '.github/CODEOWNERS') ?? '';
    // A record alone acts on its target's file.
    const paths = owned.length > 0 ? owned : ['jobs/orders-nightly.json'];
    const without = paths.find((path) => !ownersUnder(text, path, at.oncall)?.some((one) => people.includes(one)));
    return without === undefined ? [] : [`of ${without} under ${commit.slice(0, 8)}`];
  });
  return lacking.length === 0 ? null : `no owner ${lacking[0]} approved ${head.slice(0, 8)}; ${people} did`;
}

/** Two people named in every policy, other than the author, for the same content, with a reason; never for what decides who decides. */
function isGlassBroken(at: Moment, pull: number, head: string): boolean {
  if (changedBy(at, head).some((path) => path.startsWith('.github/'))) return false;
  const people = approvals(at, pull, head).flatMap(({ who, reason }) => (/\w/.test(reason ?? '') ? [who] : []));
  const named = people.filter((who) => at.policies.every((commit) => termsAt(at, commit)?.named.includes(who)));
  return new Set(named).size >= 2;
}

function termsAt({ git }: Pick<Moment, 'git'>, commit: string) {
  return termsIn(fileAt(git, commit, '.github/sluice.yml') ?? '');
}

function changedBy({ git, policies }: Moment, head: string): readonly string[] {
  const base = policies[0] ?? head;
  return pathsIn(git, [baseOf(git, head, base), head]);
}

interface Approved {
  readonly who: string;
  /** Why the glass was broken; undefined: it is a plain approval. */
  readonly reason: string | undefined;
}

/** Who said yes to exactly this content, and neither they nor anybody since touched that word or the content. */
function approvals(at: Moment, pull: number, head: string): readonly Approved[] {
  const { ledger, now } = at;
  const voided = Math.max(-1, ...ledger.said.flatMap((one) => (one.pull === pull ? (one.deleted ?? []) : [])));
  const hands = handsOf(at, pull, head);
  return ledger.said
    .filter((one) => one.pull === pull && !one.edited && one.deleted === null && one.turn > voided)
    .filter((one) => now.getTime() - one.at < 72 * 3_600_000 && !tookBack(ledger, one) && !hands.has(one.who))
    .flatMap((one) => {
      const named = /^\/approve(?: ([0-9a-f]{12,40})(?: --break-glass (\S.*))?)?$/.exec(one.body.split('\n')[0] ?? '');
      return named && names(at, named[1], one, pull, head) ? [{ who: one.who, reason: named[2] }] : [];
    });
}

function names({ git, ledger, policies }: Moment, sha: string | undefined, said: Said, pull: number, head: string): boolean {
  // Without a SHA it can only mean what our App pushed before, and nobody since.
  if (sha === undefined) return ledger.pulls.get(pull)?.first === head && said.turn > 0;
  if (head.startsWith(sha)) return true;
  const base = policies[0] ?? head;
  const older = [...ledger.makers.keys()].find((one) => one.startsWith(sha));
  return (
    older !== undefined &&
    isAncestor(git, older, head) &&
    sameContent(git, [baseOf(git, older, base), older], [baseOf(git, head, base), head])
  );
}

function tookBack(ledger: Ledger, approval: Said): boolean {
  return ledger.said.some(
    (one) =>
      one.pull === approval.pull &&
      one.who === approval.who &&
      one.turn > approval.turn &&
      one.deleted === null &&
      /^\/unapprove$/.test(one.body.split('\n')[0] ?? ''),
  );
}

/** A hold stands until the same person says /retry, edited or not; one that was deleted is gone, with the approvals before it. */
function heldBy(ledger: Ledger, pull: number): string | null {
  const holding = new Set<string>();
  for (const one of ledger.said.filter((other) => other.pull === pull && other.deleted === null)) {
    const [first = ''] = one.body.split('\n');
    if (first === '/hold') holding.add(one.who);
    if (first === '/retry' && !one.edited) holding.delete(one.who);
  }
  return [...holding][0] ?? null;
}

/** Who opened it, and who made any of its commits but clean merges of the base. */
function handsOf({ git, ledger, policies }: Moment, pull: number, head: string): ReadonlySet<string> {
  const base = policies[0] ?? head;
  const own = commitsBetween(git, base, head).filter((sha) => !isCleanBaseMerge(git, sha, base));
  const makers = own.flatMap((sha) => ledger.makers.get(sha) ?? []);
  return new Set([ledger.pulls.get(pull)?.author ?? '', ...makers]);
}

function isCleanBaseMerge(git: Repository, sha: string, base: string): boolean {
  const [first, second, third] = readCommit(git, sha)?.parents ?? [];
  if (first === undefined || second === undefined || third !== undefined || !isAncestor(git, second, base)) return false;
  return sameContent(git, [baseOf(git, first, second), first], [second, sha]);
}
