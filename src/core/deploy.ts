import type { Change, SelectorStep } from '../model/change.ts';
import type { Job } from '../model/job.ts';
import type { Known } from '../model/known.ts';
import type { Reason, RolloutReasonCode } from '../model/reason.ts';
import type { Target } from '../model/target.ts';
import { formatOf, leafChange } from './edit/edit.ts';
import { heldIn } from './edit/settings.ts';
import { formatSelector, parseSelector, rebasePath } from './selector.ts';

export interface DeployFacts {
  readonly target: Target;
  readonly changes: readonly Change[];
  readonly job: Known<Job>;
  /** GitHub's own instant of the merge; null: unknown. */
  readonly mergedAt: string | null;
  readonly withinMinutes: number;
  readonly now: string;
}

/** Whether what was merged is live: deployed, not yet, or longer not than the pipeline may take. */
export type Deployment =
  | { readonly is: 'deployed' }
  | { readonly is: 'awaited'; readonly until: string }
  | { readonly is: 'missing'; readonly reason: Reason<RolloutReasonCode> };

/**
 * For targets that somebody else's pipeline applies: every approved value must be the live one, compared by meaning, because the pipeline
 * translates (a YAML scalar becomes a JSON token, a number in `spark_conf` a text). What cannot be compared is not deployed.
 */
export function deploymentOf(facts: DeployFacts): Deployment {
  const lacking = facts.changes.map((change) => lackOf(change, facts)).find((lack) => lack !== null);
  if (!lacking) return { is: 'deployed' };
  const until = Date.parse(facts.mergedAt ?? '') + facts.withinMinutes * 60_000;
  if (Date.parse(facts.now) <= until) return { is: 'awaited', until: new Date(until).toISOString() };
  return { is: 'missing', reason: { code: 'deploy_missing', ...lacking } };
}

interface Lack {
  readonly subject: string;
  readonly expected: string;
  readonly observed: string;
}

/** How the live job differs from one approved change; null: it does not. A map that had to be made for one value is looked through. */
function lackOf(whole: Change, { target, job }: DeployFacts): Lack | null {
  const format = formatOf(whole.file);
  const leaf = format && leafChange(format, whole);
  const change = leaf?.ok ? leaf.value : whole;
  const lack = (observed: string): Lack => ({ subject: whole.selector, expected: change.new ?? 'absent', observed });
  const steps = liveSteps(change.selector, target);
  if (!format || steps === null) return lack('a target whose live value nobody can read here');
  if (!job.known) return lack(job.why);
  const live = heldIn(job.value.settings, { ...change, selector: formatSelector(steps) }, true);
  if (!live.ok) return lack(live.reason.observed);
  return live.value.new ? null : lack(live.value.lexeme ?? 'absent');
}

/** Where the value stands in the live settings; null where the file is no job's settings. */
function liveSteps(selector: string, { kind, job }: Target): readonly SelectorStep[] | null {
  const steps = parseSelector(selector);
  if (!steps.ok || (kind !== 'job-json' && kind !== 'bundle')) return null;
  if (kind === 'job-json') return steps.value;
  return job?.by === 'bundle'
    ? rebasePath(steps.value, [{ key: 'resources' }, { key: 'jobs' }, { key: job.resource }], [])
    : null;
}
