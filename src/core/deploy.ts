import type { Change, SelectorStep } from '../model/change.ts';
import type { Job } from '../model/job.ts';
import type { Known } from '../model/known.ts';
import type { Reason, RolloutReasonCode } from '../model/reason.ts';
import type { Target } from '../model/target.ts';
import { formatOf, leafChange, meaningOf } from './edit/edit.ts';
import { readSettingsLexeme } from './edit/settings.ts';
import { isUnderSparkConf } from './edit/value.ts';
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

/** How the live job differs from one approved change; null: it does not. */
function lackOf(whole: Change, { target, job }: DeployFacts): Lack | null {
  const format = formatOf(whole.file);
  const leaf = format && leafChange(format, whole);
  if (!format || !leaf?.ok)
    return { subject: whole.selector, expected: 'one value', observed: 'several, or none that can be read' };
  const expected = leaf.value.new ?? 'absent';
  const lack = (observed: string): Lack => ({ subject: whole.selector, expected, observed });
  const steps = liveSteps(leaf.value.selector, target);
  if (steps === null) return lack('a target whose live value nobody can read here');
  if (!job.known) return lack(job.why);
  const live = readSettingsLexeme(job.value.settings, formatSelector(steps));
  if (!live.ok) return lack(live.reason.observed);
  if (live.value === null || leaf.value.new === null) return live.value === leaf.value.new ? null : lack(live.value ?? 'absent');
  const [wanted, found] = [meaningOf(format, leaf.value.new), meaningOf('json', live.value)];
  const same = isUnderSparkConf(steps) ? textOf(wanted) === textOf(found) : wanted === found;
  return same ? null : lack(live.value);
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

/** `string:400` and `number:400` are one text to Spark. */
function textOf(meaning: string): string {
  return meaning.slice(meaning.indexOf(':') + 1);
}
