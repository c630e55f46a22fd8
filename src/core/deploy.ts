import type { Change, SelectorStep } from '../model/change.ts';
import type { Job } from '../model/job.ts';
import type { Known } from '../model/known.ts';
import type { Reason, RolloutReasonCode } from '../model/reason.ts';
import type { Target } from '../model/target.ts';
import type { Bundle } from './bundle/bundle.ts';
import { landingsOf } from './bundle/landing.ts';
import { sourceOf } from './bundle/source.ts';
import { formatOf, leafChange, readLexeme } from './edit/edit.ts';
import { heldIn } from './edit/settings.ts';
import { formatSelector, parseSelector } from './selector.ts';

export interface DeployFacts {
  readonly target: Target;
  readonly changes: readonly Change[];
  /** The target's bundle as it was merged, or why nobody can tell; null for a target of another kind. */
  readonly bundle: Known<Bundle> | null;
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
 * translates (a YAML scalar becomes a JSON token, a number in `spark_conf` a text). A bundle's override or variable must be live wherever it decides
 * a setting of the job. What cannot be compared is not deployed.
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
function lackOf(whole: Change, facts: DeployFacts): Lack | null {
  const format = formatOf(whole.file);
  const leaf = format && leafChange(format, whole);
  const change = leaf?.ok ? leaf.value : whole;
  const lack = (observed: string): Lack => ({ subject: whole.selector, expected: change.new ?? 'absent', observed });
  const { job, bundle } = facts;
  if (bundle?.known === false) return lack(bundle.why);
  const places = livePlaces(change.selector, facts);
  if (!format || places.length === 0) return lack('a target whose live value nobody can read here');
  if (!job.known) return lack(job.why);
  for (const steps of places) {
    const wanted = { ...change, selector: formatSelector(steps), new: change.new ?? leftAt(steps, facts) };
    const live = heldIn(job.value.settings, wanted, true);
    if (!live.ok) return lack(live.reason.observed);
    if (!live.value.new) return lack(live.value.lexeme ?? 'absent');
  }
  return null;
}

/** Where the value stands in the live settings; nowhere, where the file is no job's settings. */
function livePlaces(selector: string, { target, bundle }: DeployFacts): readonly (readonly SelectorStep[])[] {
  const steps = parseSelector(selector);
  if (!steps.ok) return [];
  if (bundle?.known) return landingsOf(steps.value, bundle.value);
  return target.kind === 'job-json' ? [steps.value] : [];
}

/** What counts once an override or a variable was taken out: what it hid. Null: nothing. */
function leftAt(steps: readonly SelectorStep[], { bundle }: DeployFacts): string | null {
  if (!bundle?.known) return null;
  const source = sourceOf(steps, bundle.value);
  const file = bundle.value.files.find(({ path }) => source.ok && path === source.value.file);
  if (!source.ok || !file) return null;
  const lexeme = readLexeme(formatOf(file.path) ?? 'yaml', file.text, formatSelector(source.value.steps));
  return lexeme.ok ? lexeme.value : null;
}
