import { ownersOf, parseCodeowners } from '../../src/core/codeowners.ts';
import { decideGate } from '../../src/core/gate/gate.ts';
import { known } from '../../src/model/known.ts';
import { approval, BASE, deltaOf, facts, MERGE, olga, wendy } from '../support/gate.ts';
import { atMost, inMs, median, type Row, timesOf } from './measure.ts';

const FILES = 3000;
const RULES = 5000;
const ROUNDS = 15;

/** The five kinds of pattern that large CODEOWNERS files consist of, in equal parts. */
function codeowners(owner: string): string {
  const lines = Array.from({ length: RULES - 1 }, (_, index) => {
    const patterns = [
      `/team${index % 50}/svc${index}/`,
      `*.ext${index}`,
      `/team${index % 50}/**/file${index}*.json`,
      `name${index}/`,
      `/x/*/y${index}*/z`,
    ];
    return `${patterns[index % patterns.length]} ${owner}`;
  });
  return `* ${owner}\n${lines.join('\n')}\n`;
}

/** Parts of the gate over a pull request of a person that changes 3,000 files: nothing of it may be skipped, so it is allowed. */
export async function gateRows(): Promise<readonly Row[]> {
  const text = codeowners('@olga');
  const paths = Array.from({ length: FILES }, (_, index) => `team${index % 50}/svc${index}/a/b/file${index}x.json`);
  const matched = await timesOf(ROUNDS, () => {
    const parsed = parseCodeowners(text);
    for (const path of paths) ownersOf(parsed, path);
  });
  return [
    { what: `CODEOWNERS alone, parse and match, ${FILES} × ${RULES}`, target: '', measured: inMs(median(matched)), met: null },
    await decisionRow('open', text, paths),
    await decisionRow('apply', text, paths),
    { what: '  … against npm codeowners', target: '≥ 10 × faster', measured: 'not measured: not installed', met: null },
  ];
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
