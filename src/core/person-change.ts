import type { Change } from '../model/change.ts';
import type { BlobFact, FollowUpFacts } from '../model/gate.ts';
import type { Outcome } from '../model/reason.ts';
import type { ChangeRecord } from '../model/record.ts';
import type { Target } from '../model/target.ts';
import { type Bundle, mergedBundle } from './bundle/bundle.ts';
import { landingsOf } from './bundle/landing.ts';
import { deriveChanges } from './derive.ts';
import { formatOf, leafChange } from './edit/edit.ts';
import { inverseOf, planDigest } from './record.ts';
import { riskOf, worse } from './risk.ts';
import { parseSelector } from './selector.ts';

/**
 * What a change of these files means for one target, in the order of its files: none when it says nothing new about its job. Refused where
 * a text cannot be read or understood, and where a file comes or goes: jobs are made and deleted by people. Of a bundle, only what decides a
 * setting of the target's own job is about it: its own resource, its own override, a variable that one of them is.
 */
export function changesOf(target: Target, followUp: Pick<FollowUpFacts, 'blobs' | 'beside'>): Outcome<readonly Change[]> {
  const found: Change[] = [];
  for (const blob of followUp.blobs.filter((one) => target.files.includes(one.path))) {
    const derived = changesIn(blob);
    if (!derived.ok) return derived;
    found.push(...derived.value);
  }
  const bundle = found.length > 0 ? mergedBundle(target, followUp) : null;
  if (bundle === null) return { ok: true, value: found };
  if (!bundle.known) return refuse('facts_unavailable', target.name, 'every file of the bundle', bundle.why);
  return { ok: true, value: found.filter((change) => isAbout(change, bundle.value)) };
}

function changesIn({ path, before, after }: BlobFact): Outcome<readonly Change[]> {
  if (!before.known || !after.known)
    return refuse('facts_unavailable', path, 'readable', before.known ? (after.known ? '' : after.why) : before.why);
  if (before.value === after.value) return { ok: true, value: [] };
  if (before.value === null)
    return refuse('job_missing', path, 'a file of a job that is there', 'a new file; create its job in the workspace by hand');
  if (after.value === null) return refuse('no_surface', path, 'a file', 'a deleted one; delete its job in the workspace by hand');
  const format = formatOf(path);
  if (!format) return refuse('no_surface', path, 'JSON, YAML or .conf', 'another kind of file');
  return deriveChanges(format, path, before.value, after.value);
}

/** A bundle's file holds other jobs, variables and overrides too. A map that was made for one value is looked through. */
function isAbout(change: Change, bundle: Bundle): boolean {
  const format = formatOf(change.file);
  const leaf = format && leafChange(format, change);
  return [change.selector, ...(leaf?.ok ? [leaf.value.selector] : [])].some((selector) => {
    const steps = parseSelector(selector);
    return steps.ok && landingsOf(steps.value, bundle).length > 0;
  });
}

/** Whether a file as it is now still holds what these changes made of it; `after` is what they made. */
export function stillHolds(changes: readonly Change[], file: string, after: string, now: string): boolean {
  if (after === now) return true;
  const format = formatOf(file);
  const since = format && deriveChanges(format, file, after, now);
  if (!since?.ok) return false;
  const own = changes.filter((change) => change.file === file);
  return !own.some((change) => since.value.some((later) => overlap(change.selector, later.selector)));
}

/** One selector leads to the other's place, or into it, or around it. */
function overlap(one: string, other: string): boolean {
  const [outer, inner] = one.length <= other.length ? [one, other] : [other, one];
  return inner.startsWith(outer) && /^($|[.[])/.test(inner.slice(outer.length));
}

export interface PersonContext {
  readonly pull: number;
  readonly target: Target;
  readonly repositoryId: number;
  readonly host: string | null;
  readonly jobId: string | null;
  readonly mergedAt: string;
  /** The target's bundle as the change leaves it; null for a target of another kind. */
  readonly bundle: Bundle | null;
}

/**
 * The record that a person's change would have had. It is its pull request's; nothing judges afterwards whether it helped, so nothing
 * takes it back by itself.
 */
export function personRecord(changes: readonly Change[], context: PersonContext): ChangeRecord {
  const { target } = context;
  const bare: Omit<ChangeRecord, 'plan_digest'> = {
    schema: 1,
    incident: context.pull,
    sequence: 0,
    kind: 'change',
    undoes: null,
    target: target.name,
    target_kind: target.kind,
    repository_id: context.repositoryId,
    workspace: target.workspace,
    host: context.host,
    job_id: context.jobId,
    runbook: null,
    risk: personRisk(changes, context.bundle),
    base_settings_digest: null,
    changes: changes.map((change) => ({ ...change, reason: `changed in #${context.pull}`, evidence: [] })),
    action: null,
    inverse: inverseOf(changes),
    baseline: {},
    verification: null,
    rerun: null,
    expires_at: context.mergedAt,
  };
  return { ...bare, plan_digest: planDigest(bare) };
}

/** Nobody has computed or measured anything for a person's change, so it is never low. */
export function personRisk(changes: readonly Change[], bundle: Bundle | null): ChangeRecord['risk'] {
  return worse('medium', riskOf(changes, bundle));
}

function refuse(code: 'facts_unavailable' | 'job_missing' | 'no_surface', subject: string, expected: string, observed: string) {
  return { ok: false as const, reason: { code, subject, expected, observed } };
}
