import type { Run } from '../model/job.ts';
import { medianOf, secondsOf } from './run-facts.ts';

/** Runs that the usual duration is taken from. */
const GOOD_RUNS = 5;
/** An expectation is no more exact than this. */
const MINUTE = 60_000;

/**
 * When a run that can judge a change applied at `appliedAt` should have ended; null where the past does not tell.
 * A run under way since the apply: its start and the usual duration. Else the next start and the usual duration. Starts are told from the
 * median distance of the recent ones, not from the job's schedule: that is a Quartz expression in a zone of its own, other things start
 * jobs too (triggers, other jobs, people), and what the job has been doing holds for all of them.
 */
export function expectedRunEnd(runs: readonly Run[], appliedAt: string, now: string): string | null {
  const usual = usualMillis(runs);
  const underWay = runs.find((run) => run.outcome === 'active' && lastStart(run) >= Date.parse(appliedAt));
  const start = underWay ? lastStart(underWay) : nextStart(runs, Date.parse(now));
  if (start === null || start + usual < Date.parse(now)) return null;
  return new Date(Math.ceil((start + usual) / MINUTE) * MINUTE).toISOString();
}

/** When a run's last attempt began: a repair runs with the settings of its own time. */
export function lastStart(run: Run): number {
  return Math.max(Date.parse(run.startedAt), ...run.repairs.map((repair) => Date.parse(repair.startedAt)));
}

/** The latest start and as many median distances as reach beyond now. One start alone has no distance. */
function nextStart(runs: readonly Run[], now: number): number | null {
  const starts = runs
    .map((run) => Date.parse(run.startedAt))
    .filter(Number.isFinite)
    .sort((one, other) => one - other);
  const distances = starts.slice(1).map((start, index) => start - (starts[index] ?? start));
  const [latest, distance] = [starts.at(-1), medianOf(distances)];
  if (latest === undefined || distance === null || distance <= 0) return null;
  return latest + distance * Math.max(1, Math.floor((now - latest) / distance) + 1);
}

function usualMillis(runs: readonly Run[]): number {
  const good = runs.filter((run) => run.outcome === 'succeeded').slice(0, GOOD_RUNS);
  return (medianOf(good.flatMap((run) => secondsOf(run) ?? [])) ?? 0) * 1000;
}
