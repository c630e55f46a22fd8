import { followUpOf } from '../core/gate/follow-up.ts';
import type { ChangeFacts, FollowUpFacts, GateFacts, GateQuestion } from '../model/gate.ts';
import type { LiveFacts } from '../model/live-facts.ts';
import type { GateFactReader } from '../ports.ts';

/** What the flow itself has to add to GitHub's facts: the job, the signals and the people around this change. */
export type LiveReader = (change: ChangeFacts, followUp: FollowUpFacts) => Promise<LiveFacts>;

/** Gathers algorithm A's facts in two reads: the change, then what it raises. Nothing is decided here. */
export async function gatherGateFacts(question: GateQuestion, reader: GateFactReader, live: LiveReader): Promise<GateFacts> {
  const change = await reader.change(question);
  const followUp = await reader.followUp(change, followUpOf(change));
  return { question, change, followUp, live: await live(change, followUp) };
}
