import { fileAt } from '../../../src/twin/checkout.ts';
import { changedPaths } from '../../../src/twin/github/git/changes.ts';
import { readCommit } from '../../../src/twin/github/git/commit.ts';
import { commitsBetween, isAncestor, mergeBase } from '../../../src/twin/github/git/history.ts';
import { readRef } from '../../../src/twin/github/git/refs.ts';
import type { Repository } from '../../../src/twin/github/git/repository.ts';
import { ownersUnder, permits } from './policies.ts';
import { JOB_FILE } from './stage.ts';

/** What somebody said on a pull request, as it was when they said it. */
export interface Said {
  readonly id: number;
  readonly pull: number;
  readonly who: string;
  readonly body: string;
  readonly at: number;
  readonly turn: number;
  edited: boolean;
  /** The turn in which somebody deleted it. */
  deleted: number | null;
}

export interface Merge {
  readonly pull: number;
  readonly head: string;
  readonly merge: string;
}

/** What really happened, kept by whoever made it happen; nothing in it was read from an answer of the code under test. */
export interface Ledger {
  turn: number;
  readonly said: Said[];
  /** Who opened each pull request, and from which branch. */
  readonly pulls: Map<number, { readonly author: string; readonly branch: string; readonly first: string }>;
  /** Who made each commit, whatever its author field says. */
  readonly makers: Map<string, string>;
  readonly merges: Merge[];
}

/** Everything that a rule of approval could look at, at one instant. */
export interface Moment {
  readonly git: Repository;
  readonly ledger: Ledger;
  readonly now: Date;
  readonly oncall: readonly string[];
  /** Commits whose policy must allow it. */
  readonly policies: readonly string[];
}

/**
 * Why this head of this pull request may not be merged or applied now; null: somebody approved exactly this. Written from the contract's
 * words and from what really happened, sharing nothing with the gate; it may be laxer than the gate, never stricter where that matters.
 */
export function objection(at: Moment, pull: number, head: string): string | null {
  const { ledger, git, now } = at;
  const holding = heldBy(ledger, pull);
  if (holding) return `${holding} holds it`;
  const shut = at.policies.find((commit) => !permits(fileAt(git, commit, '.github/sluice.yml') ?? '', now));
  if (shut) return `the policy at ${shut} does not permit it now`;
  const voided = Math.max(-1, ...ledger.said.flatMap((one) => (one.pull === pull ? (one.deleted ?? []) : [])));
  const counted = ledger.said.filter(
    (one) =>
      one.pull === pull &&
      !one.edited &&
      one.deleted === null &&
      one.turn > voided &&
      now.getTime() - one.at < 72 * 3_600_000 &&
      names(at, one, pull, head) &&
      !tookBack(ledger, one) &&
      !handsOf(at, pull, head).has(one.who),
  );
  const lacking = at.policies.find((commit) => {
    const owners = ownersUnder(fileAt(git, commit, '.github/CODEOWNERS') ?? '', at.oncall);
    return owners === null || !counted.some((one) => owners.includes(one.who));
  });
  return lacking === undefined
    ? null
    : `no owner under ${lacking.slice(0, 8)} approved ${head.slice(0, 8)}; ${counted.map((one) => one.who)} did`;
}

/** Whether two ranges change the same paths from the same to the same. */
export function sameContent(git: Repository, from: readonly [string, string], other: readonly [string, string]): boolean {
  const told = ([base, head]: readonly [string, string]) =>
    JSON.stringify(
      changedPaths(git, base, head).map(({ path, before, after }) => [path, before?.sha, before?.mode, after?.sha, after?.mode]),
    );
  return told(from) === told(other);
}

export function baseOf(git: Repository, head: string, base: string): string {
  return mergeBase(git, base, head) ?? base;
}

function names({ git, ledger, policies }: Moment, { body, turn }: Said, pull: number, head: string): boolean {
  const named = /^\/approve(?: ([0-9a-f]{12,40}))?$/.exec(body.split('\n')[0] ?? '');
  if (!named) return false;
  const [, sha] = named;
  // Without a SHA it can only mean what our App pushed before, and nobody since.
  if (sha === undefined) return ledger.pulls.get(pull)?.first === head && turn > 0;
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

export function mainOf(git: Repository): string {
  return readRef(git, 'refs/heads/main') ?? '';
}

/** The commits of main by their first parents, newest first. */
export function mainLine(git: Repository): readonly string[] {
  const line: string[] = [];
  for (let at: string | undefined = mainOf(git); at; at = readCommit(git, at)?.parents[0]) line.push(at);
  return line;
}

/** Why settings with this number of partitions may not be in force; null: a merge that may be applied brought them. */
export function writeObjection(at: Omit<Moment, 'policies'>, partitions: string): string | null {
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
    if (!sameContent(git, [baseOf(git, found.head, parent), found.head], [parent, merge]))
      return `${merge.slice(0, 8)} is not what #${found.pull} showed`;
    return objection({ ...at, policies: [parent, tip] }, found.pull, found.head);
  });
  if (brought.length === 0) return `nothing on main brought ${partitions} partitions`;
  return why.includes(null) ? null : why.join('; ');
}

export function partitionsAt(git: Repository, commit: string): string | null {
  return partitionsIn(fileAt(git, commit, JOB_FILE) ?? '');
}

export function partitionsIn(text: string): string | null {
  return /spark\.sql\.shuffle\.partitions\\?": ?\\?"(\d+)/.exec(text)?.[1] ?? null;
}
