import { mergedBundle } from '../core/bundle/bundle.ts';
import type { Brought } from '../core/merged.ts';
import { changesOf, personRecord, stillHolds } from '../core/person-change.ts';
import type { Change } from '../model/change.ts';
import type { Config } from '../model/config.ts';
import type { BlobFact, GateFacts } from '../model/gate.ts';
import type { MergedChange } from '../model/merged-change.ts';
import type { Reason } from '../model/reason.ts';
import type { Target } from '../model/target.ts';
import type { ContentReader, RolloutLog } from '../ports.ts';
import { type TargetPorts, targetFacts, targetOf } from './target-facts.ts';

/** What a person's merge means for one target. */
export type PersonMerge =
  /** Nothing: its texts mean the same, Sluice did not apply this target then, or its files have moved on. */
  | { readonly is: 'nothing'; readonly overtakes: boolean }
  | { readonly is: 'refused'; readonly path: string; readonly reason: Reason }
  | { readonly is: 'change'; readonly change: MergedChange };

/**
 * Derives a person's change from the facts that the gate judges, never from another reading. The files at HEAD must still hold what the
 * change made of them.
 */
export async function personMerge(
  { merge, order }: Pick<Brought, 'merge' | 'order'>,
  target: Target,
  facts: GateFacts,
  config: Config,
  ports: TargetPorts,
): Promise<PersonMerge> {
  const { pull, delta } = facts.change;
  const changed = delta.known ? delta.value.map((entry) => entry.path) : [];
  const own = facts.followUp.blobs.filter((blob) => target.files.includes(blob.path));
  const path = target.files.find((file) => changed.includes(file)) ?? target.files[0] ?? target.name;
  const refused = (reason: Reason): PersonMerge => ({ is: 'refused', path, reason });
  if (!(await wasApplied(target, facts, own, merge, config, ports.content))) return { is: 'nothing', overtakes: true };
  if (facts.change.pushed)
    return refused({
      code: 'merged_around_gate',
      subject: merge,
      expected: 'one merged pull request',
      observed: 'none: it was pushed',
    });
  if (!pull.known)
    return refused({ code: 'facts_unavailable', subject: 'pull request', expected: 'readable', observed: pull.why });
  const changes = changesOf(target, facts.followUp);
  if (!changes.ok) return refused(changes.reason);
  if (changes.value.length === 0) return { is: 'nothing', overtakes: false };
  // HEAD as these facts know it: an older one may hold what somebody has taken back since.
  const tip = facts.change.policies.at(-1)?.commit ?? merge;
  if (!(await standsAt(tip, changes.value, own, ports.content))) return { is: 'nothing', overtakes: true };
  const place = await placeOf(target, facts, ports);
  if ('code' in place) return refused(place);
  const { number, mergedAt } = pull.value;
  const bundle = mergedBundle(target, facts.followUp);
  const context = {
    ...{ pull: number, target, repositoryId: facts.change.repository.id, mergedAt: mergedAt ?? '', ...place },
    bundle: bundle?.known ? bundle.value : null,
  };
  const record = personRecord(changes.value, context);
  return { is: 'change', change: { path, record, merge, order, derived: true } };
}

/**
 * Whether Sluice applied this target when the change was merged. What was merged before it did is not its to apply, and no refusal: a
 * repository that adopts Sluice would hear of every change of its last weeks. A job file that comes or goes is told all the same.
 */
export async function wasApplied(
  target: Target,
  { change }: GateFacts,
  own: readonly BlobFact[],
  merge: string,
  config: Config,
  content: ContentReader,
): Promise<boolean> {
  const [base] = change.policies;
  // Without a pull request no policy was read with it.
  if (!base) return config.mode === 'execute' && (await content.read('.github/sluice.yml', merge)) !== null;
  if (!base.config.known) return config.mode === 'execute' && base.unconfigured !== true;
  if (base.config.value.mode !== 'execute') return false;
  if (own.some((blob) => [blob.before, blob.after].some((side) => side.known && side.value === null))) return true;
  const before = targetOf(base, target.name);
  return before?.appliedBy === target.appliedBy && own.every((blob) => before.files.includes(blob.path));
}

/** Whether the files at `tip` still hold what these changes made of them. */
export async function standsAt(
  tip: string,
  changes: readonly Change[],
  own: readonly BlobFact[],
  content: ContentReader,
): Promise<boolean> {
  const held = await Promise.all(
    own.map(async ({ path, after }) => {
      const now = await content.read(path, tip);
      if (!after.known) return false;
      // A file that was deleted is still so until somebody brings it back.
      if (after.value === null || now === null) return after.value === null && now === null;
      return stillHolds(changes, path, after.value, now.text);
    }),
  );
  return !held.includes(false);
}

/** Workspace and job, in which all policies must agree. */
async function placeOf(
  target: Target,
  facts: GateFacts,
  ports: TargetPorts,
): Promise<{ readonly host: string | null; readonly jobId: string | null } | Reason> {
  const places = await targetFacts(facts.change.policies, target.name, facts.followUp, ports);
  const [first] = places;
  const differs = (observed: string): Reason => ({
    code: 'target_mismatch',
    subject: `${target.name} job`,
    expected: 'one job in one workspace, when merged and now',
    observed,
  });
  if (!first) return differs('no policy');
  for (const { host, jobId, commit } of places) {
    if (!host.known) return differs(host.why);
    if (!jobId.known) return differs(jobId.why);
    if (!first.host.known || !first.jobId.known || host.value !== first.host.value || jobId.value !== first.jobId.value)
      return differs(`${jobId.value} in ${host.value} at ${commit}`);
  }
  if (!first.host.known || !first.jobId.known) return differs('unknown');
  return { host: first.host.value, jobId: first.jobId.value };
}

/** The log of a person's change: its first entry says whose it is, so that whoever reads it needs no other reading. */
export function personLog(
  log: RolloutLog,
  opening: { readonly pull: number | null; readonly changes: number; readonly run: string },
): RolloutLog {
  return {
    read: (key) => log.read(key),
    async append(key, ...entries) {
      const read = await log.read(key);
      const [first] = entries;
      const isFirst = read.known && read.value.length === 0 && first;
      await log.append(key, ...(isFirst ? [{ what: 'derived' as const, at: first.at, ...opening }] : []), ...entries);
    },
  };
}
