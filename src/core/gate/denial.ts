import type { GateFacts } from '../../model/gate.ts';
import { known } from '../../model/known.ts';
import type { GateReasonCode, Reason } from '../../model/reason.ts';
import { isUnread } from '../unread.ts';
import { decideGate } from './gate.ts';

/**
 * What the gate has against it; empty: nothing. What a record's incident says can only take a yes away, so what is refused at its best is
 * refused: a record that names an incident which is not there would otherwise leave the answer open for ever.
 */
export function denialOf(facts: GateFacts): readonly Reason<GateReasonCode>[] {
  const { reasons } = decideGate(facts);
  if (!reasons.some(isUnread)) return reasons;
  const best = { asked: known({ shapers: [], askers: [] }), recovered: known(false), superseded: known(false) };
  const lenient = decideGate({ ...facts, live: { ...facts.live, ...best } }).reasons;
  return lenient.length > 0 && !lenient.some(isUnread) ? lenient : reasons;
}
