import { STATUS_MARKER } from '../render/gate.ts';
import { type DecidePorts, decidePull } from './decide.ts';

/**
 * Asks the gate about a proposal of ours that it has not spoken on. GitHub told of the pull request when it was opened; nobody may have been
 * there to listen.
 */
export async function judgeUnheard(pull: number, ports: DecidePorts): Promise<void> {
  if (!(await hasSpoken(pull, ports))) await decidePull(pull, ports);
}

/**
 * Asks it again where it has spoken: it does so where a target is touched. Checks of every other pull request end too, and looking costs one
 * call there.
 */
export async function judgeAgain(pull: number, ports: DecidePorts): Promise<void> {
  if (await hasSpoken(pull, ports)) await decidePull(pull, ports);
}

/** Whether a pull request is under the gate: there, and only there, it leaves its status. */
export async function hasSpoken(pull: number, ports: Pick<DecidePorts, 'issues'>): Promise<boolean> {
  const notes = await ports.issues.notes(pull);
  return notes.some((note) => note.ours && note.body.includes(STATUS_MARKER));
}
