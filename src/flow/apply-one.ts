import { canonicalJson, sha256Hex } from '../core/canonical.ts';
import { decideGate } from '../core/gate/gate.ts';
import { recordText } from '../core/record.ts';
import { rerunOf } from '../core/rerun.ts';
import type { Config } from '../model/config.ts';
import type { GateFacts } from '../model/gate.ts';
import type { MergedChange } from '../model/merged-change.ts';
import type { Target } from '../model/target.ts';
import type { Verdict } from '../model/verdict.ts';
import type { WorkspaceWriter } from '../ports.ts';
import { type ActingPorts, type ApplyOrder, type ApplyPorts, type ApplyReport, refusal } from './apply-report.ts';
import { awaitDeploy } from './await-deploy.ts';
import { gatherGateFacts } from './gate-facts.ts';
import { liveFacts } from './live-facts.ts';
import { type WriteResult, writeSettings } from './write.ts';

export type Applied = { readonly writes: number; readonly verdict: Verdict } | ApplyReport;

/**
 * Algorithm A, then what brings the change into force: our write, algorithm A again right before it; the owners' own pipeline, which is
 * waited for; or the merge itself. Only the first needs a client that writes.
 */
export async function applyOne(
  change: MergedChange,
  target: Target,
  config: Config,
  order: ApplyOrder,
  ports: ActingPorts,
): Promise<Applied> {
  const facts = await gatherMerged(change, ports);
  const verdict = decideGate(facts);
  if (verdict.verdict !== 'allow')
    return {
      ...refusal(change, 'merged_around_gate', change.merge, 'allow', verdict.verdict),
      reasons: verdict.reasons,
      verdict,
    };
  const judged = facts.followUp.record.known ? facts.followUp.record.value : null;
  if (judged?.path !== change.path || judged.text !== recordText(change.record))
    return {
      ...refusal(change, 'merged_around_gate', change.path, 'the record that the gate judged', judged?.path ?? 'none'),
      verdict,
    };
  const modes = facts.change.policies.map((policy) => (policy.config.known ? policy.config.value.mode : 'unreadable'));
  if (modes.some((mode) => mode !== 'execute'))
    return {
      ...refusal(change, 'mode_not_execute', '.github/sluice.yml', 'mode: execute when merged and now', modes.join(', then ')),
      verdict,
    };
  if (config.mode !== 'execute')
    return { ...refusal(change, 'mode_not_execute', '.github/sluice.yml', 'mode: execute', `mode: ${config.mode}`), verdict };
  const { log, writer } = ports.acting;
  const ours = target.appliedBy === 'sluice' && change.record.kind !== 'action' && change.record.changes.length > 0;
  const shut = ours || rerunOf(change.record) ? await shutOut(change, order, ports) : null;
  if (shut) return { ...shut, verdict };
  if (!ours || !writer) {
    const early = target.appliedBy === 'pipeline' ? await awaitDeploy(change, target, config, facts, order, ports) : null;
    if (early) return { ...early, verdict };
    await log.append(change.merge, { what: 'adopted', at: facts.live.now, run: order.run, direction: 'apply' });
    return { writes: 0, verdict };
  }
  const written = await writeApproved(change, facts, order, ports, writer);
  if (!written.done)
    return { ...refusal(change, 'in_doubt', change.path, 'applied', 'refused'), reasons: [written.reason], verdict };
  return { writes: written.writes, verdict };
}

/** Why this attempt may not write to the workspace, neither settings nor a rerun; null: it may. */
async function shutOut(
  change: MergedChange,
  order: ApplyOrder,
  { acting, environment }: ActingPorts,
): Promise<ApplyReport | null> {
  if (!acting.writer) return refusal(change, 'job_missing', change.record.target, 'a configured workspace', 'none');
  const closed = await environment.restricted(order.environment);
  if (closed.known && closed.value) return null;
  return refusal(change, 'environment_open', order.environment, 'the default branch only', closed.known ? 'open' : closed.why);
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
      merge: change.merge,
      jobId: change.record.job_id,
      changes: change.record.changes,
      direction: 'apply',
      run: order.run,
      stillAllowed: async () => {
        const again = await gatherMerged(change, ports);
        const same = factsDigest(again) === factsDigest(facts);
        if (same && decideGate(again).verdict === 'allow') return null;
        return {
          code: 'facts_unavailable',
          subject: 'facts',
          expected: 'the same immediately before the write',
          observed: 'they changed; the next attempt decides anew',
        };
      },
    },
    { clock: ports.clock, log: ports.acting.log, reader, writer },
  );
}

export async function gatherMerged(change: MergedChange, ports: ApplyPorts): Promise<GateFacts> {
  const question = { moment: 'apply', merge: change.merge } as const;
  return gatherGateFacts(question, ports.facts, (read, followUp) => liveFacts(question, read, followUp, ports));
}

/**
 * Two readings are the same when everything that can change an answer is: not their instant, and not what bots say, because our own App
 * edits its status comment at any time and no bot ever approves.
 */
function factsDigest({ change, ...facts }: GateFacts): string {
  const { comments } = change;
  const said = comments.known
    ? { ...comments, value: comments.value.filter((comment) => comment.author?.type === 'User') }
    : comments;
  return sha256Hex(canonicalJson({ ...facts, change: { ...change, comments: said }, live: { ...facts.live, now: '' } }));
}
