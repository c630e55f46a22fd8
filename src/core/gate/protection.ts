import type { Config } from '../../model/config.ts';
import type { GateFacts, PullFacts } from '../../model/gate.ts';
import { type CheckFact, GATE_CHECK, type ProtectionFacts, type RequiredCheck } from '../../model/protection.ts';
import { type GateReason, reason } from './reason.ts';

/** Every workflow of every branch writes its check runs as this one App. */
const EVERY_WORKFLOW = 'github-actions';

export interface Protection {
  /** What Sluice holds against the change: a word of our own that is not ours, or a rule that should make it count. */
  readonly own: readonly GateReason[];
  /** What GitHub enforces by itself, and what therefore holds nothing but our own merge. */
  readonly wants: readonly GateReason[];
}

/**
 * What GitHub itself still wants of an open pull request; of one in the merge queue it has that already. Once merged none of it decides
 * anything: algorithm A believes no check.
 */
export function protectionOf({ question, change, live }: GateFacts): Protection {
  const { pull, protection, policies } = change;
  if (question.moment === 'apply' || !pull.known || pull.value.state !== 'open') return { own: [], wants: [] };
  if (!protection?.known) {
    const why = protection?.why ?? 'not gathered';
    return { own: [reason('check_unknown', `#${pull.value.number}`, 'readable checks and rules', why)], wants: [] };
  }
  const told = protection.value;
  const configs = policies.flatMap(({ config }) => (config.known ? [config.value] : []));
  return {
    own: configs.flatMap((config) => [...forged(told, config, live.appId), ...unprotected(told, config, live.appId)]),
    wants:
      question.moment === 'open'
        ? [...checkReasons(told), ...reviewReasons(told, pull.value), ...baseReasons(told, pull.value)]
        : [],
  };
}

/** A check run or status of our name by anybody else: whoever relies on it by name alone would take it for ours. */
function forged({ checks }: ProtectionFacts, { door }: Config, appId: number | null): GateReason[] {
  const expected = appId === null ? 'written by our App; SLUICE_APP_ID says which that is' : `written by App ${appId}`;
  return checks
    .filter(({ name }) => isGate(name))
    .flatMap((check) => {
      const { kind, writer, said } = check;
      const byWorkflow = kind === 'run' && writer === EVERY_WORKFLOW;
      // Without an App the gate reports as a workflow; what it says there is advice.
      if (isOurs(check, appId) || (byWorkflow && door === 'action')) return [];
      const observed = `a ${kind === 'run' ? 'check run' : 'commit status'} by ${writer}: ${said}`;
      const canTell = appId !== null || kind === 'status' || byWorkflow;
      return [reason(canTell ? 'check_forged' : 'check_unknown', GATE_CHECK, expected, observed)];
    });
}

/** Nothing in the pull request can lift this: somebody adds the ruleset. */
function unprotected({ rules }: ProtectionFacts, { protection }: Config, appId: number | null): GateReason[] {
  const ours = rules.filter(({ name }) => isGate(name));
  if (protection !== 'required' || ours.some((rule) => rule.appId !== null && rule.appId === appId)) return [];
  const whose = appId === null ? 'our App; SLUICE_APP_ID says which that is' : `App ${appId}`;
  const sources = ours.map((rule) => (rule.appId === null ? 'anybody' : `App ${rule.appId}`));
  const observed = sources.length === 0 ? 'no active ruleset requires it' : `required of ${sources.join(', ')}`;
  return [reason('protection_missing', GATE_CHECK, `a ruleset that requires it of ${whose}`, observed)];
}

/** Required checks but our own, which would wait for itself. A branch protection shows in what GitHub marks as required alone. */
function checkReasons({ rules, checks }: ProtectionFacts): GateReason[] {
  const asked = rules.filter(({ name }) => !isGate(name));
  const unruled = checks.filter((check) => check.required && !isGate(check.name) && !asked.some((rule) => isSame(rule, check)));
  return [
    ...asked.flatMap((rule) => {
      const reported = checks.filter((check) => fulfils(check, rule));
      const source = rule.appId === null ? '' : ` by App ${rule.appId}`;
      return reported.length > 0
        ? reported.flatMap(unmet)
        : [reason('check_unknown', rule.name, `a report${source}`, 'none so far')];
    }),
    ...unruled.flatMap(unmet),
  ];
}

/** A status shows no App; where GitHub marks it as required, it has judged by itself whose it is. */
function fulfils(check: CheckFact, rule: RequiredCheck): boolean {
  if (!isSame(rule, check)) return false;
  return rule.appId === null || (check.kind === 'run' ? check.appId === rule.appId : check.required);
}

function unmet({ name, standing, said, writer }: CheckFact): GateReason[] {
  if (standing === 'passed') return [];
  const code = standing === 'failed' ? 'check_failed' : 'check_unknown';
  return [reason(code, name, 'success', `${said}, by ${writer}`)];
}

function reviewReasons({ review }: ProtectionFacts, { number }: PullFacts): GateReason[] {
  if (review === 'review_required')
    return [reason('github_review_missing', `#${number}`, 'the approving reviews that the base asks for', 'not enough of them')];
  if (review === 'changes_requested')
    return [reason('github_review_missing', `#${number}`, 'no review that asks for changes', 'a review asks for changes')];
  return [];
}

/** A merge queue brings a head up to date by itself. */
function baseReasons({ conflicts, behind, strict, queue }: ProtectionFacts, { baseRef }: PullFacts): GateReason[] {
  if (conflicts) return [reason('base_moved', baseRef, 'a head that merges cleanly', 'conflicts with the base')];
  if (strict && behind && !queue) return [reason('base_moved', baseRef, 'a head that contains its tip', 'the head is behind')];
  return [];
}

function isOurs({ kind, appId: writtenBy }: CheckFact, appId: number | null): boolean {
  return kind === 'run' && appId !== null && writtenBy === appId;
}

function isGate(name: string): boolean {
  return isSame({ name }, { name: GATE_CHECK });
}

/** GitHub does not tell capitals from small letters in the name of a status. */
function isSame(one: { readonly name: string }, other: { readonly name: string }): boolean {
  return one.name.toLowerCase() === other.name.toLowerCase();
}
