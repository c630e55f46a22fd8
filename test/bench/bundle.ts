import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { atMost, inMs, median, type Row, timesOf } from './measure.ts';

const BUNDLE = resolve('action/index.js');
const STARTS = 15;

/** Size of the committed bundle, and how long it takes from start to its first refusal: without inputs it says which one is missing. */
export async function bundleRows(): Promise<readonly Row[]> {
  if (!existsSync(BUNDLE)) return [{ what: 'Action bundle', target: '', measured: 'not built: npm run build', met: null }];
  const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
  try {
    const env = { PATH: process.env.PATH ?? '', GITHUB_STEP_SUMMARY: join(folder, 'summary') };
    const start = (args: readonly string[]) => () => void spawnSync(process.execPath, args, { env, stdio: 'ignore' });
    const refused = spawnSync(process.execPath, [BUNDLE], { env, encoding: 'utf8' });
    if (!refused.stdout.includes('GITHUB_REPOSITORY')) throw new Error(`the bundle did not start: ${refused.stderr}`);
    const [nothing, bundle]: [number[], number[]] = [[], []];
    // In turns, so that a busy machine slows both down alike.
    for (let round = 0; round < STARTS; round++) {
      nothing.push(...(await timesOf(1, start(['-e', '0']), 0)));
      bundle.push(...(await timesOf(1, start([BUNDLE]), 0)));
    }
    const note = ` (${inMs(median(bundle))}, node -e 0 ${inMs(median(nothing))})`;
    return [
      atMost('Action bundle, size', statSync(BUNDLE).size / 1_000_000, 1.2, ' MB'),
      atMost(`Action bundle, start, median of ${STARTS}`, median(bundle) / median(nothing), 3, ' × node -e 0', note),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
