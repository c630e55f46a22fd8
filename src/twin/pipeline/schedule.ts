import type { Schedule } from './workload.ts';

const minute = 60_000;
const day = 24 * 60 * minute;

/** The instants in (after, until] at which the schedule starts a run; times are UTC. A continuous job has none. */
export function dueTimes(schedule: Schedule, after: number, until: number): readonly number[] {
  if (schedule.kind === 'none' || schedule.kind === 'continuous') return [];
  const every = schedule.kind === 'daily' ? day : schedule.minutes * minute;
  const offset = (schedule.kind === 'daily' ? schedule.hour * 60 + schedule.minute : schedule.offsetMinutes) * minute;
  const due: number[] = [];
  for (let at = (Math.floor((after - offset) / every) + 1) * every + offset; at <= until; at += every) due.push(at);
  return due;
}
