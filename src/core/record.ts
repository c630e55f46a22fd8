import type { Change } from '../model/change.ts';
import type { ChangeRecord } from '../model/record.ts';
import { canonicalJson, prettyCanonical, sha256Hex } from './canonical.ts';

/** Where the record of the n-th proposal for an incident lies; nothing else under `.sluice/` is ours. */
export function recordPath(incident: number, sequence: number): string {
  return `.sluice/changes/${incident}-${sequence}.json`;
}

/** The one text a record may have: keys in RFC 8785 order, two spaces, a final newline. Anything else is not our record. */
export function recordText(record: ChangeRecord): string {
  return prettyCanonical(record);
}

/** The part of a plan that decides what happens to the job: nothing in it may differ between approval and apply. */
export function planDigest(
  plan: Pick<
    ChangeRecord,
    'repository_id' | 'workspace' | 'host' | 'job_id' | 'kind' | 'target' | 'changes' | 'inverse' | 'action'
  >,
): string {
  const { repository_id, workspace, host, job_id, kind, target, action } = plan;
  const changes = plan.changes.map(bare);
  return sha256Hex(
    canonicalJson({ repository_id, workspace, host, job_id, kind, target, action, changes, inverse: plan.inverse.map(bare) }),
  );
}

/** The inverse undoes the changes in the opposite order, so that two changes of one value come back to the first. */
export function inverseOf(changes: readonly Change[]): Change[] {
  return changes.map((change) => ({ file: change.file, selector: change.selector, old: change.new, new: change.old })).reverse();
}

function bare({ file, selector, old, new: next }: Change): Change {
  return { file, selector, old, new: next };
}
