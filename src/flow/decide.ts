import { changesByTimeAt } from '../core/by-time.ts';
import { ownMerge, queueStep } from '../core/gate/queue.ts';
import { foldHistory } from '../core/history.ts';
import { isUnread } from '../core/unread.ts';
import type { CommentFact, GateFacts } from '../model/gate.ts';
import { type GateConclusion, ownReasons, type Verdict } from '../model/verdict.ts';
import type { Alarm, GateReporter, HistoryLog, IssueReader, IssueWriter, MergeQueue, ProposalWriter } from '../ports.ts';
import { droppedAnswer, gateCheckTitle, gateStatus, STATUS_MARKER } from '../render/gate.ts';
import { mergedStatus } from '../render/rollout.ts';
import { page } from '../render/text.ts';
import { announceGlass, glassUse } from './break-glass.ts';
import { explainChange } from './explain.ts';
import type { LivePorts } from './live-facts.ts';

export interface DecidePorts extends LivePorts {
  readonly issues: IssueReader & IssueWriter;
  readonly proposals: ProposalWriter;
  readonly queue: MergeQueue;
  readonly reporter: GateReporter;
  readonly history: HistoryLog;
  readonly alarm: Alarm;
}

export interface Decided {
  readonly verdict: Verdict;
  readonly merge: string | null;
  /** Merged by now, by whomever. */
  readonly isMerged: boolean;
}

/**
 * Asks the gate about an open pull request on live facts, reports the answer, and merges where that is allowed and wanted, through the merge
 * queue where there is one. Once it is merged it is the Action that asks, and what the pull request says of it is no longer ours to change here.
 */
export async function decidePull(pull: number, ports: DecidePorts): Promise<Decided> {
  const { facts, verdict } = await explainChange({ moment: 'open', pull }, ports);
  const head = verdict.head;
  const { pull: seen } = facts.change;
  const isOver = seen.known && seen.value.mergedAt !== null;
  if (isOver) {
    ports.alarm.set(pull, null);
    return { verdict, merge: null, isMerged: true };
  }
  const { merge, waitsForQueue } = head === null ? NOTHING : await tell(pull, head, facts, verdict, ports);
  // What breaks off before this is asked again by whoever woke us; what was set already stays.
  ports.alarm.set(pull, waitsForQueue ? minutesAfter(facts.live.now) : againAt(verdict, facts));
  return { verdict, merge, isMerged: merge !== null };
}

interface Told {
  readonly merge: string | null;
  /** GitHub may only have been slow to see our check, and nothing would tell us when it has. */
  readonly waitsForQueue: boolean;
}

const NOTHING: Told = { merge: null, waitsForQueue: false };

/** Reports the answer on the head, and carries it out. */
async function tell(pull: number, head: string, facts: GateFacts, verdict: Verdict, ports: DecidePorts): Promise<Told> {
  await reportCheck(head, verdict, ports.reporter);
  if (!verdict.applies) return NOTHING;
  const merge = verdict.verdict === 'allow' && !verdict.queue ? await mergeApproved(pull, head, facts, verdict, ports) : null;
  const moved = merge ? null : await movedInQueue(pull, head, facts, verdict, ports);
  if (moved) await showStatus(pull, facts, gateStatus(moved.verdict), ports);
  await answerDropped(pull, facts, verdict, ports);
  return { merge, waitsForQueue: moved?.waits ?? false };
}

async function reportCheck(head: string, verdict: Verdict, reporter: GateReporter): Promise<void> {
  const summary = verdict.applies ? gateStatus(verdict) : 'No file of a Sluice target is changed here.';
  await reporter.check(head, conclusionOf(verdict), gateCheckTitle(verdict), summary);
}

/**
 * Our check says whether Sluice's own side is done. What GitHub wants beside it GitHub enforces by itself: another check, or a reviewer, may be
 * waiting for ours.
 */
function conclusionOf(verdict: Verdict): GateConclusion {
  const isDone = verdict.verdict === 'allow' || (verdict.wants.length > 0 && ownReasons(verdict).length === 0);
  if (!verdict.applies || isDone) return 'success';
  return verdict.verdict === 'wait' ? 'action_required' : 'failure';
}

/** What could not be read is read again without any event that would tell. */
const AGAIN_MINUTES = 10;

