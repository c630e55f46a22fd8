import { retriedBy } from '../core/gate/retry.ts';
import type { GateFacts } from '../model/gate.ts';
import type { MergedChange } from '../model/merged-change.ts';
import type { Rollout } from '../model/rollout.ts';
import { type ActingPorts, type ApplyOrder, keyOf } from './apply-report.ts';

/** Whether a write in doubt may be decided anew: an owner has looked at the job and said `/retry` since. Notes it when so. */
export async function takenUpAgain(
  change: MergedChange,
  facts: GateFacts,
  rollout: Rollout,
  order: ApplyOrder,
  ports: ActingPorts,
): Promise<boolean> {
  const since = rollout.lastRefusal?.at;
  if (!since || !retriedBy(facts, since)) return false;
  await ports.acting.log.append(keyOf(change), { what: 'retry', at: facts.live.now, run: order.run });
  return true;
}
