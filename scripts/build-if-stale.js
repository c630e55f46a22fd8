// Used by bin/sluice.js in a checkout, so that `npx sluice` works right after `npm ci` and never runs old code.
import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const BUILT = join(ROOT, 'dist/cli.js');
/** A build takes about two seconds; a lock that is much older was left by a process that died. */
const LOCK = { path: join(ROOT, 'node_modules/.sluice-build'), staleMs: 120_000 };

function newestIn(folder) {
  let newest = 0;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) newest = Math.max(newest, statSync(join(entry.parentPath, entry.name)).mtimeMs);
  return newest;
}

function isFresh() {
  const sources = Math.max(newestIn(join(ROOT, 'src')), statSync(join(ROOT, 'rolldown.config.js')).mtimeMs);
  return existsSync(BUILT) && statSync(BUILT).mtimeMs >= sources;
}

/** True when this process may build; false when another one does so now. */
function lock() {
  try {
    mkdirSync(LOCK.path);
    return true;
  } catch {
    const age = existsSync(LOCK.path) ? Date.now() - statSync(LOCK.path).mtimeMs : 0;
    if (age > LOCK.staleMs) rmSync(LOCK.path, { recursive: true, force: true });
    return false;
  }
}

/** Builds dist/ when it is missing or older than src/; one process at a time. Throws with the build's own words when it fails. */
export async function buildIfStale() {
  while (!isFresh()) {
    if (!lock()) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      continue;
    }
    try {
      if (isFresh()) return;
      process.stderr.write('building dist …\n');
      const { default: targets } = await import('../rolldown.config.js');
      const { build } = await import('rolldown');
      await build(targets.find((target) => target.output.dir === 'dist'));
      return;
    } finally {
      rmSync(LOCK.path, { recursive: true, force: true });
    }
  }
}
