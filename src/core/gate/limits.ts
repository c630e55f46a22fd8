import type { Change } from '../../model/change.ts';
import type { Limits } from '../../model/config.ts';
import type { Known } from '../../model/known.ts';
import type { ChangeRecord } from '../../model/record.ts';
import type { Target } from '../../model/target.ts';
import type { Bundle } from '../bundle/bundle.ts';
import { formatOf, leafChange } from '../edit/edit.ts';
import { surfaceOf } from '../surface.ts';
import { bundleReach } from './bundle-reach.ts';
import { type GateReason, reason } from './reason.ts';

/**
 * What an agent's record may touch, and how far: the built-in list, narrowed by the repository's limits, never widened. Asked of records
 * only; people's own changes are judged by their owners. `bundle`: the target's bundle as the change leaves it; null for another kind.
 */
export function limitReasons(record: ChangeRecord, target: Target, limits: Limits, bundle: Known<Bundle> | null): GateReason[] {
  return record.changes.flatMap((whole) => {
    const format = formatOf(whole.file);
    const leaf = format && leafChange(format, whole);
    if (!leaf?.ok) return [reason('key_forbidden', whole.selector, 'one value', 'more than one')];
    // A rollback goes back to where the job was, however long that step is.
    const steps = record.kind === 'rollback' ? [] : stepReasons(leaf.value, limits);
    const reach = bundle ? bundleReach(leaf.value, bundle) : { reached: [leaf.value.selector], reasons: [] };
    const reached = reach.reached.flatMap((selector) => [
      ...placeReasons(selector, target, limits),
      ...workerReasons({ ...leaf.value, selector }, limits),
    ]);
    return [...pathReasons(leaf.value, limits), ...reach.reasons, ...reached, ...steps];
  });
}

function pathReasons({ file }: Change, { paths }: Limits): GateReason[] {
  return paths.length > 0 && !paths.includes(file) ? [reason('path_forbidden', file, paths.join(', '), file)] : [];
}

function placeReasons(selector: string, target: Target, { keys }: Limits): GateReason[] {
  const found: GateReason[] = [];
  const surface = surfaceOf(selector, target.kind);
  if (!surface.allowed) found.push(reason('key_forbidden', selector, 'a key on the allow-list', surface.why));
  else if (keys.length > 0 && !keys.includes(surface.key))
    found.push(reason('key_forbidden', selector, keys.join(', '), surface.key));
  return found;
}

function workerReasons({ selector, new: next }: Change, { maxWorkers }: Limits): GateReason[] {
  const after = numberIn(next);
  const exceeds = selector.endsWith('_workers') && after > maxWorkers;
  return exceeds ? [reason('limit_exceeded', selector, `at most ${maxWorkers}`, String(after))] : [];
}

function stepReasons({ selector, old, new: next }: Change, { percentPerStep }: Limits): GateReason[] {
  const [before, after] = [numberIn(old), numberIn(next)];
  const exceeds = before > 0 && Math.abs(after - before) > (before * percentPerStep) / 100;
  return exceeds ? [reason('limit_exceeded', selector, `a step of at most ${percentPerStep} %`, `${before} → ${after}`)] : [];
}

/** A lexeme's number, whether written bare or quoted; NaN, which exceeds nothing, for anything else, sizes with units among them. */
function numberIn(lexeme: string | null): number {
  return Number(/^(["']?)(-?\d+(?:\.\d+)?)\1$/.exec(String(lexeme))?.[2]);
}
