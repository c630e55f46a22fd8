import type { GateReasonCode } from '../../../../src/model/reason.ts';
import type { World } from '../../../support/gate.ts';

/** What the gate says: its verdict and the one code, of a reason or of an approval that does not count, that says why. */
export type Outcome = 'allow' | `${'wait' | 'deny'} ${GateReasonCode}`;

/** One scenario of a peer's own tests, told in our facts. */
export interface Row {
  /** The name that it has there; what follows a semicolon tells halves of one scenario apart. */
  readonly scenario: string;
  readonly world: Partial<World>;
  readonly ours: Outcome;
  /** Logins of those whose approvals count, where that is the point of it. */
  readonly counted?: readonly string[];
}