/** No event tells that a window closed or an approval grew too old either. Time alone lifts no refusal. */
function againAt(asked: Verdict, facts: GateFacts): string | null {
  const byTime = asked.applies && asked.verdict !== 'deny' ? changesByTimeAt(facts) : null;
  // A check that GitHub waits for tells us when it ends.
  if (!ownReasons(asked).some(isUnread)) return byTime;
  const soon = minutesAfter(facts.live.now);
  return byTime !== null && byTime < soon ? byTime : soon;
}

function minutesAfter(now: string): string {
  return new Date(Date.parse(now) + AGAIN_MINUTES * 60_000).toISOString();
}

/** The one comment that says where the pull request stands. */
async function showStatus(pull: number, facts: GateFacts, text: string, ports: DecidePorts): Promise<void> {
  const { comments, policies } = facts.change;
  // Whether ours stands there already, or whether a target is touched at all, cannot be told: the check says so.
  if (!comments.known || !policies.some((policy) => policy.config.known)) return;
  const sticky = statusIn(facts, ports);
  if (!sticky) await ports.issues.comment(pull, text);
  else if (sticky.body.trim() !== text.trim()) await ports.issues.editComment(sticky.id, text);
}

function statusIn({ change: { comments } }: GateFacts, { ours }: Pick<DecidePorts, 'ours'>): CommentFact | undefined {
  return comments.known
    ? comments.value.find((one) => ours.includes(one.author?.id ?? 0) && one.body.includes(STATUS_MARKER))
    : undefined;
}

/** One answer in words to each approval that does not count. */
async function answerDropped(pull: number, facts: GateFacts, verdict: Verdict, ports: DecidePorts): Promise<void> {
  if (verdict.dropped.length === 0 || !facts.change.policies.some((policy) => policy.config.known)) return;
  const answered = foldHistory((await ports.history.read(pull)).entries).answered;
  for (const dropped of verdict.dropped.filter((one) => !answered.includes(one.commentId))) {
    const mark = ports.history.mark(pull, [{ what: 'answered', at: facts.live.now, comment: dropped.commentId }]);
    await ports.issues.comment(pull, page(droppedAnswer(dropped, verdict), mark));
  }
}

/** Merges exactly the approved head, and says so: GitHub refuses when it moved, and then the next event decides again. */
async function mergeApproved(
  pull: number,
  head: string,
  facts: GateFacts,
  verdict: Verdict,
  ports: DecidePorts,
): Promise<string | null> {
  const fact = ownMerge(facts);
  if (!fact) return null;
  const use = glassUse(facts, verdict);
  const how = use ? 'Break-glass' : 'Approved';
  const message = `${how} content ${head}; record ${fact.path}.`;
  const title = `Merge #${pull}: ${use ? 'break-glass' : 'approved'} change`;
  const { merged, sha: merge } = await ports.proposals.merge(pull, head, title, message);
  if (!merged || !merge) return null;
  const { incident } = fact.record;
  const approvers = verdict.counted.map((one) => one.person.login);
  const status = statusIn(facts, ports)?.id ?? null;
  const at = facts.live.now;
  const told = use && (await announceGlass(use, (await ports.history.read(incident)).entries, at, ports.issues));
  const mark = ports.history.mark(incident, [
    { what: 'merged', at, pull, merge, approvers, status },
    ...(told ? [told.entry] : []),
  ]);
  const words = `${use ? 'Merged' : 'Approved and merged'} as \`${merge}\`; the Action takes it from here.`;
  await ports.issues.comment(incident, page(words, told?.text ?? null, mark));
  await showStatus(pull, facts, mergedStatus({ merge, approvers, incident, glass: told?.entry.issue ?? null }, []), ports);
  return merge;
}

interface Moved {
  readonly verdict: Verdict;
  readonly waits: boolean;
}

/** Puts an allowed head into the merge queue, or takes out what may not be merged any more. Nothing is merged here: the group is judged first. */
async function movedInQueue(pull: number, head: string, facts: GateFacts, verdict: Verdict, ports: DecidePorts): Promise<Moved> {
  const step = queueStep(facts, verdict);
  if (!verdict.queue || !step) return { verdict, waits: false };
  if (step === 'leave') await ports.queue.leave(pull);
  const isIn = step === 'enter' && (await ports.queue.enter(pull, head));
  const entered = isIn ? { by: facts.live.ours[0] ?? null } : null;
  return { verdict: { ...verdict, queue: { ...verdict.queue, entered } }, waits: step === 'enter' && !isIn };
}
