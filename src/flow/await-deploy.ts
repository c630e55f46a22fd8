import { mergedBundle } from '../core/bundle/bundle.ts';
import { deploymentOf } from '../core/deploy.ts';
import type { Config } from '../model/config.ts';
import type { GateFacts } from '../model/gate.ts';
import { unknown } from '../model/known.ts';
import type { MergedChange } from '../model/merged-change.ts';
import type { Target } from '../model/target.ts';
import { type ApplyOrder, type ApplyPorts, type ApplyReport, refusal } from './apply-report.ts';

/**
 * Looks whether the pipeline of the target's owners has deployed the merged change; null: it has. Nothing is noted while it may still come:
 * the next wake-up looks again.
 */
export async function awaitDeploy(
  change: MergedChange,
  target: Target,
  config: Config,
  facts: GateFacts,
  order: ApplyOrder,
  ports: ApplyPorts,
): Promise<ApplyReport | null> {
  const { workspace } = ports.reads(order.workspace);
  const { job_id: jobId } = change.record;
  const job = workspace && jobId ? await workspace.job(jobId) : unknown('no job in a configured workspace');
  const deployment = deploymentOf({
    target,
    changes: change.record.changes,
    bundle: mergedBundle(target, facts.followUp),
    job,
    mergedAt: facts.change.pull.known ? facts.change.pull.value.mergedAt : null,
    withinMinutes: config.deployWithinMinutes,
    now: facts.live.now,
  });
  if (deployment.is === 'deployed') return null;
  if (deployment.is === 'awaited')
    return {
      change,
      decision: 'waiting',
      reasons: [],
      writes: 0,
      deployment: null,
      carried: [],
      verdict: null,
      verification: null,
    };
  const { subject, expected, observed } = deployment.reason;
  return refusal(change, 'deploy_missing', subject, expected, observed);
}
