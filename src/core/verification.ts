import type { Run } from '../model/job.ts';
import type { ChangeRecord } from '../model/record.ts';
import type { CheckResult, Verification, VerificationCheck, VerificationSpec } from '../model/verification.ts';
import { expectedRunEnd, lastStart } from './expected-run.ts';
import { expressionsOver, holds } from './expression.ts';

const comparison = expressionsOver({ before: 'double', after: 'double' });

/** Whether a change can be judged now: with this run (null for streaming), not yet, or no longer. */
export type Judgeable =
  | { readonly when: 'now'; readonly run: Run | null }
  | { readonly when: 'later'; readonly expectedAt: string | null }
  | { readonly when: 'never' };

/**
 * Batch: the first run that began, or was repaired, after the apply and has finished. Streaming: `settle_minutes` after the start of the first
 * run that has the new settings, where the runs are known; `starting`: we have such a run started, and it is only not seen yet. Nothing waits in a process for it: `later` is noted with the time to expect, and a
 * wake-up asks again. Past `within_minutes` nobody can tell any more.
 */
export function judgeable(
  spec: VerificationSpec,
  appliedAt: string,
  runs: readonly Run[],
  now: string,
  starting = false,
): Judgeable {
  const applied = Date.parse(appliedAt);
  if (spec.kind === 'streaming') return settled(spec, applied, runs, Date.parse(now), starting);
  const finished = runs.filter((run) => (run.outcome === 'succeeded' || run.outcome === 'failed') && lastStart(run) >= applied);
  const first = finished.sort((a, b) => lastStart(a) - lastStart(b))[0];
  if (first) return { when: 'now', run: first };
  if (Date.parse(now) > applied + spec.within_minutes * 60_000) return { when: 'never' };
  return { when: 'later', expectedAt: expectedRunEnd(runs, appliedAt, now) };
}

/** A running stream keeps the settings that it was started with: before its next run there is nothing to judge. */
function settled(spec: VerificationSpec, applied: number, runs: readonly Run[], now: number, starting: boolean): Judgeable {
  const starts = runs.map(lastStart).filter((start) => start >= applied);
  const start = runs.length === 0 ? applied : Math.min(...starts);
  const settles = start + spec.settle_minutes * 60_000;
  if (now >= settles) return { when: 'now', run: null };
  if (Number.isFinite(settles)) return { when: 'later', expectedAt: new Date(settles).toISOString() };
  const patience = (spec.settle_minutes + spec.within_minutes) * 60_000;
  if (now > applied + patience) return { when: 'never' };
  return { when: 'later', expectedAt: starting ? new Date(now + spec.settle_minutes * 60_000).toISOString() : null };
}

/** Compares each check's value before and after. A value that is missing on either side is inconclusive, never good. */
export function compareChecks(
  record: Pick<ChangeRecord, 'baseline'>,
  spec: VerificationSpec,
  after: Readonly<Record<string, number | null>>,
): CheckResult[] {
  return spec.checks.map((check) => compareOne(check, record.baseline[check.name] ?? null, after[check.name] ?? null));
}

function compareOne(check: VerificationCheck, before: number | null, after: number | null): CheckResult {
  const result = { name: check.name, unit: check.unit, before, after };
  const [expect, worse] = [comparison.compile(check.expect, 'bool'), comparison.compile(check.worse, 'bool')];
  if (after === null || before === null || !expect.ok || !worse.ok) return { ...result, verdict: 'inconclusive' };
  if (holds(worse.expression, { before, after })) return { ...result, verdict: 'worse' };
  if (!holds(expect.expression, { before, after })) return { ...result, verdict: 'unchanged' };
  // What would be as expected without any change, and would not have been worse before it, is a guard and no gain.
  const gained =
    !holds(expect.expression, { before, after: before }) || holds(worse.expression, { before: after, after: before });
  return { ...result, verdict: gained ? 'improved' : 'as-expected' };
}

/**
 * One check that got worse outweighs all; then one that nobody could read; then one that did not move. Guards that are as expected stand in
 * nobody's way.
 */
export function verdictOf(checks: readonly CheckResult[]): Verification['verdict'] {
  const order = ['worse', 'inconclusive', 'unchanged'] as const;
  if (checks.length === 0) return 'inconclusive';
  return order.find((verdict) => checks.some((check) => check.verdict === verdict)) ?? 'improved';
}
