import type { Config, Risk } from '../../model/config.ts';
import type { GateFacts } from '../../model/gate.ts';
import type { Reason } from '../../model/reason.ts';
import { mergedBundle } from '../bundle/bundle.ts';
import { changesOf, personRisk } from '../person-change.ts';
import { worse } from '../risk.ts';
import { type GateReason, unread } from './reason.ts';

/** What a change without a record means under one policy. */
export interface PersonChange {
  readonly risk: Risk;
  /** What cannot be told, so that nothing is allowed. */
  readonly reasons: readonly GateReason[];
  /** What the Action will refuse to apply once it is merged; merging is people's right. */
  readonly notes: readonly Reason[];
}

/** Judged by what it would do to each target's job, as the Action will derive it. A target that a merge applies has nothing to derive. */
export function personChange(facts: GateFacts, config: Config): PersonChange {
  const changed = new Set(facts.change.delta.known ? facts.change.delta.value.map((entry) => entry.path) : []);
  const { blobs } = facts.followUp;
  let risk: Risk = 'medium';
  const [reasons, notes]: [GateReason[], Reason[]] = [[], []];
  for (const target of config.targets.filter((one) => one.appliedBy !== 'merge')) {
    const unasked = target.files.find((file) => changed.has(file) && !blobs.some((blob) => blob.path === file));
    if (unasked !== undefined) reasons.push(unread(unasked, 'not read: too many target files in one change'));
    const changes = changesOf(target, facts.followUp);
    const bundle = mergedBundle(target, facts.followUp);
    if (changes.ok) risk = worse(risk, personRisk(changes.value, bundle?.known ? bundle.value : null));
    else if (changes.reason.code === 'facts_unavailable') reasons.push(unread(changes.reason.subject, changes.reason.observed));
    else {
      // What cannot be derived may be anything, and a pipeline of the user's deploys it all the same.
      risk = 'high';
      notes.push(changes.reason);
    }
  }
  return { risk, reasons, notes };
}
