import { decideGate } from '../core/gate/gate.ts';
import { foldHistory } from '../core/history.ts';
import type { Config } from '../model/config.ts';
import type { GateFacts } from '../model/gate.ts';
import type { GateReasonCode } from '../model/reason.ts';
import type { Verdict } from '../model/verdict.ts';
import type { Alarm, GateReporter, HistoryLog, IssueReader, IssueWriter, ProposalWriter } from '../ports.ts';
import { droppedAnswer, gateCheckTitle, gateStatus, STATUS_MARKER } from '../render/gate.ts';
import { page } from '../render/text.ts';
import { gatherGateFacts } from './gate-facts.ts';
import { type LivePorts, liveFacts } from './live-facts.ts';

export interface DecidePorts extends LivePorts {
  readonly issues: IssueReader & IssueWriter;
  readonly proposals: ProposalWriter;
  readonly reporter: GateReporter;
  readonly history: HistoryLog;
  readonly alarm: Alarm;
}

export interface Decided {
  readonly verdict: Verdict;
  readonly merge: string | null;
}

/** Asks the gate about an open pull request on live facts, reports the answer, and merges where that is allowed and wanted. */
export async function decidePull(pull: number, ports: DecidePorts): Promise<Decided> {
  const question = { moment: 'open', pull } as const;
  const facts = await gatherGateFacts(question, ports.facts, (change, followUp) => liveFacts(question, change, followUp, ports));
  const verdict = decideGate(facts);
  const head = verdict.head;
  ports.alarm.set(pull, againAt(verdict, facts.live.now));
  if (head === null) return { verdict, merge: null };
  const conclusion =
    !verdict.applies || verdict.verdict === 'allow' ? 'success' : verdict.verdict === 'wait' ? 'action_required' : 'failure';
  const summary = verdict.applies ? gateStatus(verdict) : 'No file of a Sluice target is changed here.';
  await ports.reporter.check(head, conclusion, gateCheckTitle(verdict), summary);
  if (!verdict.applies) return { verdict, merge: null };
  await updateStatus(pull, facts, verdict, ports);
  if (verdict.verdict !== 'allow') return { verdict, merge: null };
  return { verdict, merge: await mergeApproved(pull, head, facts, ports) };
}

/** What could not be read is read again, and a window opens, without any event that would tell. */
const AGAIN_MINUTES = 10;
const UNREAD: readonly GateReasonCode[] = ['facts_unavailable', 'config_unreadable', 'team_unreadable', 'files_incomplete'];

function againAt({ verdict, reasons, opensAt }: Verdict, now: string): string | null {
  if (reasons.some((one) => UNREAD.includes(one.code))) return new Date(Date.parse(now) + AGAIN_MINUTES * 60_000).toISOString();
  return verdict === 'wait' ? opensAt : null;
}

/** The sticky comment, and one answer in words to each approval that does not count. */
async function updateStatus(pull: number, facts: GateFacts, verdict: Verdict, ports: DecidePorts): Promise<void> {
  const { comments, policies } = facts.change;
  // Whether ours stands there already, or whether a target is touched at all, cannot be told: the check says so.
  if (!comments.known || !policies.some((policy) => policy.config.known)) return;
  const sticky = comments.value.find((one) => ports.ours.includes(one.author?.id ?? 0) && one.body.includes(STATUS_MARKER));
  const text = gateStatus(verdict);
  if (!sticky) await ports.issues.comment(pull, text);
  else if (sticky.body.trim() !== text.trim()) await ports.issues.editComment(sticky.id, text);
  if (verdict.dropped.length === 0) return;
  const answered = foldHistory((await ports.history.read(pull)).entries).answered;
  for (const dropped of verdict.dropped.filter((one) => !answered.includes(one.commentId))) {
    const mark = ports.history.mark(pull, [{ what: 'answered', at: facts.live.now, comment: dropped.commentId }]);
    await ports.issues.comment(pull, page(droppedAnswer(dropped, verdict), mark));
  }
}

/** Merges exactly the approved head: GitHub refuses when it moved, and then the next event decides again. */
async function mergeApproved(pull: number, head: string, facts: GateFacts, ports: DecidePorts): Promise<string | null> {
  const config = facts.change.policies[0]?.config;
  if (!config?.known || !mayMerge(config.value, facts)) return null;
  const record = facts.followUp.record.known ? facts.followUp.record.value : null;
  const title = `Merge #${pull}: approved change`;
  const merged = await ports.proposals.merge(
    pull,
    head,
    title,
    record ? `Approved content ${head}; record ${record.path}.` : `Approved content ${head}.`,
  );
  if (!merged.merged || !merged.sha) return null;
  if (record) {
    const mark = ports.history.mark(record.record.incident, [{ what: 'merged', at: facts.live.now, pull, merge: merged.sha }]);
    await ports.issues.comment(
      record.record.incident,
      page(`Approved and merged as \`${merged.sha}\`; the Action takes it from here.`, mark),
    );
  }
  return merged.sha;
}

/** The App merges only its own proposals, only in execute mode, only when told so. */
function mayMerge(config: Config, facts: GateFacts): boolean {
  const { pull } = facts.change;
  const proposed = pull.known && facts.live.ours.includes(pull.value.author.id);
  return (
    proposed &&
    config.mode === 'execute' &&
    config.merge === 'auto' &&
    facts.followUp.record.known &&
    facts.followUp.record.value !== null
  );
}
