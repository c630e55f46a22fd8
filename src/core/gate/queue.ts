import type { Config } from '../../model/config.ts';
import type { GateFacts, RecordFact } from '../../model/gate.ts';
import { GATE_CHECK } from '../../model/protection.ts';
import { ownReasons, type Verdict } from '../../model/verdict.ts';
import { type GateReason, reason } from './reason.ts';

/** The record of a change that the App itself merges: its own proposal, in execute mode, where it was told to. */
export function ownMerge({ change, followUp, live }: GateFacts): RecordFact | null {
  const config = change.policies[0]?.config;
  const { pull } = change;
  const proposed = pull.known && live.ours.includes(pull.value.author.id);
  const told = config?.known === true && mergesItself(config.value);
  return proposed && told && followUp.record.known ? followUp.record.value : null;
}

/**
 * What the App does in a merge queue. It adds what it would merge, once: what the queue or a person took out again comes back by a person's
 * hand, or after a newer approval. It takes out what is not allowed any more where it put it there itself, or where GitHub would not have let
 * it in without our check: a check that was green on a group before stays green there.
 */
export function queueStep(facts: GateFacts, verdict: Verdict): 'enter' | 'leave' | null {
  const { queue, counted } = verdict;
  if (!queue) return null;
  if (queue.entered) {
    const isOurs = ownMerge(facts) !== null || isByUs(facts, queue.entered);
    return ownReasons(verdict).length > 0 && (isOurs || isRequired(facts)) ? 'leave' : null;
  }
  if (verdict.verdict !== 'allow' || !ownMerge(facts)) return null;
  const { removed } = queue;
  const again =
    removed === null ||
    facts.live.ours.some((id) => id === removed.by) ||
    counted.some(({ at }) => Date.parse(at) > Date.parse(removed.at));
  return again ? 'enter' : null;
}

/** Why what the App put into the queue itself may not be merged there any more: the policy has it merge nothing now. A person's entry is theirs. */
export function ownEntryReasons(facts: GateFacts, config: Config): GateReason[] {
  const { question, change } = facts;
  const entered = change.protection?.known ? (change.protection.value.queue?.entered ?? null) : null;
  if (question.moment === 'apply' || entered === null || !isByUs(facts, entered) || mergesItself(config)) return [];
  const observed = `mode: ${config.mode} and merge: ${config.merge}`;
  return [reason('mode_not_execute', '.github/sluice.yml', 'mode: execute and merge: auto', observed)];
}

function mergesItself({ mode, merge }: Config): boolean {
  return mode === 'execute' && merge === 'auto';
}

function isByUs({ live }: GateFacts, { by }: { readonly by: number | null }): boolean {
  return by !== null && live.ours.includes(by);
}

function isRequired({ change: { protection }, live: { appId } }: GateFacts): boolean {
  return (
    appId !== null &&
    protection?.known === true &&
    protection.value.rules.some((rule) => rule.name.toLowerCase() === GATE_CHECK && rule.appId === appId)
  );
}
