import type { Config, Risk } from '../../model/config.ts';
import type { GateFacts, PolicyFacts, RecordFact } from '../../model/gate.ts';
import type { GateReasonCode, Reason } from '../../model/reason.ts';
import type { Approval, DroppedApproval, Verdict } from '../../model/verdict.ts';
import { changeDigest } from '../digest.ts';
import { riskOf, worse } from '../risk.ts';
import { type Counted, countApprovals } from './approvals.ts';
import { breakGlass, isLiftable, lift } from './break-glass.ts';
import { contentReasons } from './content.ts';
import { targetFiles } from './follow-up.ts';
import { handReasons } from './hands.ts';
import { type OwnersOfChange, ownersOfPaths, owns, pathsToOwn } from './owners.ts';
import { type PersonChange, personChange } from './person.ts';
import { isPolicyPath } from './policy-path.ts';
import { protectionOf } from './protection.ts';
import { type GateReason, reason, unread } from './reason.ts';
import { recordReasons } from './record.ts';
import { commandsIn } from './spoken.ts';
import { standingReasons } from './standing.ts';

/** Reasons that time, people or a new reading can lift; every other one needs a new change. */
const WAITS: ReadonlySet<GateReasonCode> = new Set<GateReasonCode>([
  'approval_missing',
  'approval_expired',
  'team_unreadable',
  'files_incomplete',
  'recovered',
  'outside_window',
  'freeze_active',
  'window_unreadable',
  'hold',
  'config_unreadable',
  'facts_unavailable',
  'check_failed',
  'check_unknown',
  'github_review_missing',
  'protection_missing',
  'base_moved',
]);

/**
 * Algorithm A: may this change be merged, or, once merged, applied? The same function over the same facts at the comment, at the
 * merge and at apply. Any fact that is missing or contradicts another blocks with its reason; nothing here allows by default.
 */
export function decideGate(facts: GateFacts): Verdict {
  const { change, followUp } = facts;
  const targets = targetFiles(change.policies);
  const record = followUp.record.known ? followUp.record.value : null;
  const everyPolicy = change.policies.length > 0 && change.policies.every((policy) => policy.config.known);
  const content = contentReasons(facts.question, change, everyPolicy ? targets : null, record !== null);
  const perPolicy = change.policies.map((policy) => decideUnder(policy, facts, record));
  // Without the pull request nothing else could be asked: one reason says it all.
  const others = change.pull.known ? [...readReasons(facts), ...perPolicy.flatMap((one) => one.reasons)] : [];
  const applies = isAboutTarget(facts, targets);
  const protection = applies ? protectionOf(facts) : { own: [], wants: [] };
  const wants = unique(protection.wants);
  const glass = breakGlass(facts, perPolicy.map((one) => one.risk).reduce(worse, 'low'));
  const { reasons, brokenGlass } = lift(glass, unique([...content, ...others, ...protection.own, ...wants]));
  // What a second person can lift needs no new change.
  const isWait = (one: GateReason) => WAITS.has(one.code) || (glass.given.length > 0 && isLiftable(one));
  const narrowest = perPolicy.reduce<Decision | null>(
    (least, one) => (!least || one.counted.length < least.counted.length ? one : least),
    null,
  );
  return {
    // A second lock: no policy that was read is a reason above, and no yes here either.
    verdict: reasons.length === 0 && perPolicy.length > 0 ? 'allow' : !reasons.every(isWait) ? 'deny' : 'wait',
    reasons,
    wants,
    notes: unique(perPolicy.flatMap((one) => one.notes)),
    head: change.pull.known ? change.pull.value.headSha : null,
    digest: change.delta.known ? changeDigest(change.delta.value) : null,
    counted: narrowest?.counted ?? [],
    dropped: [...(narrowest?.dropped ?? []), ...glass.dropped],
    brokenGlass,
    needed: narrowest?.needed ?? [],
    required: Math.max(0, ...perPolicy.map((one) => one.required)),
    opensAt: brokenGlass ? null : (perPolicy.map((one) => one.opensAt).find((at) => at !== null) ?? null),
    applies,
    queue: change.protection?.known ? change.protection.value.queue : null,
  };
}

/** Without a policy nobody can tell which files are a target's. */
function isAboutTarget({ change }: GateFacts, targets: ReadonlySet<string>): boolean {
  if (!change.delta.known) return true;
  if (change.policies.some((policy) => !policy.config.known && policy.unconfigured !== true)) return true;
  return change.delta.value.some((entry) => targets.has(entry.path) || isPolicyPath(entry.path));
}

interface Decision {
  readonly risk: Risk;
  readonly reasons: readonly GateReason[];
  readonly notes: readonly Reason[];
  readonly counted: readonly Approval[];
  readonly dropped: readonly DroppedApproval[];
  readonly needed: Verdict['needed'];
  readonly required: number;
  readonly opensAt: string | null;
}

