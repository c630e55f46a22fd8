import type { Config, Risk } from '../../model/config.ts';
import type { GateFacts, PolicyFacts, RecordFact } from '../../model/gate.ts';
import type { GateReasonCode, Reason } from '../../model/reason.ts';
import type { Approval, DroppedApproval, Verdict } from '../../model/verdict.ts';
import { changeDigest } from '../digest.ts';
import { worse } from '../risk.ts';
import { countApprovals } from './approvals.ts';
import { breakGlass, isLiftable, lift } from './break-glass.ts';
import { contentReasons } from './content.ts';
import { approvalReasons, neededOf } from './enough.ts';
import { targetFiles } from './follow-up.ts';
import { handReasons } from './hands.ts';
import { ownersOfPaths, owns, pathsToOwn } from './owners.ts';
import { type PersonChange, personChange } from './person.ts';
import { isPolicyPath } from './policy-path.ts';
import { protectionOf } from './protection.ts';
import { pushReasons } from './pushes.ts';
import { ownEntryReasons } from './queue.ts';
import { type GateReason, reason, unread } from './reason.ts';
import { recordReasons, recordRisk } from './record.ts';
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
  'mode_not_execute',
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
  return [...found, ...live.policy];
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
  const proposes = config.door === 'action' && record !== null;
  const asked = neededOf(facts, config, risk, proposes);
  return {
    risk,
    counted: said.counted,
    dropped: said.dropped,
    notes,
    reasons: [
      ...reasons,
      ...handReasons(facts, proposes),
      ...owners.reasons,
      ...approvalReasons(said, owners, asked),
      ...standing.reasons,
      ...ownEntryReasons(facts, config),
    ],
    needed: owners.paths.map(({ path, owners: names, people }) => ({
      path,
      owners: names,
      approvedBy: said.counted.filter((one) => people.includes(one.person.id)).map((one) => one.person.login),
    })),
    required: asked.owners,
    opensAt: standing.opensAt,
  };
}

function recordChange(facts: GateFacts, fact: RecordFact, config: Config, { commit }: PolicyFacts): PersonChange {
  const risk = worse(fact.record.risk, recordRisk(facts, fact.record, config));
  return { risk, reasons: recordReasons(facts, fact, config, commit), notes: [] };
}

function unique<Found extends Reason>(reasons: readonly Found[]): Found[] {
  return [...new Map(reasons.map((one) => [JSON.stringify(one), one])).values()];
}
