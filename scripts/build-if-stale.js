// Used by bin/sluice.js in a checkout, so that `npx sluice` works right after `npm ci` and never runs old code.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

function newestIn(folder) {
  let newest = 0;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) newest = Math.max(newest, statSync(join(entry.parentPath, entry.name)).mtimeMs);
  return newest;
}

/** Builds dist/ when it is missing or older than src/. Throws with the build's own words when it fails. */
export async function buildIfStale() {
  const built = join(ROOT, 'dist/cli.js');
  const sources = Math.max(newestIn(join(ROOT, 'src')), statSync(join(ROOT, 'rolldown.config.js')).mtimeMs);
  if (existsSync(built) && statSync(built).mtimeMs >= sources) return;
  process.stderr.write('building dist …\n');
  const { default: targets } = await import('../rolldown.config.js');
  const { build } = await import('rolldown');
  await build(targets.find((target) => target.output.dir === 'dist'));
}
