import type { Limits } from '../model/config.ts';
import type { Reason } from '../model/reason.ts';
import { isWorkers } from './setting-value.ts';

/** What a config allows beyond our own lists: which files and keys, how many workers, how large one step. */
export type StepLimits = Pick<Limits, 'maxWorkers' | 'percentPerStep' | 'paths' | 'keys'>;

/**
 * The largest step towards `wanted` from `old` that the config lets one proposal take; whole numbers stay whole. The gate refuses
 * larger ones (`limit_exceeded`), so a plan must not ask for them.
 */
export function withinStep(old: number | null, wanted: number, limits: StepLimits): number {
  if (old === null || old <= 0) return wanted;
  const span = (old * limits.percentPerStep) / 100;
  const cut = Math.min(Math.max(wanted, old - span), old + span);
  if (cut === wanted || !Number.isInteger(wanted)) return cut;
  return wanted > old ? Math.floor(cut) : Math.ceil(cut);
}

/** Why a key, file or number of workers is outside the config's limits; null when it is inside. `key` is the conf key, field or parameter. */
export function outsideLimits(file: string, key: string, value: number | string, limits: StepLimits): Reason | null {
  if (limits.paths.length > 0 && !limits.paths.includes(file)) {
    return { code: 'path_forbidden', subject: file, expected: limits.paths.join(', '), observed: file };
  }
  if (limits.keys.length > 0 && !limits.keys.includes(key)) {
    return { code: 'key_forbidden', subject: key, expected: limits.keys.join(', '), observed: key };
  }
  if (isWorkers(key) && Number(value) > limits.maxWorkers) {
    return { code: 'limit_exceeded', subject: key, expected: `at most ${limits.maxWorkers}`, observed: String(value) };
  }
  return null;
}
