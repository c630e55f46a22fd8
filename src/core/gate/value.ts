import type { Limits } from '../../model/config.ts';
import type { WrittenValue } from '../edit/written.ts';
import { quantityOf } from '../quantity.ts';
import { isWorkers, valueFault, wrongWay } from '../setting-value.ts';
import { type GateReason, reason } from './reason.ts';

/** A change by what its lexemes mean; null: not there. */
export interface WrittenChange {
  readonly selector: string;
  readonly old: WrittenValue | null;
  readonly new: WrittenValue | null;
}

/**
 * Whether a value is one that its setting takes, in the direction that is safe, and workers within the repository's limit. A rollback puts back
 * whatever stood there, up to that limit. `setting`: by its name in the table of what is known.
 */
export function valueReasons(change: WrittenChange, setting: string, isRollback: boolean, { maxWorkers }: Limits): GateReason[] {
  const { selector, old, new: next } = change;
  if (next === null) return [];
  const fault = isRollback ? null : valueFault(setting, next);
  if (fault !== null) return [reason('limit_exceeded', selector, fault, next.text)];
  const workers = isWorkers(setting) ? (quantityOf(next.text)?.number ?? 0) : 0;
  if (workers > maxWorkers) return [reason('limit_exceeded', selector, `at most ${maxWorkers}`, String(workers))];
  const only = isRollback || old === null ? null : wrongWay(setting, old.text, next.text);
  return only === null ? [] : [reason('key_forbidden', selector, `only ${only} from ${old?.text}`, next.text)];
}
