import { canonicalJson, sha256Hex } from '../core/canonical.ts';
import { followUpOf } from '../core/gate/follow-up.ts';
import { decideGate } from '../core/gate/gate.ts';
import { isByPerson } from '../core/gate/spoken.ts';
import { stopReasons } from '../core/gate/standing.ts';
import type { GateFacts } from '../model/gate.ts';
import type { Reason } from '../model/reason.ts';
import type { EnvironmentReader, GateFactReader } from '../ports.ts';
import { gatherGateFacts } from './gate-facts.ts';
import { type LivePorts, liveFacts } from './live-facts.ts';

/** Algorithm A's facts about a merge. */
export type MergedFacts = (merge: string) => Promise<GateFacts>;

/** Gathers each merge once: of several targets that one merge changed, all are decided on the same facts. */
export function gatherOnce(ports: LivePorts): MergedFacts {
  const gathered = new Map<string, Promise<GateFacts>>();
  return (merge) => {
    const found = gathered.get(merge) ?? gatherMerged(merge, ports);
    gathered.set(merge, found);
    return found;
  };
}

async function gatherMerged(merge: string, ports: LivePorts): Promise<GateFacts> {
  const question = { moment: 'apply', merge } as const;
  return gatherGateFacts(question, ports.facts, (read, followUp) => liveFacts(question, read, followUp, ports));
}

/** Algorithm A once more, immediately before a write: the same facts must give the same answer. */
export async function stillApproved(merge: string, facts: GateFacts, ports: LivePorts): Promise<Reason | null> {
  const again = await gatherMerged(merge, ports);
  if (factsDigest(again) === factsDigest(facts) && decideGate(again).verdict === 'allow') return null;
  return {
    code: 'facts_unavailable',
    subject: 'facts',
    expected: 'the same immediately before the write',
    observed: 'they changed; the next attempt decides anew',
  };
}

/**
 * Asked before anything that an earlier attempt left undone: the mode and the guard of the credential must be as they were, and nobody may have
 * said `/hold`, nor hidden that they did.
 */
export async function mayGoOn(
  merge: string,
  environment: string,
  ports: { readonly facts: GateFactReader; readonly environment: EnvironmentReader },
): Promise<Reason | null> {
  const [closed, change] = await Promise.all([closedTo(environment, ports), ports.facts.change({ moment: 'apply', merge })]);
  const followUp = await ports.facts.followUp(change, followUpOf(change));
  const head = change.policies.at(-1)?.config;
  const mode = head?.known ? head.value.mode : 'unreadable';
  const off: Reason = { code: 'mode_not_execute', subject: '.github/sluice.yml', expected: 'mode: execute', observed: mode };
  return closed ?? (mode === 'execute' ? null : off) ?? stopReasons({ change, followUp })[0] ?? null;
}

/** Why the environment does not guard the credential; null: it does. */
export async function closedTo(name: string, ports: { readonly environment: EnvironmentReader }): Promise<Reason | null> {
  const restricted = await ports.environment.restricted(name);
  if (restricted.known && restricted.value) return null;
  return {
    code: 'environment_open',
    subject: name,
    expected: 'the default branch only',
    observed: restricted.known ? 'open' : restricted.why,
  };
}

/**
 * Two readings are the same when everything that can change an answer is: not their instant, and not what bots say, because our own App
 * edits its status comment at any time and no bot ever approves.
 */
function factsDigest({ change, ...facts }: GateFacts): string {
  const { comments } = change;
  const said = comments.known ? { ...comments, value: comments.value.filter(isByPerson) } : comments;
  return sha256Hex(canonicalJson({ ...facts, change: { ...change, comments: said }, live: { ...facts.live, now: '' } }));
}