/** Facts whose absence blocks whatever the policy says. */
function readReasons({ change, followUp, live }: GateFacts): GateReason[] {
  const found: GateReason[] = [];
  if (!change.commits.known) found.push(unread('commits', change.commits.why));
  if (!change.comments.known) found.push(unread('comments', change.comments.why));
  if (!change.timeline.known) found.push(unread('timeline', change.timeline.why));
  if (!followUp.record.known) found.push(reason('record_mismatch', 'change record', 'one readable record', followUp.record.why));
  if (!followUp.ancestors.known) found.push(unread('earlier heads', followUp.ancestors.why));
  if (!live.asked.known) found.push(unread('who asked for it', live.asked.why));
  if (change.comments.known && commandsIn(change.comments.value).some(({ command }) => command.name === 'approve'))
    found.push(...pushReasons(change));
  if (change.policies.length === 0) found.push(unread('policy', 'none was read'));
  return found;
}

/** Commit authors can be made up; who pushed is the one thing that a writer cannot choose, so it must be known up to the head. */
function pushReasons({ pushes, pull }: GateFacts['change']): GateReason[] {
  if (!pushes.known) return [unread('pushes', pushes.why)];
  const reaches = pull.known && pushes.value.some((push) => push.after === pull.value.headSha);
  return reaches ? [] : [unread('pushes', 'none of them ends in the head')];
}

function decideUnder(policy: PolicyFacts, facts: GateFacts, record: RecordFact | null): Decision {
  const nothing = { risk: 'high' as const, notes: [], counted: [], dropped: [], needed: [], required: 0, opensAt: null };
  if (!policy.config.known)
    return {
      ...nothing,
      reasons: [reason('config_unreadable', '.github/sluice.yml', `readable at ${policy.commit}`, policy.config.why)],
    };
  if (!facts.change.delta.known) return { ...nothing, reasons: [] };
  const config = policy.config.value;
  const { risk, reasons, notes } = record ? recordChange(facts, record, config, policy) : personChange(facts, config);
  const owners = ownersOfPaths(policy, pathsToOwn(policy, facts.change.delta.value, record), facts.followUp);
  const said = countApprovals(facts, config.approvals, risk, (person) => owns(person, owners.paths));
  const standing = standingReasons(facts, config, risk, record);
  const hands = handReasons(facts, config.door === 'action' && record !== null);
  return {
    risk,
    counted: said.counted,
    dropped: said.dropped,
    notes,
    reasons: [...reasons, ...hands, ...owners.reasons, ...approvalReasons(said, owners, config, risk), ...standing.reasons],
    needed: owners.paths.map(({ path, owners: names, people }) => ({
      path,
      owners: names,
      approvedBy: said.counted.filter((one) => people.includes(one.person.id)).map((one) => one.person.login),
    })),
    required: config.approvals.owners[risk],
    opensAt: standing.opensAt,
  };
}

function recordChange(facts: GateFacts, fact: RecordFact, config: Config, { commit }: PolicyFacts): PersonChange {
  const risk = worse(fact.record.risk, riskOf(fact.record.changes));
  return { risk, reasons: recordReasons(facts, fact, config, commit), notes: [] };
}

/**
 * Every path needs one of its owners, and the change as many distinct owners as its risk asks. An approval that is too old is told as such. That
 * one owner is needed is what a path without one says already; only where more are needed, or no path says it, the number is a reason of its own.
 */
function approvalReasons({ counted, expired }: Counted, owners: OwnersOfChange, config: Config, risk: Risk): GateReason[] {
  const { owners: needed, expireAfterHours } = config.approvals;
  const young = `younger than ${expireAfterHours} h`;
  const found = owners.paths
    .filter(({ people, owners: names }) => names.length > 0 && !counted.some((one) => people.includes(one.person.id)))
    .map(({ path, owners: names, people }) => {
      const late = expired.find((one) => people.includes(one.person.id));
      const expected = `/approve by one of ${names.join(' ')}`;
      return late
        ? reason('approval_expired', path, `${expected}, ${young}`, `by ${late.person.login} at ${late.at}`)
        : reason('approval_missing', path, expected, 'none that counts');
    });
  const required = needed[risk];
  if (counted.length >= required || (required === 1 && found.length > 0)) return found;
  const late = expired.filter((one) => !counted.some((other) => other.person.id === one.person.id));
  const number = required === 1 ? '1 owner' : `${required} owners`;
  const few =
    counted.length + late.length < required
      ? reason('approval_missing', `${risk} risk`, number, `${counted.length}`)
      : reason('approval_expired', `${risk} risk`, `${number}, ${young}`, `${counted.length}`);
  return [...found, few];
}

function unique<Found extends Reason>(reasons: readonly Found[]): Found[] {
  return [...new Map(reasons.map((one) => [JSON.stringify(one), one])).values()];
}
