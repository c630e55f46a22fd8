import { STATUS_MARKER } from '../render/gate.ts';
import { type DecidePorts, decidePull } from './decide.ts';

/**
 * Asks the gate about a proposal of ours that it has not spoken on. GitHub told of the pull request when it was opened; nobody may have been
 * there to listen.
 */
export async function judgeUnheard(pull: number, ports: DecidePorts): Promise<void> {
  const notes = await ports.issues.notes(pull);
  if (!notes.some((note) => note.ours && note.body.includes(STATUS_MARKER))) await decidePull(pull, ports);
}
