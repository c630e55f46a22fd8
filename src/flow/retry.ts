import { retriedBy } from '../core/gate/retry.ts';
import type { MergedChange } from '../model/merged-change.ts';
import type { Rollout } from '../model/rollout.ts';
import { gatherMerged } from './apply-one.ts';
import type { ActingPorts, ApplyOrder } from './apply-report.ts';

/** Whether a write in doubt may be decided anew: an owner has looked at the job and said `/retry` since. Notes it when so. */
export async function takenUpAgain(
  change: MergedChange,
  rollout: Rollout,
  order: ApplyOrder,
  ports: ActingPorts,
): Promise<boolean> {
  const since = rollout.lastRefusal?.at;
  if (!since) return false;
  const facts = await gatherMerged(change, ports);
  if (!retriedBy(facts, since)) return false;
  await ports.acting.log.append(change.merge, { what: 'retry', at: facts.live.now, run: order.run });
  return true;
}
