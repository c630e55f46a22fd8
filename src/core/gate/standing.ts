import type { Config, Risk } from '../../model/config.ts';
import type { GateFacts, Person, RecordFact } from '../../model/gate.ts';
import { worse } from '../risk.ts';
import { windowAt } from '../window.ts';
import { mayWrite } from './owners.ts';
import { type GateReason, reason, unread } from './reason.ts';
import { retriedBy } from './retry.ts';
import { silencedReasons } from './silenced.ts';
import { commandsIn, editedAt, everSaid, hidesNo, isOwnWords } from './spoken.ts';

export interface Standing {
  readonly reasons: readonly GateReason[];
  readonly opensAt: string | null;
}

/** Step 7 of algorithm A: windows and freezes at this instant, holds, expiry, and whether the trouble is still there. */
export function standingReasons(facts: GateFacts, config: Config, risk: Risk, fact: RecordFact | null): Standing {
  const window = windowAt(config.windows, config.freezes, facts.live.now);
  const most = config.incidentRisk;
  const lifted = fact !== null && most !== null && worse(risk, most) === most;
  const shut = window.open ? [] : window.reasons.filter((one) => !(lifted && one.code === 'outside_window'));
  return {
    reasons: [...shut, ...holdReasons(facts), ...stalenessReasons(facts, fact)],
    opensAt: window.opensAt,
  };
}

/**
 * A `/hold` by anybody who may write stands until the same person says `/retry`. One that was edited into other words stands too: whoever
 * edits a comment speaks for nobody; and what somebody else deleted may have been one.
 */
export function holdReasons(facts: Pick<GateFacts, 'change' | 'followUp'>): GateReason[] {
  const { comments } = facts.change;
  if (!comments.known) return [unread('comments', comments.why)];
  const holding = new Map<number, Person>();
  for (const comment of comments.value) {
    const person = comment.author;
    if (!person || !mayWrite(facts, person)) continue;
    const [said] = commandsIn([comment]);
    if (everSaid(comment, 'hold')) holding.set(person.id, person);
    else if (said?.command.name === 'retry' && isOwnWords(comment)) holding.delete(person.id);
  }
  return [
    ...[...holding.values()].map((person) =>
      reason('hold', `@${person.login}`, 'no hold', 'said /hold; the same person lifts it with /retry'),
    ),
    ...silencedReasons(facts),
  ];
}

/**
 * Holds, and what may have been one: asked before anything is written that was begun earlier, when nobody counts approvals any more. A comment
 * deleted since the merge, or one whose former words hide a no, holds until an owner says `/retry` after it.
 */
export function stopReasons(facts: Pick<GateFacts, 'change' | 'followUp'>): GateReason[] {
  const { pull, timeline, comments } = facts.change;
  if (!timeline.known) return [unread('timeline', timeline.why)];
  if (!comments.known) return [unread('comments', comments.why)];
  const merged = pull.known ? pull.value.mergedAt : null;
  if (merged === null) return [unread('merge', pull.known ? 'not merged' : pull.why)];
  // One whose author cannot be told holds above, whenever it was.
  const deleted = timeline.value.filter(
    (one) => one.what === 'comment_deleted' && one.author !== null && Date.parse(one.at) >= Date.parse(merged),
  );
  const hidden = comments.value.filter(hidesNo).map((one) => editedAt(one) ?? one.createdAt);
  const doubts = [...deleted.map((one) => one.at), ...hidden].filter((at) => !retriedBy(facts, at));
  return [
    ...holdReasons(facts),
    ...doubts.map((at) =>
      reason('hold', at, 'every word that was said', 'a comment was deleted or edited; an owner lifts it with /retry'),
    ),
  ];
}

function stalenessReasons(facts: GateFacts, fact: RecordFact | null): GateReason[] {
  if (!fact) return [];
  const { now, recovered, superseded } = facts.live;
  const found: GateReason[] = [];
  if (facts.question.moment !== 'apply' && Date.parse(fact.record.expires_at) <= Date.parse(now))
    found.push(reason('expired', fact.path, `before ${fact.record.expires_at}`, now));
  if (fact.record.kind === 'change') {
    if (!recovered.known) found.push(unread('signals of the incident', recovered.why));
    else if (recovered.value) found.push(reason('recovered', 'signals of the incident', 'still in trouble', 'recovered'));
  }
  if (!superseded.known) found.push(unread('later changes of the job', superseded.why));
  else if (superseded.value) found.push(reason('superseded', fact.path, 'the newest change of the job', 'a later one'));
  return found;
}
