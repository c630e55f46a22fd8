import { readFileSync } from 'node:fs';

/** A file of a credential that cannot be read; its message says which. */
export class NoSecretFile extends Error {}

/** Read for each question, so that a renewed certificate or token is used. Throws `NoSecretFile`. */
export function secretFile(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw new NoSecretFile(`the file ${path} cannot be read`);
  }
}
