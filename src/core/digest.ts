import type { TreeEntryChange } from '../model/gate.ts';
import { sha256Hex } from './canonical.ts';

/**
 * What an approval is bound to: SHA-256 of the sorted lines `path, old mode, old object id, new mode, new object id` (NUL between
 * fields, because a path may hold any other character). A rename is a delete and an add, so no similarity guess decides anything.
 */
export function changeDigest(delta: readonly TreeEntryChange[]): string {
  const lines = delta.map((entry) => [entry.path, entry.oldMode, entry.oldId, entry.newMode, entry.newId].join('\0'));
  return sha256Hex([...lines].sort().join('\n'));
}
