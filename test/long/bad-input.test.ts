import { readFileSync } from 'node:fs';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { postAlert } from '../../src/doors/demo/play.ts';
import { startWorld, type World } from '../../src/doors/demo/world.ts';
import { buildOnce, person, proposed, resets, scenario, until } from '../support/story.ts';

let world: World | null = null;
beforeAll(buildOnce);
afterEach(async () => {
  await world?.close();
  world = null;
});

async function worldWith(files: Readonly<Record<string, string | null>>): Promise<World> {
  world = await startWorld({ workloads: ['oom'], files });
  return world;
}

/** What the App says on the issue that the oom alert opens. */
async function saidOnIssue(at: World): Promise<string> {
  await postAlert(at, scenario('databricks-oom'), 'firing');
  const olga = person(at, 'olga');
  return until('an explanation on the issue', async () => {
    const [issue] = await olga.issues();
    const notes = issue ? await olga.thread(issue.number) : [];
    return notes
      .map((note) => note.body)
      .find((body) => body.includes('Sluice stopped here') || body.includes('No change is proposed'));
  });
}

const config = readFileSync('.github/sluice.yml', 'utf8');
const lineIn = (text: string, part: string) => text.slice(0, text.indexOf(part)).split('\n').length;
const runbook = readFileSync('runbooks/databricks-job-oom.md', 'utf8');

const rows: readonly (readonly [string, Readonly<Record<string, string | null>>, readonly string[]])[] = [
  [
    'a repository without .github/sluice.yml is told so',
    { '.github/sluice.yml': null },
    ['config_missing', '.github/sluice.yml', 'mode: shadow', 'targets:', '"job_id":', 'REPLACE-WITH-FILE'],
  ],
  [
    'a faulty configuration is named with its line',
    { '.github/sluice.yml': config.replace('mode: execute', 'mode: everything') },
    ['config_invalid', '.github/sluice.yml:3', 'everything', 'Use shadow or propose or execute'],
  ],
  [
    'an alert without a target gets the lines to add',
    { '.github/sluice.yml': 'mode: execute\ntargets: []\n' },
    ['target_unknown', 'match:', '"job_id":', 'REPLACE-WITH-WORKSPACE'],
  ],
  [
    'two equally good targets are not chosen from',
    {
      '.github/sluice.yml':
        config +
        config
          .slice(config.indexOf('  - name: orders-nightly'), config.indexOf('  - name: customers-enrich'))
          .replace('name: orders-nightly', 'name: orders-again'),
    },
    [
      'target_ambiguous',
      `orders-nightly in line ${lineIn(config, '  - name: orders-nightly')}`,
      'orders-again in line',
      'one more label',
    ],
  ],
  ['a target whose file is gone is named', { 'jobs/orders-nightly.json': null }, ['file_missing', 'jobs/orders-nightly.json']],
  [
    'a job file that is not JSON gives no change, and says why',
    { 'jobs/orders-nightly.json': '{ "name": ' },
    ['parse_failed', 'jobs/orders-nightly.json:1', 'column 11: a value is missing after the colon'],
  ],
  [
    'a faulty runbook is named with its line',
    { 'runbooks/databricks-job-oom.md': runbook.replace(/^diagnose:/m, 'diagnosis:') },
    ['runbooks/databricks-job-oom.md:', 'unknown key "diagnosis"', 'Did you mean diagnose'],
  ],
  [
    'an alert without a runbook says so',
    { 'runbooks/databricks-job-oom.md': null },
    ['runbook_none', 'none of broadcast-failure', 'matches.alertnames'],
  ],
];

describe('bad input is told on the issue, and nothing is written', () => {
  test.each(rows)('%s', async (_, files, words) => {
    const at = await worldWith(files);
    const said = await saidOnIssue(at);
    for (const word of words) expect(said).toContain(word);
    expect(await person(at, 'olga').pulls()).toEqual([]);
    expect(resets(at)).toBe(0);
  });

  test('without CODEOWNERS the plan is told and nothing is proposed: nobody could approve it', async () => {
    const at = await worldWith({ '.github/CODEOWNERS': null });
    await postAlert(at, scenario('databricks-oom'), 'firing');
    const olga = person(at, 'olga');
    const told = await until('the plan on the issue', async () => {
      const [issue] = await olga.issues();
      const notes = issue ? await olga.thread(issue.number) : [];
      return notes.map((note) => note.body).find((body) => body.includes('owners_missing'));
    });
    expect(told).toContain('Add one that names an owner');
    expect(told).toContain('spark.sql.shuffle.partitions');
    expect(await olga.pulls()).toEqual([]);
    expect(resets(at)).toBe(0);
  });
});

describe('the alert door', () => {
  const post = (at: World, path: string, body: string, token = at.alertToken) =>
    fetch(`${at.appUrl}${path}`, { method: 'POST', headers: { authorization: `Bearer ${token}` }, body });

  test('refuses what is not an alert, names the fault, and opens nothing', async () => {
    const at = await worldWith({});
    const answers = [
      await post(at, '/alerts/alertmanager', 'not json'),
      await post(at, '/alerts/alertmanager', '{"version":"4"}'),
      await post(at, '/alerts/alertmanager', '[]'),
    ];
    for (const answer of answers) {
      expect(answer.status).toBe(400);
      expect(JSON.stringify(await answer.json())).toContain('alert_malformed');
    }
    expect((await post(at, '/alerts/alertmanager', '{}', 'wrong')).status).toBe(401);
    expect((await post(at, '/alerts/alertmanager?repository=acme/other', '{}')).status).toBe(403);
    expect((await post(at, '/alerts/alertmanager', 'x'.repeat(2 * 1024 * 1024))).status).toBe(413);
    expect((await fetch(`${at.appUrl}/alerts/alertmanager`)).status).toBe(405);
    expect(await person(at, 'olga').issues()).toEqual([]);
  });

  test('joins a repeated alert to its open incident', async () => {
    const at = await worldWith({});
    await proposed(at, 'databricks-oom');
    await postAlert(at, scenario('databricks-oom'), 'firing');
    await postAlert(at, scenario('databricks-oom'), 'firing');
    // Alerts are taken in order: once the resolve shows on the issue, the repeats were answered.
    at.plant.clock.advance(60_000);
    await postAlert(at, scenario('databricks-oom'), 'resolved');
    await until('the resolve on the issue', async () => (await person(at, 'olga').issues())[0]?.body.startsWith('**Resolved**'));
    expect(await person(at, 'olga').issues()).toHaveLength(1);
    expect(await person(at, 'olga').pulls()).toHaveLength(1);
  });
});

describe('an incident that was opened and then lost', () => {
  test('is answered when GitHub takes the answer at the third try', async () => {
    const at = await worldWith({});
    at.github.faults.add({ match: { method: 'POST', path: /\/pulls$/ }, times: 1, respond: { status: 502 } });
    const pull = await proposed(at, 'databricks-oom');
    expect(pull.branch).toMatch(/^sluice\/1-/);
    expect(await person(at, 'olga').issues()).toHaveLength(1);
  });
});

describe('the App process', () => {
  test('holds no credential that could write to Databricks', async () => {
    const at = await worldWith({});
    expect(JSON.stringify(at.appEnvironment)).not.toContain(at.plant.tokens.write);
    expect(JSON.stringify(at.appEnvironment)).toContain(at.plant.tokens.read);
  });
});
