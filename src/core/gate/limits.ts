import type { Change } from '../../model/change.ts';
import type { Limits } from '../../model/config.ts';
import type { Known } from '../../model/known.ts';
import type { ChangeRecord } from '../../model/record.ts';
import type { Target } from '../../model/target.ts';
import type { Bundle } from '../bundle/bundle.ts';
import { formatOf, leafChange } from '../edit/edit.ts';
import { writtenValue } from '../edit/written.ts';
import { isWordOf } from '../setting-value.ts';
import { surfaceOf } from '../surface.ts';
import { bundleReach } from './bundle-reach.ts';
import { type GateReason, reason } from './reason.ts';
import { stepReasons } from './step.ts';
import { valueReasons, type WrittenChange } from './value.ts';

/**
 * What an agent's record may touch, to which values, and how far: the built-in list, narrowed by the repository's limits, never widened. Asked of
 * records only; people's own changes are judged by their owners. `bundle`: the target's bundle as the change leaves it; null for another kind.
 */
export function limitReasons(record: ChangeRecord, target: Target, limits: Limits, bundle: Known<Bundle> | null): GateReason[] {
  return record.changes.flatMap((whole) => {
    const format = formatOf(whole.file);
    const leaf = format && leafChange(format, whole);
    if (!format || !leaf?.ok) return [reason('key_forbidden', whole.selector, 'one value', 'more than one')];
    const { selector, old, new: next } = leaf.value;
    const read = (lexeme: string | null) => (lexeme === null ? null : writtenValue(format, lexeme));
    const change = { selector, old: read(old), new: read(next) };
    const reach = bundle ? bundleReach(leaf.value, bundle) : { reached: [selector], reasons: [] };
    return [
      ...pathReasons(leaf.value, limits),
      ...reach.reasons,
      ...settingReasons(change, reach.reached, { record, target, limits }),
    ];
  });
}

function pathReasons({ file }: Change, { paths }: Limits): GateReason[] {
  return paths.length > 0 && !paths.includes(file) ? [reason('path_forbidden', file, paths.join(', '), file)] : [];
}

interface Asked {
  readonly record: ChangeRecord;
  readonly target: Target;
  readonly limits: Limits;
}

/** What is asked of each setting that takes the new value, and of the step to it. */
function settingReasons(change: WrittenChange, reached: readonly string[], { record, target, limits }: Asked): GateReason[] {
  const isRollback = record.kind === 'rollback';
  const surfaces = reached.map((selector) => ({ selector, surface: surfaceOf(selector, target.kind) }));
  const found = surfaces.flatMap(({ selector, surface }) =>
    surface.allowed
      ? [
          ...keyReasons(selector, surface.key, limits),
          ...valueReasons({ ...change, selector }, surface.setting, isRollback, limits),
        ]
      : [reason('key_forbidden', selector, 'a key on the allow-list', surface.why)],
  );
  const isWord = surfaces.every(({ surface }) => surface.allowed && isWordOf(surface.setting, change.new?.text ?? ''));
  // A rollback goes back to where the job was, however long that step is.
  return isRollback ? found : [...found, ...stepReasons(change, isWord, limits)];
}

function keyReasons(selector: string, key: string, { keys }: Limits): GateReason[] {
  return keys.length > 0 && !keys.includes(key) ? [reason('key_forbidden', selector, keys.join(', '), key)] : [];
}
