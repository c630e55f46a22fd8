import { isUndoing, rollsBackByItself, undoableUntil } from '../core/rollout.ts';
import type { GateFacts } from '../model/gate.ts';
import type { MergedChange } from '../model/merged-change.ts';
import type { Reason } from '../model/reason.ts';
import type { Rollout, RolloutEntry } from '../model/rollout.ts';
import type { Target } from '../model/target.ts';
import { counted } from '../render/text.ts';
import { applyOne, policyDenies } from './apply-one.ts';
import {
  type ActingPorts,
  type ApplyOrder,
  type ApplyReport,
  type Attempt,
  decisionOf,
  keyOf,
  noteRefusal,
  refold,
} from './apply-report.ts';
import { mayGoOn, stillApproved } from './merged-facts.ts';
import { type Rerun, rerunOnce } from './rerun.ts';
import { takenUpAgain } from './retry.ts';
import { rollBack } from './roll-back.ts';
import { verifyChange } from './verify.ts';

/** Nothing is applied yet, or nobody can tell: the gate is asked and the write decided. */
const BEFORE_APPLIED: readonly Rollout['state'][] = ['pending', 'intended', 'refused', 'in_doubt'];

const NOTHING_DONE = { writes: 0, carried: [], verdict: null, deployment: null };

/** Takes one change as far as it goes now: gate and write, rerun, verify, roll back. */
export async function advance(
  change: MergedChange,
  rollout: Rollout,
  target: Target,
  attempt: Attempt,
  ports: ActingPorts,
): Promise<ApplyReport> {
  const { log } = ports.acting;
  let did: Pick<ApplyReport, 'writes' | 'carried' | 'verdict' | 'deployment'> = NOTHING_DONE;
  const facts = BEFORE_APPLIED.includes(rollout.state) ? await attempt.facts(change.merge) : null;
  if (facts && rollout.state === 'in_doubt') {
    // Whoever made themselves an owner around the gate resolves no doubt either.
    const denied = await policyDenies(change, facts, attempt);
    if (denied) return noteRefusal(keyOf(change), denied, rollout, attempt, ports);
    await takenUpAgain(change, facts, rollout, attempt, ports);
  }
  if (facts && !isUndoing(rollout)) {
    const applied = await applyOne(change, target, facts, attempt, ports);
    if ('decision' in applied) return noteRefusal(keyOf(change), applied, rollout, attempt, ports);
    did = { ...applied, deployment: await reportDeployment(change, attempt, ports, applied.writes) };
  }
  const report = { change, reasons: [], ...did };
  const before = await refold(change, log);
  const rerun = await startRerun(change, before, facts, attempt, ports);
  if (rerun.failed) return heldUp(change, { ...report, verification: null }, rerun.failed, before, attempt, ports);
  if (before.state === 'rolled-back') {
    await noteAll(change, rerun.notes, ports);
    return { ...report, decision: 'rolled-back', verification: null };
  }
  return judge(change, report, rerun, target, attempt, ports);
}

/** Verifies what was applied; when it did not help, writes the inverse back, or leaves that to a Proposal. */
async function judge(
  change: MergedChange,
  report: Omit<ApplyReport, 'decision' | 'verification'>,
  rerun: Extract<Rerun, { failed: null }>,
  target: Target,
  attempt: Attempt,
  ports: ActingPorts,
): Promise<ApplyReport> {
  const { log } = ports.acting;
  const applied = await refold(change, log);
  const verification = isUndoing(applied)
    ? (applied.verification?.verification ?? null)
    : await verifyChange(change, applied, ports.reads(target.workspace), { clock: ports.clock, log }, attempt.run, rerun.notes);
  const after = await refold(change, log);
  if (!isUndoing(after)) return { ...report, decision: decisionOf(after), verification };
  const at = (await ports.clock.now()).toISOString();
  const until = undoableUntil(after, change.record);
  // What another attempt began to write back is finished or found in doubt, whatever the hour.
  const isOver = after.openIntent === null && (until === null || Date.parse(at) > Date.parse(until));
  if (isOver || !rollsBackByItself(target, attempt.config)) {
    await log.append(keyOf(change), { what: 'proposal-due', at, run: attempt.run });
    return { ...report, decision: 'rollback-due', verification };
  }
  const undone = await rollBack(change, attempt, ports);
  if (undone.done) return restartOld(change, { ...report, writes: report.writes + undone.writes, verification }, attempt, ports);
  const refused = { ...report, decision: 'refused' as const, reasons: [undone.reason], verification };
  return noteRefusal(keyOf(change), refused, after, attempt, ports);
}

/** A stream that runs on with what was taken back is started again, once. */
async function restartOld(
  change: MergedChange,
  report: Omit<ApplyReport, 'decision'>,
  attempt: Attempt,
  ports: ActingPorts,
): Promise<ApplyReport> {
  const undone = await refold(change, ports.acting.log);
  const restarted = await startRerun(change, undone, null, attempt, ports);
  if (restarted.failed) return heldUp(change, report, restarted.failed, undone, attempt, ports);
  await noteAll(change, restarted.notes, ports);
  return { ...report, decision: 'rolled-back' };
}

function heldUp(
  change: MergedChange,
  report: Omit<ApplyReport, 'decision'>,
  reasons: readonly Reason[],
  rollout: Rollout,
  attempt: Attempt,
  ports: ActingPorts,
): Promise<ApplyReport> {
  return noteRefusal(keyOf(change), { ...report, decision: 'refused', reasons }, rollout, attempt, ports);
}

async function noteAll(change: MergedChange, notes: readonly RolloutEntry[], { acting: { log } }: ActingPorts): Promise<void> {
  if (notes.length > 0) await log.append(keyOf(change), ...notes);
}

/** Tells GitHub's deployments page; it is a report, so a second one after a kill does no harm. */
async function reportDeployment(
  change: MergedChange,
  order: ApplyOrder,
  { acting: { deployments } }: ActingPorts,
  writes: number,
): Promise<number> {
  const id = await deployments.create(change.merge, order.environment, `${change.path} applied`);
  await deployments.status(id, 'success', `${counted(writes, 'write')} to job ${change.record.job_id ?? 'none'}`);
  return id;
}

async function startRerun(
  change: MergedChange,
  rollout: Rollout,
  judged: GateFacts | null,
  order: Attempt,
  ports: ActingPorts,
): Promise<Rerun> {
  const reader = ports.reads(order.workspace).workspace;
  const { log, writer } = ports.acting;
  if (!writer || !reader) return { failed: null, notes: [] };
  // Where the rerun is all that was approved, algorithm A is asked again right before it, like before any write.
  const ask = async () =>
    (change.record.kind === 'action'
      ? await stillApproved(change.merge, judged ?? (await order.facts(change.merge)), ports)
      : null) ?? (await mayGoOn(change.merge, order.environment, ports));
  return rerunOnce(change, rollout, { clock: ports.clock, log, reader, writer, mayGoOn: ask }, order.run);
}
