import { type Bundle, bundleOf } from '../core/bundle/bundle.ts';
import { bundleJobName } from '../core/bundle/name.ts';
import type { FollowUpFacts, PolicyFacts } from '../model/gate.ts';
import { type Known, known, unknown } from '../model/known.ts';
import type { TargetFact } from '../model/live-facts.ts';
import type { Target } from '../model/target.ts';
import type { ContentReader, InvestigationReads, WorkspaceReader } from '../ports.ts';
import { readJobId } from './reads.ts';

export interface TargetPorts {
  readonly content: ContentReader;
  readonly reads: (workspace: string | null) => InvestigationReads;
}

export function targetOf({ config }: PolicyFacts, name: string): Target | undefined {
  return config.known ? config.value.targets.find((one) => one.name === name) : undefined;
}

/** Where each policy that was read sends a change of this target. Policies that agree about the target are asked for once. */
export async function targetFacts(
  policies: readonly PolicyFacts[],
  name: string,
  followUp: Pick<FollowUpFacts, 'blobs'>,
  ports: TargetPorts,
): Promise<readonly TargetFact[]> {
  const asked = new Map<string, ReturnType<typeof jobOf>>();
  return Promise.all(
    policies.map(async (policy) => {
      const { commit } = policy;
      const target = targetOf(policy, name);
      if (!target) return { commit, host: unknown(`no target ${name}`), jobId: unknown(`no target ${name}`) };
      const { workspace } = ports.reads(target.workspace);
      const key = JSON.stringify([target.job, target.workspace, target.job?.by === 'bundle' ? commit : '']);
      const job = asked.get(key) ?? jobOf(target, commit, followUp, workspace, ports);
      asked.set(key, job);
      const host =
        target.workspace === null
          ? known(null)
          : workspace
            ? known(workspace.host)
            : unknown(`no workspace ${target.workspace} is configured here`);
      return { commit, host, jobId: await job };
    }),
  );
}

/**
 * The live job of a target, from Git and the workspace alone; no label is believed here. A bundle's job has no id in Git, so it is derived
 * by the name that the merged files give it, which must be the exact name of one live job: none or several is a mismatch. That is as much
 * as a target that names its job offers, and asked of less: only a pipeline applies a bundle (schema/config-target.ts), so Sluice reads this
 * job to see the deployment, and at most starts the approved rerun. The record's job id, which came from the alert, must be that same job.
 */
async function jobOf(
  target: Target,
  commit: string,
  followUp: Pick<FollowUpFacts, 'blobs'>,
  workspace: WorkspaceReader | null,
  ports: Pick<TargetPorts, 'content'>,
): Promise<Known<string | null>> {
  const { job } = target;
  if (job === null) return known(null);
  if (job.by !== 'bundle') return readJobId(workspace, target, {});
  if (target.appliedBy === 'sluice') return unknown('a bundle is not applied by Sluice');
  const files = await Promise.all(target.files.map((path) => mergedText(path, commit, followUp, ports)));
  const named = bundleJobName(
    files.flatMap((file) => file ?? []),
    job.resource,
  );
  if (!named.ok) return unknown(`${named.reason.subject}: expected ${named.reason.expected}, found ${named.reason.observed}`);
  return readJobId(workspace, { ...target, job: { by: 'name', name: named.value } }, {});
}

/** The bundle of a target as a commit has it; null for a target of another kind. */
export async function bundleAt(target: Target, commit: string, content: ContentReader): Promise<Bundle | null> {
  if (bundleOf(target, []) === null) return null;
  const files = await Promise.all(
    target.files.map(async (path) => ({ path, text: (await content.read(path, commit))?.text ?? null })),
  );
  return bundleOf(
    target,
    files.flatMap(({ path, text }) => (text === null ? [] : [{ path, text }])),
  );
}

/** A target file as the change leaves it: its new text, or the base's where the change does not touch it. */
async function mergedText(
  path: string,
  commit: string,
  followUp: Pick<FollowUpFacts, 'blobs'>,
  ports: Pick<TargetPorts, 'content'>,
) {
  const blob = followUp.blobs.find((one) => one.path === path);
  const text = blob ? (blob.after.known ? blob.after.value : null) : ((await ports.content.read(path, commit))?.text ?? null);
  return text === null ? null : { path, text };
}
