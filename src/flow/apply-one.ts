import { carriedBy } from '../core/carried.ts';
import { decideGate } from '../core/gate/gate.ts';
import { inForceReasons } from '../core/in-force.ts';
import { recordText } from '../core/record.ts';
import { rerunOf } from '../core/rerun.ts';
import { notedWith } from '../core/rollout.ts';
import type { Config } from '../model/config.ts';
import type { GateFacts } from '../model/gate.ts';
import type { MergedChange } from '../model/merged-change.ts';
import type { Reason } from '../model/reason.ts';
import type { Target } from '../model/target.ts';
import type { Verdict } from '../model/verdict.ts';
import type { WorkspaceWriter } from '../ports.ts';
import { type ActingPorts, type ApplyOrder, type ApplyReport, type Attempt, keyOf, refusal, refusedFor } from './apply-report.ts';
import { awaitDeploy } from './await-deploy.ts';
import { glassUse, notedUse } from './break-glass.ts';
import { closedTo, stillApproved } from './merged-facts.ts';
import { type WriteResult, writeSettings } from './write.ts';

export type Applied = { readonly writes: number; readonly carried: readonly Reason[]; readonly verdict: Verdict } | ApplyReport;

/**
 * Algorithm A, then what brings the change into force: our write, algorithm A again right before it; the owners' own pipeline, which is
 * waited for; or the merge itself. Only the first needs a client that writes.
 */
export async function applyOne(
  change: MergedChange,
  target: Target,
  facts: GateFacts,
  order: Attempt,
  ports: ActingPorts,
): Promise<Applied> {
  const { config } = order;
  const verdict = decideGate(facts);
  const refused = deniedBy(change, facts, verdict, config) ?? (await policyDenies(change, facts, order));
  if (refused) {
    const around = inForceReasons(facts, target, change.path).find(({ code }) => code === 'in_force');
    return { ...refused, reasons: around ? [around, ...refused.reasons] : refused.reasons, verdict };
  }
  const { log, writer } = ports.acting;
  const ours = target.appliedBy === 'sluice' && change.record.kind !== 'action' && change.record.changes.length > 0;
  const shut = ours || rerunOf(change.record) ? await shutOut(change, order, ports) : null;
  if (shut) return { ...shut, verdict };
  await noteGlass(change, facts, verdict, order, ports);
  if (!ours || !writer) {
    const early = target.appliedBy === 'pipeline' ? await awaitDeploy(change, target, config, facts, order, ports) : null;
    if (early) return { ...early, verdict };
    const seen = { at: facts.live.now, run: order.run };
    await log.append(keyOf(change), { what: 'adopted', ...seen, direction: 'apply' }, ...notedWith(change.record, seen));
    return { writes: 0, carried: [], verdict };
  }
  const written = await writeApproved(change, facts, order, ports, writer);
  if (!written.done) return refusedFor(change, [written.reason], verdict);
  return { writes: written.writes, carried: carriedIn(change, facts, written.settings), verdict };
}

/** Why the merged change may not be applied: the gate, another content than the gate judged, or the mode; null: it may. */
function deniedBy(change: MergedChange, facts: GateFacts, verdict: Verdict, config: Config): ApplyReport | null {
  if (facts.change.pushed)
    return refusal(change, 'merged_around_gate', change.merge, 'one merged pull request', 'none: it was pushed');
  if (verdict.verdict !== 'allow') return refusedFor(change, verdict.reasons);
  const judged = facts.followUp.record.known ? facts.followUp.record.value : null;
  // A person's change was derived from these very facts; a record was read from another commit's tree.
  const same = change.derived ? judged === null : judged?.path === change.path && judged.text === recordText(change.record);
  if (!same)
    return refusal(change, 'merged_around_gate', change.path, 'the content that the gate judged', judged?.path ?? 'none');
  const modes = facts.change.policies.map((policy) => (policy.config.known ? policy.config.value.mode : 'unreadable'));
  if ([...modes, config.mode].every((mode) => mode === 'execute')) return null;
  const expected = 'mode: execute when merged and now';
  const observed = [...modes, config.mode].join(', then ');
  return refusedFor(change, [{ code: 'mode_not_execute', subject: '.github/sluice.yml', expected, observed }]);
}

/** Whoever wrote the policy that the gate judged by has to have been allowed to: asked of the very commit that the facts were read at. */
export async function policyDenies(change: MergedChange, facts: GateFacts, { standing }: Attempt): Promise<ApplyReport | null> {
  const head = facts.change.policies.at(-1)?.commit;
  const reasons = head === undefined ? [] : (await standing(head)).flatMap((report) => report.reasons);
  return reasons.length > 0 ? refusedFor(change, reasons) : null;
}

/** What passes because the glass was broken is noted first, once, where the App that reports it believes it. */
async function noteGlass(
  change: MergedChange,
  facts: GateFacts,
  verdict: Verdict,
  { run }: ApplyOrder,
  { acting: { log } }: ActingPorts,
): Promise<void> {
  const use = glassUse(facts, verdict);
  if (!use) return;
  const entries = await log.read(keyOf(change));
  if (entries.known && notedUse(entries.value)) return;
  await log.append(keyOf(change), { what: 'broke-glass', at: facts.live.now, run, use });
}

/** Why this attempt may not write to the workspace, neither settings nor a rerun; null: it may. */
async function shutOut(change: MergedChange, order: ApplyOrder, ports: ActingPorts): Promise<ApplyReport | null> {
  if (!ports.acting.writer) return refusal(change, 'job_missing', change.record.target, 'a configured workspace', 'none');
  const closed = await closedTo(order.environment, ports);
  return closed && refusedFor(change, [closed]);
}

async function writeApproved(
  change: MergedChange,
  facts: GateFacts,
  order: ApplyOrder,
  ports: ActingPorts,
  writer: WorkspaceWriter,
): Promise<WriteResult> {
  const reader = ports.reads(order.workspace).workspace;
  const missing = {
    code: 'job_missing' as const,
    subject: change.record.target,
    expected: 'a job in a configured workspace',
    observed: 'none',
  };
  if (!reader || !change.record.job_id) return { done: false, reason: missing };
  return writeSettings(
    {
      key: keyOf(change),
      jobId: change.record.job_id,
      changes: change.record.changes,
      direction: 'apply',
      run: order.run,
      stillAllowed: () => stillApproved(change.merge, facts, ports),
      notedWith: (seen) => notedWith(change.record, seen),
    },
    { clock: ports.clock, log: ports.acting.log, reader, writer },
  );
}

/** Other settings that differ from the merged files; listed, never touched. */
function carriedIn({ record }: MergedChange, { followUp }: GateFacts, settings: string): readonly Reason[] {
  const files = followUp.blobs.filter((blob) => record.changes.some((change) => change.file === blob.path));
  return files.flatMap(({ path, after }) =>
    after.known && after.value !== null ? carriedBy(path, after.value, settings, record.changes) : [],
  );
}
