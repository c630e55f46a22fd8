import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ownersOf, parseCodeowners } from '../../src/core/codeowners.ts';
import { decideGate } from '../../src/core/gate/gate.ts';
import { known } from '../../src/model/known.ts';
import { approval, BASE, deltaOf, facts, MERGE, olga, wendy } from '../support/gate.ts';
import { atMost, inMs, median, type Row, timesOf } from './measure.ts';

const FILES = 3000;
const RULES = 5000;
/** Of so many files the slow peer matches one; no divisor of the 50 teams, so that all are met. */
const STRIDE = 49;
const ROUNDS = 15;

/** The five kinds of pattern that large CODEOWNERS files consist of, in equal parts. */
function codeowners(ownerOf: (rule: number) => string): string {
  const lines = Array.from({ length: RULES - 1 }, (_, index) => {
    const patterns = [
      `/team${index % 50}/svc${index}/`,
      `*.ext${index}`,
      `/team${index % 50}/**/file${index}*.json`,
      `name${index}/`,
      `/x/*/y${index}*/z`,
    ];
    return `${patterns[index % patterns.length]} ${ownerOf(index)}`;
  });
  return `* ${ownerOf(RULES)}\n${lines.join('\n')}\n`;
}

/** Parts of the gate over a pull request of a person that changes 3,000 files: nothing of it may be skipped, so it is allowed. */
export async function gateRows(): Promise<readonly Row[]> {
  const text = codeowners(() => '@olga');
  const numbered = codeowners((rule) => `@owner${rule}`);
  const paths = Array.from({ length: FILES }, (_, index) => `team${index % 50}/svc${index}/a/b/file${index}x.json`);
  const matched = await timesOf(ROUNDS, () => {
    const parsed = parseCodeowners(numbered);
    for (const path of paths) ownersOf(parsed, path);
  });
  return [
    { what: `CODEOWNERS alone, parse and match, ${FILES} × ${RULES}`, target: '', measured: inMs(median(matched)), met: null },
    await decisionRow('open', text, paths),
    await decisionRow('apply', text, paths),
    peerRow(numbered, paths, median(matched)),
  ];
}

/** npm's `codeowners`, which lives with the wide tests' tools; null where these are not installed. */
function peer(): (new (folder: string) => { getOwner(path: string): readonly string[] }) | null {
  try {
    return createRequire(new URL('../wide/package.json', import.meta.url))('codeowners');
  } catch {
    return null;
  }
}

/**
 * The same text and paths in the same run. The peer tries every line's regular expression on every path, so some of the files are matched
 * and the time is scaled; reading the text is not. It also answers otherwise in three places, each time against GitHub's documentation:
 * `docs/*` owns what lies deeper too, upper and lower case are the same, and a comment after the owners counts as owners
 * (test/wide/codeowners.wide.ts shows them). None of the patterns measured here is such a place: both find the same owners.
 */
function peerRow(text: string, paths: readonly string[], ours: number): Row {
  const what = '  … against npm codeowners';
  const target = '≥ 10 × faster';
  const Codeowners = peer();
  if (!Codeowners) return { what, target, measured: 'not installed: npm ci --prefix test/wide', met: null };
  const folder = mkdtempSync(join(tmpdir(), 'bench-codeowners-'));
  try {
    writeFileSync(join(folder, 'CODEOWNERS'), text);
    const sample = paths.filter((_, index) => index % STRIDE === 0);
    const begun = performance.now();
    const theirs = new Codeowners(folder);
    theirs.getOwner('warm/up');
    const read = performance.now();
    const found = sample.map((path) => theirs.getOwner(path).join(' '));
    const matched = performance.now() - read;
    const parsed = parseCodeowners(text);
    const differing = sample.filter((path, index) => ownersOf(parsed, path).owners.join(' ') !== found[index]);
    if (differing.length > 0) throw new Error(`npm codeowners answers otherwise for ${differing.slice(0, 3).join(', ')}`);
    const whole = read - begun + matched * (paths.length / sample.length);
    const note = `${sample.length} of ${FILES} files matched by it, scaled`;
    const measured = `${(whole / ours).toFixed(0)} × faster (${inMs(ours)} to ${inMs(whole)}; ${note})`;
    return { what, target, measured, met: whole / ours >= 10 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function decisionRow(moment: 'open' | 'apply', text: string, paths: readonly string[]): Promise<Row> {
  const delta = deltaOf(paths.map((path) => ({ path, before: 'a', after: 'b' })));
  const made = facts({
    moment,
    record: null,
    codeowners: text,
    comments: [approval({ author: olga })],
    pull: { author: wendy, headRef: 'many-files' },
  });
  const [policy] = made.change.policies;
  const commits = known([
    {
      sha: made.change.pull.known ? made.change.pull.value.headSha : '',
      parents: [BASE],
      people: [wendy, wendy],
      mergesBase: false,
    },
  ]);
  const asked = {
    ...made,
    change: {
      ...made.change,
      commits,
      delta: known(delta),
      merge: moment === 'apply' && made.change.merge?.known ? known({ ...made.change.merge.value, delta }) : made.change.merge,
      policies: policy ? [policy, { ...policy, commit: MERGE }] : [],
    },
  };
  const { verdict, reasons } = decideGate(asked);
  if (verdict !== 'allow') throw new Error(`the gate did not come to its end: ${verdict} ${JSON.stringify(reasons.slice(0, 3))}`);
  const times = await timesOf(ROUNDS, () => decideGate(asked));
  return atMost(`gate (${moment}, two policies), ${FILES} files × ${RULES} rules`, median(times), 100, ' ms');
}
