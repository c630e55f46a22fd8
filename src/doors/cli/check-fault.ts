import { readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { Fault, ReasonCode } from '../../model/reason.ts';
import { Refused } from './answer.ts';

/** A fault as `check` reports it: owners have codes of the gate. */
export interface CheckFault extends Omit<Fault, 'code'> {
  readonly code: ReasonCode;
}

/** Far more than a repository of hundreds of jobs has; a checkout of something else ends here. */
const MOST_FILES = 20_000;

/** Files below a folder of the checkout, by paths from its root, in order; none where there is no such folder. */
export function filesBelow(root: string, folder: string, name: RegExp): readonly string[] {
  try {
    return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && name.test(entry.name))
      .slice(0, MOST_FILES)
      .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
      .sort();
  } catch {
    return [];
  }
}

/** The faults of one file; a file that cannot be read at all is a fault of it, so that the others are still looked at. */
export function faultIn(file: string, look: () => readonly CheckFault[]): readonly CheckFault[] {
  try {
    return look();
  } catch (error) {
    return [faultOf(file, error)];
  }
}

/** Why a file could not be read, as a fault of it. Throws again what was no refusal. */
export function faultOf(file: string, error: unknown): CheckFault {
  if (!(error instanceof Refused)) throw error;
  const code = error.exit === 2 ? 'file_missing' : 'parse_failed';
  return { code, file, line: error.at.line ?? null, message: error.message, fix: error.at.fix ?? 'Mend the file.' };
}
