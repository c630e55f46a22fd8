import type { Config } from '../model/config.ts';
import type { ChangeRecord } from '../model/record.ts';
import type { Rollout, RolloutEntry, RolloutState } from '../model/rollout.ts';
import type { Target } from '../model/target.ts';
import { rerunOf, restartsStream } from './rerun.ts';

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
    stopping: null,
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

/** A stream runs on with the settings that it was started with: with its rollback another restart is intended, as it was approved with the plan. */
export function notedWithRollback(
  record: Pick<ChangeRecord, 'rerun' | 'action' | 'job_id'>,
  seen: { readonly at: string; readonly run: string },
): readonly RolloutEntry[] {
  const rerun = rerunOf(record);
  if (!rerun || !record.job_id || !restartsStream(rerun.how)) return [];
  return [{ what: 'rerun-intent', ...seen, how: rerun.how, subject: record.job_id }];
}

/** The old settings are back, and the stream is still to be started with them. */
export function owesRestart({ state, rerun }: Pick<Rollout, 'state' | 'rerun'>): boolean {
  return state === 'rolled-back' && rerun === 'intended';
}

/** Minutes after the apply within which what did not help is taken back without asking again: as long as its verification may take. */
export function undoableUntil(rollout: Rollout, { verification }: Pick<ChangeRecord, 'verification'>): string | null {
  if (!rollout.appliedAt || !verification) return null;
  const minutes = verification.settle_minutes + verification.within_minutes + INTENT_VALID_MINUTES;
  return new Date(Date.parse(rollout.appliedAt) + minutes * 60_000).toISOString();
}

/** Nothing is left to do: closed by verification, undone, or waiting for people. */
export function isFinished(rollout: Rollout): boolean {
  return ['verified', 'rolled-back', 'rollback-due', 'inconclusive'].includes(rollout.state) && !owesRestart(rollout);
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
        ...inForce(entry.direction),
        appliedAt: rollout.appliedAt ?? entry.at,
        writes: rollout.writes + entry.writes,
      };
    case 'adopted':
      // With an intent of ours before it, what was found is our own write, whose report was lost.
      return {
        ...rollout,
        ...inForce(entry.direction),
        appliedAt: rollout.appliedAt ?? rollout.openIntent?.at ?? entry.at,
        writes: rollout.writes + (rollout.openIntent ? 1 : 0),
      };
    case 'rerun-intent':
      return {
        ...rollout,
        rerun: 'intended',
        rerunBy: entry.run,
        rerunAt: rollout.rerun === 'intended' ? rollout.rerunAt : entry.at,
        stopping: entry.how === 'cancel' ? entry.subject : rollout.stopping,
      };
    case 'rerun':
      return { ...rollout, rerun: 'done', lastRefusal: null };
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

/** The values of that direction are in the job. What was to be run with the change is over once it is rolled back. */
function inForce(direction: 'apply' | 'rollback'): Partial<Rollout> {
  const settled = { openIntent: null, lastRefusal: null };
  if (direction === 'apply') return { ...settled, state: 'applied' };
  return { ...settled, state: 'rolled-back', rerun: 'none', rerunBy: null, rerunAt: null, stopping: null };
}

function stateAfter({ verification }: Extract<RolloutEntry, { what: 'verified' }>, now: RolloutState): RolloutState {
  if (verification.verdict === 'improved') return 'verified';
  if (verification.verdict === 'awaiting-run') return 'awaiting-run';
  if (verification.verdict === 'inconclusive') return 'inconclusive';
  return now === 'rolled-back' ? now : 'rolling-back';
}
