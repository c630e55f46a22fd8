import type { Config, Risk } from '../../model/config.ts';
import type { GateFacts, PolicyFacts, RecordFact } from '../../model/gate.ts';
import type { GateReasonCode } from '../../model/reason.ts';
import type { Approval, DroppedApproval, Verdict } from '../../model/verdict.ts';
import { changeDigest } from '../digest.ts';
import { riskOf, worse } from '../risk.ts';
import { commandsIn, countApprovals } from './approvals.ts';
import { contentReasons } from './content.ts';
import { targetFiles } from './follow-up.ts';
import { type OwnersOfChange, ownershipDrop, ownersOfChange } from './owners.ts';
import { type GateReason, reason, unread } from './reason.ts';
import { recordReasons } from './record.ts';
import { standingReasons } from './standing.ts';

/** Reasons that time, people or a new reading can lift; every other one needs a new change. */
const WAITS: ReadonlySet<GateReasonCode> = new Set<GateReasonCode>([
  'approval_missing',
  'team_unreadable',
  'files_incomplete',
  'recovered',
  'outside_window',
  'freeze_active',
  'window_unreadable',
  'hold',
  'config_unreadable',
  'facts_unavailable',
]);

/** Paths that decide who decides: never part of a change that an agent wrote, and never without an owner. */
const POLICY_PATH = /^(\.github\/|\.sluice\/|runbooks\/)|(^|\/)CODEOWNERS$/;

/**
 * Algorithm A: may this change be merged, or, once merged, applied? The same function over the same facts at the comment, at the
 * merge and at apply. Any fact that is missing or contradicts another blocks with its reason; nothing here allows by default.
 */
export function decideGate(facts: GateFacts): Verdict {
  const { change, followUp } = facts;
  const targets = targetFiles(change.policies);
  const record = followUp.record.known ? followUp.record.value : null;
  const content = contentReasons(facts.question, change, targets, record !== null);
  const perPolicy = change.policies.map((policy) => decideUnder(policy, facts, record));
  const reasons = unique([...content, ...readReasons(facts), ...perPolicy.flatMap((one) => one.reasons)]);
  const narrowest = perPolicy.reduce<Decision | null>(
    (least, one) => (!least || one.counted.length < least.counted.length ? one : least),
    null,
  );
  return {
    verdict:
      reasons.length === 0 && perPolicy.length > 0 ? 'allow' : reasons.some((one) => !WAITS.has(one.code)) ? 'deny' : 'wait',
    reasons,
    head: change.pull.known ? change.pull.value.headSha : null,
    digest: change.delta.known ? changeDigest(change.delta.value) : null,
    counted: narrowest?.counted ?? [],
    dropped: narrowest?.dropped ?? [],
    needed: narrowest?.needed ?? [],
    required: Math.max(0, ...perPolicy.map((one) => one.required)),
    opensAt: perPolicy.map((one) => one.opensAt).find((at) => at !== null) ?? null,
    applies:
      !change.delta.known ||
      record !== null ||
      change.delta.value.some((entry) => targets.has(entry.path) || POLICY_PATH.test(entry.path)),
  };
}

interface Decision {
  readonly reasons: readonly GateReason[];
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
  for (const commit of change.commits.known ? change.commits.value : [])
    if (!commit.mergesBase && commit.people.includes(null))
      found.push(
        reason('commit_unattributable', commit.sha, 'an account for every author and committer', 'an address without an account'),
      );
  return found;
}

/** Commit authors can be made up; who pushed is the one thing that a writer cannot choose, so it must be known up to the head. */
function pushReasons({ pushes, pull }: GateFacts['change']): GateReason[] {
  if (!pushes.known) return [unread('pushes', pushes.why)];
  const reaches = pull.known && pushes.value.some((push) => push.after === pull.value.headSha);
  return reaches ? [] : [unread('pushes', 'none of them ends in the head')];
}

function decideUnder(policy: PolicyFacts, facts: GateFacts, record: RecordFact | null): Decision {
  const nothing = { counted: [], dropped: [], needed: [], required: 0, opensAt: null };
  if (!policy.config.known)
    return {
      ...nothing,
      reasons: [reason('config_unreadable', '.github/sluice.yml', `readable at ${policy.commit}`, policy.config.why)],
    };
  if (!facts.change.delta.known) return { ...nothing, reasons: [] };
  const config = policy.config.value;
  const risk = record ? worse(record.record.risk, riskOf(record.record.changes)) : 'medium';
  const owners = ownersOfChange(policy, facts.change.delta.value, record?.path ?? null, facts.followUp);
  const said = countApprovals(facts, config.approvals, risk, (person) => ownershipDrop(person, owners.paths));
  const standing = standingReasons(facts, config, risk, record);
  return {
    ...said,
    reasons: [
      ...(record ? recordReasons(facts, record, config) : []),
      ...owners.reasons,
      ...approvalReasons(said.counted, owners, config, risk),
      ...standing.reasons,
    ],
    needed: owners.paths.map(({ path, owners: names, people }) => ({
      path,
      owners: names,
      approvedBy: said.counted.filter((one) => people.includes(one.person.id)).map((one) => one.person.login),
    })),
    required: config.approvals.owners[risk],
    opensAt: standing.opensAt,
  };
}

/** Every path needs one of its owners, and the change as many distinct owners as its risk asks. */
function approvalReasons(counted: readonly Approval[], owners: OwnersOfChange, config: Config, risk: Risk): GateReason[] {
  const found = owners.paths
    .filter(({ people, owners: names }) => names.length > 0 && !counted.some((one) => people.includes(one.person.id)))
    .map(({ path, owners: names }) =>
      reason('approval_missing', path, `/approve by one of ${names.join(' ')}`, 'none that counts'),
    );
  const required = config.approvals.owners[risk];
  if (counted.length < required)
    found.push(reason('approval_missing', `${risk} risk`, `${required} owner(s)`, `${counted.length}`));
  return found;
}

function unique(reasons: readonly GateReason[]): GateReason[] {
  return [...new Map(reasons.map((one) => [[one.code, one.subject, one.expected, one.observed].join('\0'), one])).values()];
}
