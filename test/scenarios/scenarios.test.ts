import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { expectationIn } from '../../src/doors/demo/follow.ts';
import type { Played } from '../../src/doors/demo/play.ts';
import { runScenario, type ScenarioResult } from '../../src/doors/demo/run.ts';
import { SCENARIOS, type Scenario } from '../../src/doors/demo/scenarios.ts';
import type { WorldOptions } from '../../src/doors/demo/world.ts';
import { STATUS_MARKER } from '../../src/render/gate.ts';
import { jobIds } from '../../src/twin/pipeline/workloads.ts';
import { buildOnce, scenario } from '../support/story.ts';
import { uselessForLag } from '../support/stream.ts';

interface Told {
  readonly result: ScenarioResult;
  readonly played: Played;
}

beforeAll(buildOnce);

/** Plays without a word and keeps what happened: the world is closed by then, what it noted is still there. */
async function played(told: Scenario, options: Partial<WorldOptions> = {}): Promise<Told> {
  const ends: Played[] = [];
  const teller = { begin: () => undefined, step: () => undefined, end: (_: ScenarioResult, end: Played) => void ends.push(end) };
  const result = await runScenario(told, teller, options);
  const [end] = ends;
  if (!end) throw new Error('the play has no end');
  return { result, played: end };
}

const plays = new Map<string, Promise<Told>>();

/** Each declared scenario is played once, whoever asks first. */
function once(name: string): Promise<Told> {
  const play = plays.get(name) ?? played(scenario(name));
  plays.set(name, play);
  return play;
}

/** Settings written, and runs started or stopped, by the token's holder. */
function writesBy(token: 'write' | 'deploy', { played: { world } }: Told): readonly string[] {
  return world.plant.databricks.writes.filter((write) => write.token === token).map((write) => write.path);
}

describe('every scenario', () => {
  test.each(SCENARIOS.map(({ name }) => name))('%s ends as declared', async (name) => {
    const { result } = await once(name);

    expect(result.missed).toEqual([]);
    expect(result.ok).toBe(true);
  });
});

describe('the Action', () => {
  test('sets every output that action.yml names, and no other', async () => {
    const { runs } = (await once('databricks-oom')).played.world.runner;
    const declared = parse(readFileSync('action.yml', 'utf8')).outputs;

    for (const run of runs) expect(Object.keys(run.outputs).sort()).toEqual(Object.keys(declared).sort());
    expect(runs[0]?.outputs).toMatchObject({ writes: '1', 'deployment-id': expect.stringMatching(/^\d+$/) });
    expect(runs[1]?.outputs).toMatchObject({ writes: '0', 'deployment-id': '', verification: 'improved' });
  });
});

describe('what --json says', () => {
  test('comes from the record and the file at the merge: where it went, and each value by its RFC 6901 pointer', async () => {
    const { result } = await once('databricks-oom');
    const pointer = '/job_clusters/0/new_cluster/spark_conf/spark.sql.shuffle.partitions';

    expect(result.rollout).toEqual({
      workspace: 'prod',
      job_id: jobIds.oom,
      changes: [{ pointer, old: '"200"', new: '"1000"' }],
      writes: 1,
    });
    expect(result.approvals).toEqual([{ login: 'olga', sha: result.pull?.head_sha }]);
  });

  test('names no workspace and no job where nothing was proposed', async () => {
    const { result } = await once('healthy');

    expect(result.rollout).toEqual({ workspace: null, job_id: null, changes: [], writes: 0 });
    expect([result.approvals, result.denied]).toEqual([[], []]);
  });

  test('names no change that was proposed and not applied', async () => {
    const { result } = await once('not-owner');

    expect(result.rollout).toEqual({ workspace: 'prod', job_id: jobIds.oom, changes: [], writes: 0 });
  });

  test('counts a whole incident within its number of calls, and none of its own reading', async () => {
    const { calls } = (await once('kafka-lag')).result;

    expect([calls.app <= 50, calls.action <= 40, calls.github]).toEqual([true, true, calls.app + calls.action]);
  });
});

describe('the status on the pull request', () => {
  const status = ({ played: { pullThread } }: Told) => pullThread.find((note) => note.body.includes(STATUS_MARKER))?.body;

  test.each([
    ['databricks-oom', 'The change helped: verified.'],
    ['bad-fix', 'The change did not help and was rolled back.'],
  ])('%s: says at the end that it is merged, and: %s', async (name, words) => {
    const told = await once(name);

    expect(status(told)).toContain(`Merged as \`${told.result.pull?.merge_sha}\``);
    expect(status(told)).toContain(words);
    expect(status(told)).toContain('The incident #1 has the whole story.');
  });
});

