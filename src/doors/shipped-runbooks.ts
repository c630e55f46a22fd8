import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TypedRunbooks } from '../adapters/github/runbooks.ts';
import { blobId } from './blob-id.ts';
import { projectRoot } from './root.ts';

/** Types the runbooks that come with Sluice, so that the first alert of a repository that copied them does not wait for it. */
export async function typeShipped(typed: TypedRunbooks): Promise<void> {
  const folder = join(projectRoot(), 'runbooks');
  for (const name of readdirSync(folder).filter((one) => one.endsWith('.md'))) {
    const text = readFileSync(join(folder, name), 'utf8');
    await typed.read(`runbooks/${name}`, blobId(text), async () => text);
  }
}
