import { decideGate } from '../core/gate/gate.ts';
import type { GateFacts, GateQuestion } from '../model/gate.ts';
import type { Verdict } from '../model/verdict.ts';
import { gatherGateFacts } from './gate-facts.ts';
import { type LivePorts, liveFacts } from './live-facts.ts';
import { againstPolicy } from './policy-standing.ts';

/** What the gate says now, with everything it looked at. Only reads; nothing is reported anywhere. */
export async function explainChange(
  question: GateQuestion,
  ports: LivePorts,
): Promise<{ readonly facts: GateFacts; readonly verdict: Verdict }> {
  const facts = await gatherGateFacts(question, ports.facts, (change, followUp) => liveFacts(question, change, followUp, ports));
  if (question.moment === 'apply') return { facts, verdict: decideGate(facts) };
  const judged = { ...facts, live: { ...facts.live, policy: await againstPolicy(facts.change, ports) } };
  return { facts: judged, verdict: decideGate(judged) };
}
