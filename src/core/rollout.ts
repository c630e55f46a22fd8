import type { Config } from '../model/config.ts';
import type { Rollout, RolloutEntry, RolloutState } from '../model/rollout.ts';
import type { Target } from '../model/target.ts';

/** Minutes after an intent within which its write may still be made by a later run (algorithm A, "The write"). */
export const INTENT_VALID_MINUTES = 15;
/** Seconds to wait before an ambiguous write is read again: a request that was under way has then landed or failed. */
export const SETTLING_SECONDS = 30;

/** Where a rollout stands, folded from the entries that the apply App keeps on the merge commit. */
export function foldRollout(entries: readonly RolloutEntry[]): Rollout {
  return entries.reduce(step, {
    state: 'pending',
    openIntent: null,
    appliedAt: null,
    writes: 0,
    rerun: 'none',
    lastRefusal: null,
    verification: null,
  });
}

/** Whether the inverse may be written back without asking; elsewhere a Proposal alone takes a change back. */
export function rollsBackByItself(target: Pick<Target, 'appliedBy'>, config: Pick<Config, 'rollback'>): boolean {
  return target.appliedBy === 'sluice' && config.rollback === 'auto';
}

/** Nothing is left to do: closed by verification, undone, or waiting for people. */
export function isFinished(rollout: Rollout): boolean {
  return ['verified', 'rolled-back', 'rollback-due', 'inconclusive'].includes(rollout.state);
}

function step(rollout: Rollout, entry: RolloutEntry): Rollout {
  switch (entry.what) {
    case 'intent':
      return { ...rollout, state: entry.direction === 'apply' ? 'intended' : 'rolling-back', openIntent: entry };
    case 'written':
      return {
        ...rollout,
        state: entry.direction === 'apply' ? 'applied' : 'rolled-back',
        openIntent: null,
        appliedAt: rollout.appliedAt ?? entry.at,
        writes: rollout.writes + entry.writes,
      };
    case 'adopted':
      // With an intent of ours before it, what was found is our own write, whose report was lost.
      return {
        ...rollout,
        state: entry.direction === 'apply' ? 'applied' : 'rolled-back',
        openIntent: null,
        appliedAt: rollout.appliedAt ?? rollout.openIntent?.at ?? entry.at,
        writes: rollout.writes + (rollout.openIntent ? 1 : 0),
      };
    case 'rerun-intent':
      return { ...rollout, rerun: 'intended' };
    case 'rerun':
      return { ...rollout, rerun: 'done' };
    case 'refused':
      return {
        ...rollout,
        state: entry.code === 'in_doubt' ? 'in_doubt' : rollout.state === 'pending' ? 'refused' : rollout.state,
        lastRefusal: entry,
      };
    // An owner has looked: the old intent no longer stands for anything, and the next attempt notes its own.
    case 'retry':
      return { ...rollout, state: 'pending', openIntent: null, lastRefusal: null };
    case 'proposal-due':
      return { ...rollout, state: 'rollback-due' };
    case 'done':
      return { ...rollout, state: 'verified' };
    case 'verified':
      return { ...rollout, state: stateAfter(entry, rollout.state), verification: entry };
  }
}

function stateAfter({ verification }: Extract<RolloutEntry, { what: 'verified' }>, now: RolloutState): RolloutState {
  if (verification.verdict === 'improved') return 'verified';
  if (verification.verdict === 'awaiting-run') return 'awaiting-run';
  if (verification.verdict === 'inconclusive') return 'inconclusive';
  return now === 'rolled-back' ? now : 'rolling-back';
}
