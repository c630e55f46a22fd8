import type { Node } from 'jsonc-parser';
import type { Fault } from '../model/reason.ts';
import { jsonTree, members } from './exact-json.ts';
import { shown } from './outside-text.ts';

/** One value of an alert that is missing or of the wrong form; `path` leads to it from the body. */
export interface Misfit {
  readonly path: readonly (string | number)[];
  /** What stands there; undefined: nothing does. */
  readonly found: unknown;
  readonly expected: string;
  /** What to do at the sender. */
  readonly fix: string;
}

/**
 * Misfits as faults. `text` is the body as it was sent, where it is at hand: only now, when something is wrong, is it read for lines. A
 * missing value is reported at the object that should hold it.
 */
export function alertFaults(misfits: readonly Misfit[], text: string | null): readonly Fault[] {
  const tree = text === null || misfits.length === 0 ? null : jsonTree(text);
  return misfits.map(({ path, found, expected, fix }) => {
    const where = path.reduce<string>((told, step) => `${told}${typeof step === 'number' ? `[${step}]` : `.${step}`}`, '');
    const subject = where.slice(1) || 'the body';
    const message = found === undefined ? `${subject} is missing` : `${subject} is ${shown(found)}, not ${expected}`;
    const line = text !== null && tree?.ok ? lineOf(text, tree.root, path) : null;
    return { code: 'alert_malformed', file: 'alert', line, message, fix };
  });
}

/** The line (from 1) of the value at this path, or of its nearest parent that is there. */
function lineOf(text: string, root: Node, path: Misfit['path']): number {
  let node = root;
  for (const step of path) {
    const next = typeof step === 'number' ? node.children?.[step] : members(node).get(step);
    if (next === undefined) break;
    node = next;
  }
  return text.slice(0, node.offset).split(/\r\n|\n|\r/).length;
}
