import { createHash } from 'node:crypto';

/** The id under which git keeps a file with this text, in a repository of SHA-1 ids. */
export function blobId(text: string): string {
  const bytes = Buffer.from(text);
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}
