import type { Config } from '../model/config.ts';
import type { ChangeRecord } from '../model/record.ts';
import type { Rollout, RolloutEntry, RolloutState } from '../model/rollout.ts';
import type { Target } from '../model/target.ts';
import { rerunOf } from './rerun.ts';

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
    rerunBy: null,
    rerunAt: null,
    lastRefusal: null,
    verification: null,
  });
}

/** Whether the inverse may be written back without asking; elsewhere a Proposal alone takes a change back. */
export function rollsBackByItself(target: Pick<Target, 'appliedBy'>, config: Pick<Config, 'rollback'>): boolean {
  return target.appliedBy === 'sluice' && config.rollback === 'auto';
}

/**
 * What is noted together with an applied change, because nothing happens between them: the intent of its rerun, or that nothing is left
 * to do.
 */
export function notedWith(
  record: Pick<ChangeRecord, 'rerun' | 'action' | 'job_id' | 'verification'>,
  seen: { readonly at: string; readonly run: string },
): readonly RolloutEntry[] {
  const rerun = rerunOf(record);
  if (rerun && record.job_id) return [{ what: 'rerun-intent', ...seen, how: rerun.how, subject: rerun.runId ?? record.job_id }];
  return record.verification ? [] : [{ what: 'done', ...seen }];
}

/** Minutes after the apply within which what did not help is taken back without asking again: as long as its verification may take. */
export function undoableUntil(rollout: Rollout, { verification }: Pick<ChangeRecord, 'verification'>): string | null {
  if (!rollout.appliedAt || !verification) return null;
  const minutes = verification.settle_minutes + verification.within_minutes + INTENT_VALID_MINUTES;
  return new Date(Date.parse(rollout.appliedAt) + minutes * 60_000).toISOString();
}

/** Nothing is left to do: closed by verification, undone, or waiting for people. */
export function isFinished(rollout: Rollout): boolean {
  return ['verified', 'rolled-back', 'rollback-due', 'inconclusive'].includes(rollout.state);
}

/** The inverse is to be written back, or nobody can tell whether it was. */
export function isUndoing({ state, openIntent }: Rollout): boolean {
  return state === 'rolling-back' || (state === 'in_doubt' && openIntent?.direction === 'rollback');
}

function step(rollout: Rollout, entry: RolloutEntry): Rollout {
  switch (entry.what) {
    case 'derived':
    case 'broke-glass':
      return rollout;
    case 'intent':
      return { ...rollout, state: entry.direction === 'apply' ? 'intended' : 'rolling-back', openIntent: entry };
    case 'written':
      return {
        ...rollout,
        state: entry.direction === 'apply' ? 'applied' : 'rolled-back',
        openIntent: null,
        lastRefusal: null,
        appliedAt: rollout.appliedAt ?? entry.at,
        writes: rollout.writes + entry.writes,
      };
    case 'adopted':
      // With an intent of ours before it, what was found is our own write, whose report was lost.
      return {
        ...rollout,
        state: entry.direction === 'apply' ? 'applied' : 'rolled-back',
        openIntent: null,
        lastRefusal: null,
        appliedAt: rollout.appliedAt ?? rollout.openIntent?.at ?? entry.at,
        writes: rollout.writes + (rollout.openIntent ? 1 : 0),
      };
    case 'rerun-intent':
      return { ...rollout, rerun: 'intended', rerunBy: entry.run, rerunAt: entry.at };
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
      return { ...rollout, state: isUndoing(rollout) ? 'rolling-back' : 'pending', openIntent: null, lastRefusal: null };
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