describe('who proposes cannot apply', () => {
  test('the App is started with the reading token, and with none that writes', async () => {
    const { world } = (await once('databricks-oom')).played;
    const held = Object.values(world.appEnvironment).join('\n');

    expect(held).toContain(world.plant.tokens.read);
    expect(held).not.toContain(world.plant.tokens.write);
    expect(held).not.toContain(world.plant.tokens.deploy);
  });

  test('a person with write access who owns nothing moves nothing, and is told why', async () => {
    const told = await once('not-owner');

    expect(writesBy('write', told)).toEqual([]);
    expect(told.result.approvals).toEqual([]);
    expect(told.result.denied).toEqual([{ login: 'wendy', reason: 'approval_not_owner' }]);
    const answer = told.played.pullThread.find((note) => note.body.includes('changes nothing'));
    expect(answer?.body).toContain('approval_not_owner');
  });
});

describe('a change that does not help', () => {
  /** A remedy computed from the evidence, replaced by a value that the model does not respond to. */
  const edited = (path: string, old: string, useless: string): Record<string, string> => {
    const text = readFileSync(path, 'utf8');
    if (!text.includes(old)) throw new Error(`${path} has no such remedy any more`);
    return { [path]: text.replace(old, useless) };
  };
  const useless = (partitions: string) =>
    edited(
      'runbooks/databricks-job-oom.md',
      'value: round_to(failed_shuffle_bytes / 134217728.0, 100.0)',
      `value: "${partitions}"`,
    );
  /** A threshold that still lies above the hot partition. */
  const uselessForSkew = () => edited('runbooks/spark-stage-skew.md', 'value: "268435456.0"', 'value: "4294967296.0"');

  test('bad-fix: the job has its old settings again, byte for byte, after one write and one back', async () => {
    const told = await once('bad-fix');

    expect(told.played.settingsAfter).toBe(told.played.settingsBefore);
    expect(writesBy('write', told).filter((path) => path.endsWith('/jobs/reset'))).toHaveLength(2);
    expect(told.played.rollback?.merged).toBe(false);
  });

  test.each([
    ['databricks-oom', () => useless('250.0'), '"250"'],
    ['spark-skew', uselessForSkew, '"4g"'],
    ['kafka-lag', uselessForLag, '"3000000"'],
  ])('%s with a useless value in its runbook is found out and rolled back', async (name, files, value) => {
    const { ending } = scenario('bad-fix');
    const { result } = await played({ ...scenario(name), files: files(), ending });

    expect(result.rollout.changes.map((change) => change.new)).toEqual([value]);
    expect(result.missed).toEqual([]);
  });

  test('where the merge is the apply, only a Proposal takes it back: nothing is written', async () => {
    const ending = { ...scenario('bad-fix').ending, writes: 0 };
    const told = await played({ ...scenario('conf-merge'), files: useless('250.0'), ending });

    expect(told.result.missed).toEqual([]);
    expect(writesBy('write', told)).toEqual([]);
    expect(told.played.issueThread.at(-1)?.body).toContain('has to be taken back in Git');
  });
});

describe('a change that others apply', () => {
  test('bundle-deploy: the one write is the pipeline’s own, and Sluice starts no run either', async () => {
    const told = await once('bundle-deploy');

    expect(writesBy('write', told)).toEqual([]);
    expect(writesBy('deploy', told)).toEqual(['/api/2.2/jobs/reset']);
    expect(told.played.world.runner.runs[0]?.outputs.decision).toBe('waiting');
  });

  test('conf-merge: nobody writes to the workspace at all', async () => {
    const told = await once('conf-merge');

    expect([...writesBy('write', told), ...writesBy('deploy', told)]).toEqual([]);
    expect(told.result.rollout.changes).toEqual([{ pointer: 'spark.sql.shuffle.partitions', old: '200', new: '1000' }]);
  });

  test('a pipeline that deploys nothing is named as what is missing', async () => {
    const ending = {
      ...scenario('bundle-deploy').ending,
      incident: 'open',
      verdict: null,
      settings: 'as before',
      awaited: false,
    } as const;
    const told = await played({ ...scenario('bundle-deploy'), ending }, { deployAfterMinutes: null });

    expect(told.result.missed).toEqual([]);
    expect(told.played.issueThread.at(-1)?.body).toContain('deploy_missing');
  });
});

describe('a run that is hours away', () => {
  test('nightly: the issue says when to expect it, and the next night’s run is the one judged', async () => {
    const { result, played: play } = await once('nightly');
    const expected = Date.parse(expectationIn(play.issueThread) ?? '');
    const runs = play.world.plant.databricks.runs(result.rollout.job_id ?? '');
    const judged = runs.at(-1);

    expect(expected).toBeGreaterThan(Date.parse('2026-11-21T02:00:00Z'));
    expect(Math.abs(expected - (judged?.ended ?? 0))).toBeLessThan(20 * 60_000);
    expect(play.issueThread.at(-1)?.body).toContain(`Judged on run ${judged?.runId}.`);
  });

  test('nightly: every attempt of the Action ended, and only the last one found something to judge', async () => {
    const { runs } = (await once('nightly')).played.world.runner;

    expect(runs.map((run) => run.state)).toEqual(runs.map(() => 'success'));
    expect(runs.map((run) => run.outputs.decision)).toEqual([...runs.slice(1).map(() => 'awaiting-run'), 'verified']);
    expect(runs.length).toBeGreaterThanOrEqual(4);
  });
});
