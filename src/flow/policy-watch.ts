import { policyLog, policyReasons } from '../core/gate/policy-history.ts';
import { isFinished } from '../core/rollout.ts';
import { isUnread } from '../core/unread.ts';
import { type ApplyOrder, type ApplyPorts, type ApplyReport, noteRefusal, refusedFor } from './apply-report.ts';
import type { MergedFacts } from './merged-facts.ts';
import { personLog } from './person.ts';
import { type Judged, policyStanding } from './policy-standing.ts';

/** What stands against the policy as a commit has it; nothing may be applied under it while there is anything. */
export type PolicyWatch = (commit: string) => Promise<readonly ApplyReport[]>;

/** Asks about each commit once, and believes no commit's date: what may be applied hangs on it. */
export function policyWatch(order: ApplyOrder, facts: MergedFacts, ports: ApplyPorts): PolicyWatch {
  const asked = new Map<string, Promise<readonly ApplyReport[]>>();
  return (commit) => {
    const found = asked.get(commit) ?? policyReports(commit, ports.merged.policy(commit), order, facts, ports);
    asked.set(commit, found);
    return found;
  };
}

/** Tells what went around the gate, as far as this history knows. */
export async function policyReports(
  commit: string,
  history: ReturnType<ApplyPorts['merged']['policy']>,
  order: ApplyOrder,
  facts: MergedFacts,
  ports: ApplyPorts,
): Promise<readonly ApplyReport[]> {
  const { judged, around, faults } = await policyStanding(commit, await history, facts, ports);
  for (const one of judged) if (!one.reasons.some(isUnread)) await note(one, around.includes(one.touch), order, ports);
  return faults.map(({ path, merge, reasons }) => refusedFor({ path, merge, record: null }, reasons));
}

/** Noted for the App to tell: each on an issue of its own, once, also what was taken back since; what is in order is noted to be remembered. */
async function note({ touch, rollout, reasons }: Judged, isAround: boolean, order: ApplyOrder, ports: ApplyPorts): Promise<void> {
  const { acting } = ports;
  if (typeof acting === 'string' || isFinished(rollout)) return;
  const log = personLog(acting.log, { pull: null, changes: 0, run: order.run });
  if (isAround) {
    const [{ path = '' } = {}] = touch.files;
    const report = refusedFor({ path, merge: touch.merge, record: null }, policyReasons(path, touch.merge, reasons));
    await noteRefusal(policyLog(touch), report, rollout, order, { ...ports, acting: { ...acting, log } });
  } else if (rollout.lastRefusal === null) {
    await log.append(policyLog(touch), { what: 'done', at: (await ports.clock.now()).toISOString(), run: order.run });
  }
}
