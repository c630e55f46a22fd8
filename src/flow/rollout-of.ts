import { foldRollout } from '../core/rollout.ts';
import type { Rollout, RolloutKey } from '../model/rollout.ts';
import type { LivePorts } from './live-facts.ts';

/** Where a rollout stands, or why nobody can tell. Without the apply App nothing was ever noted. */
export async function rolloutOf({ merge, target }: RolloutKey, { log }: Pick<LivePorts, 'log'>): Promise<Rollout | string> {
  if (!log) return foldRollout([]);
  const entries = await log.read({ merge, target });
  return entries.known ? foldRollout(entries.value) : entries.why;
}
