import type { Change } from '../model/change.ts';
import type { BlockedRule } from '../model/diagnosis.ts';
import type { Cost, Investigation, Plan, RejectedRemedy } from '../model/plan.ts';
import type { VerificationSpec } from '../model/verification.ts';
import { costWords, rerunWords, undoneWords } from './commands.ts';

/** How a layout shows text that is not ours: as code in Markdown, made plain in a terminal. `most` is where it is cut. */
export type Quote = (text: string, most?: number) => string;

/** One titled part of a plan: its label and what it says, a line each. Whoever lays it out adds marks and colours, and no word. */
export interface PlanPart {
  readonly label: string;
  readonly lines: readonly string[];
}

/** Where a plan is worded, for every place that shows one. Diffs are no words: layouts put them before the parts. */
export function planParts(plan: Plan, quote: Quote): readonly PlanPart[] {
  const parts = [
    part('Who acts', plan.kind === 'advice' ? [`${plan.who}: ${plan.what}${cited(plan.evidence)}`] : []),
    part('Why', plan.kind === 'change' ? plan.changes.map((change) => changeLine(change, quote)) : []),
    part('Risk', [plan.risk]),
    part('Impact', [plan.impact]),
    part('Cost', [costLine(plan.cost)]),
    part(
      'Also changes',
      plan.alsoChanges.map((one) => quote(one, 400)),
    ),
    ...(plan.kind === 'advice' ? [] : verificationParts(plan.verification, quote)),
    part(
      'Rollback',
      plan.kind === 'change'
        ? plan.inverse.map((change) => `if it does not help, ${takenBack(change, quote)}${undoneWords(plan)}`)
        : [],
    ),
    part('After the apply', plan.kind === 'change' ? [rerunWords(plan) ?? []].flat() : []),
  ];
  return parts.filter(({ lines }) => lines.length > 0);
}

export function planTitle(plan: Plan, quote: Quote): string {
  return plan.kind === 'advice' ? 'Advice' : quote(plan.title, 300);
}

/** What was weighed beside the plan, and why it was not chosen; no line where there was nothing else. */
export function consideredPart(rejected: readonly RejectedRemedy[], quote: Quote): PlanPart {
  return part(
    'Considered and not chosen',
    rejected.map((one) => `${quote(one.remedy)}: ${quote(one.why, 400)}`),
  );
}

/** What nobody could judge, and what was missing for it; where nothing was missing and nothing holds, that. */
export function blockedPart({ diagnosis, blocked }: Pick<Investigation, 'diagnosis' | 'blocked'>, quote: Quote): PlanPart {
  const none = diagnosis.outcome === 'inconclusive' && diagnosis.runbook !== null && blocked.length === 0;
  if (none) return part('Not judged', ['nothing: everything was read, and no rule of the runbook holds']);
  return part(
    'Not judged',
    blocked.map((one) => blockedLine(one, quote)),
  );
}

function part(label: string, lines: readonly string[]): PlanPart {
  return { label, lines };
}

function cited(evidence: readonly string[]): string {
  return evidence.length > 0 ? ` (${evidence.join(', ')})` : '';
}

function changeLine(change: Extract<Plan, { kind: 'change' }>['changes'][number], quote: Quote): string {
  const { selector, old, new: next, reason, evidence } = change;
  return `${quote(selector, 300)}: ${quote(old ?? 'unset')} → ${quote(next ?? 'unset')}. ${reason}${cited(evidence)}`;
}

function costLine(cost: Cost): string {
  if (cost.before === null || cost.after === null) return cost.note || 'unknown';
  return `${costWords(cost)}${cited(cost.evidence)}`;
}

function verificationParts({ kind, checks, settle_minutes: settle, within_minutes: within }: VerificationSpec, quote: Quote) {
  const when = kind === 'streaming' ? `${settle} minutes after the apply` : 'on the first run that started after the apply';
  return [
    part(
      'Verified by',
      checks.map((check) => `${quote(check.name)}: ${quote(check.expect)} over ${quote(check.query, 400)}`),
    ),
    part('Judged', [`${when}, at most ${within} minutes later`]),
  ];
}

function takenBack({ selector, new: old }: Change, quote: Quote): string {
  return old === null ? `${quote(selector, 300)} is taken out again` : `${quote(selector, 300)} is set back to ${quote(old)}`;
}

function blockedLine({ rule, unknown }: BlockedRule, quote: Quote): string {
  const whys = [...new Set(unknown.map(({ why }) => why))];
  const named = whys.map((why) => {
    const names = unknown.filter((one) => one.why === why).map(({ name }) => quote(name));
    return `${names.join(', ')}: ${quote(why, 300)}`;
  });
  return `rule ${quote(rule)}: unknown ${named.join('; ')}`;
}
