import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { applyChange } from '../../src/core/edit/edit.ts';
import { recordText } from '../../src/core/record.ts';
import { postAlert } from '../../src/doors/demo/play.ts';
import { startWorld, type World } from '../../src/doors/demo/world.ts';
import { jobIds } from '../../src/twin/pipeline/workloads.ts';
import { record } from '../support/gate.ts';
import { buildOnce, mergedAndRun, person, proposed, resets, scenario, until, wake } from '../support/story.ts';
import { writer } from '../support/writer.ts';

let world: World | null = null;
beforeAll(buildOnce);
afterEach(async () => {
  await world?.close();
  world = null;
});

const JOB_FILE = 'jobs/orders-nightly.json';
const jobText = readFileSync(JOB_FILE, 'utf8');
const CONFIG = '.github/sluice.yml';

async function oom(files: Readonly<Record<string, string | null>> = {}): Promise<World> {
  world = await startWorld({ workloads: ['oom'], files });
  return world;
}

async function statusOf(at: World, pull: number, words: string): Promise<string> {
  const olga = person(at, 'olga');
  return until(`${words} in the status of #${pull}`, async () => {
    const sticky = (await olga.thread(pull)).find((note) => note.body.includes('sluice:status'))?.body ?? '';
    return sticky.includes(words) ? sticky : null;
  });
}

describe('a writer', () => {
  test('cannot have a record applied that lies at another path', async () => {
    const at = await oom({ '.github/CODEOWNERS': '* @wendy\n/jobs/ @olga\n/.github/ @olga\n' });
    const omar = writer(at, 'omar');
    const change = { file: JOB_FILE, selector: 'max_concurrent_runs', old: '1', new: '77', reason: 'x', evidence: [] };
    const forged = record({ target: 'orders-nightly', job_id: jobIds.oom, changes: [change] });
    const sha = await omar.commit({ '.sluice/changes/evil.json': recordText(forged) }, [await omar.main()]);
    await omar.branch('evil', sha);
    const pull = await omar.pull('evil');
    at.plant.clock.advance(60_000);
    await person(at, 'wendy').say(pull, `/approve ${sha}`);
    await statusOf(at, pull, 'path_forbidden');
    await omar.ask('PUT', `/pulls/${pull}/merge`, { sha, merge_method: 'merge' });
    await at.runner.idle();
    expect(at.runner.runs.at(-1)?.outputs.decision).toBe('nothing');
    expect(resets(at)).toBe(0);
  });

  test('who owns the file cannot approve their own edit by hiding it in a merge of the base', async () => {
    const at = await oom();
    const pull = await proposed(at, 'databricks-oom');
    const olga = writer(at, 'olga');
    const omar = writer(at, 'omar');
    const moved = await omar.commit({ 'NOTES.md': 'hello\n' }, [await omar.main()]);
    await omar.ask('PATCH', '/git/refs/heads/main', { sha: moved });
    const evil = await olga.commit(
      { 'NOTES.md': 'hello\n', [JOB_FILE]: jobText.replace('"num_workers": 4', '"num_workers": 16') },
      [pull.head, moved],
    );
    await olga.ask('PATCH', `/git/refs/heads/${pull.branch}`, { sha: evil });
    at.plant.clock.advance(60_000);
    await person(at, 'olga').say(pull.number, `/approve ${evil}`);
    const status = await statusOf(at, pull.number, 'approval_committer');
    expect(status).toContain('record_mismatch');
    expect((await person(at, 'olga').pulls()).some((one) => one.merged)).toBe(false);
  });

  test('cannot lift an owner’s hold by editing it', async () => {
    const at = await oom();
    const pull = await proposed(at, 'databricks-oom');
    await person(at, 'omar').say(pull.number, '/hold');
    await statusOf(at, pull.number, 'hold');
    at.plant.clock.advance(60_000);
    await person(at, 'olga').say(pull.number, `/approve ${pull.head}`);
    await statusOf(at, pull.number, 'counted: 1');
    const hold = (await person(at, 'olga').thread(pull.number)).find((note) => note.body === '/hold');
    at.plant.clock.advance(60_000);
    await writer(at, 'wendy').ask('PATCH', `/issues/comments/${hold?.id}`, { body: 'ok' });
    await statusOf(at, pull.number, 'approval_deleted');
    expect((await person(at, 'olga').pulls()).some((one) => one.merged)).toBe(false);
  });

  test('cannot lift an owner’s hold by editing it before anybody approves', async () => {
    const at = await oom();
    const pull = await proposed(at, 'databricks-oom');
    await person(at, 'omar').say(pull.number, '/hold');
    await statusOf(at, pull.number, 'hold');
    const hold = (await person(at, 'olga').thread(pull.number)).find((note) => note.body === '/hold');
    await writer(at, 'wendy').ask('PATCH', `/issues/comments/${hold?.id}`, { body: 'ok' });
    at.plant.clock.advance(60_000);
    await person(at, 'olga').say(pull.number, `/approve ${pull.head}`);
    const status = await statusOf(at, pull.number, 'approval_deleted');
    expect(status).toContain('`hold` `@omar`');
    expect((await person(at, 'olga').pulls()).some((one) => one.merged)).toBe(false);
  });

  test('cannot lend Sluice’s plan to a pull request of their own', async () => {
    const at = await oom();
    const wendy = writer(at, 'wendy');
    const sha = await wendy.commit({ [JOB_FILE]: jobText.replace('"num_workers": 4', '"num_workers": 1') }, [await wendy.main()]);
    await wendy.branch('sluice/2-1', sha);
    const squat = await wendy.pull('sluice/2-1');
    await postAlert(at, scenario('databricks-oom'), 'firing');
    const olga = person(at, 'olga');
    const ours = await until('a proposal under another name', async () =>
      (await olga.pulls()).find((one) => one.branch === 'sluice/2-2'),
    );
    await statusOf(at, ours.number, '/approve');
    const squatted = await olga.thread(squat);
    expect(squatted.some((note) => note.body.includes('### Plan for'))).toBe(false);
  });

  test('cannot keep Sluice from proposing by taking a branch name', async () => {
    const at = await oom();
    const wendy = writer(at, 'wendy');
    await wendy.branch('sluice/1-1', await wendy.main());
    const pull = await proposed(at, 'databricks-oom');
    expect(pull.branch).toBe('sluice/1-2');
  });

  test('cannot have a change applied that was merged while the mode did not allow it', async () => {
    const config = readFileSync(CONFIG, 'utf8');
    const at = await oom({ [CONFIG]: config.replace('mode: execute', 'mode: propose') });
    const pull = await proposed(at, 'databricks-oom');
    await person(at, 'olga').say(pull.number, `/approve ${pull.head}`);
    await statusOf(at, pull.number, 'counted: 1');
    const omar = writer(at, 'omar');
    await omar.ask('PUT', `/pulls/${pull.number}/merge`, { sha: pull.head, merge_method: 'merge' }).catch(() => null);
    await at.runner.idle();
    const executing = await omar.commit({ [CONFIG]: config }, [await omar.main()]);
    await omar.ask('PATCH', '/git/refs/heads/main', { sha: executing });
    await at.runner.idle();
    await wake(at, 5);
    expect(resets(at)).toBe(0);
  });
});

const merged = async (at: World) => (await person(at, 'olga').pulls()).some((one) => one.merged);

describe('a green check of the gate’s name', () => {
  test('by a workflow of a branch opens nothing, however well the change is approved', async () => {
    const at = await oom();
    const pull = await proposed(at, 'databricks-oom');
    const token = at.github.mintActionsToken({ permissions: { checks: 'write' }, runId: 1 });
    const run = { name: 'sluice/gate', head_sha: pull.head, status: 'completed', conclusion: 'success' };
    await writer(at, 'wendy', token).ask('POST', '/check-runs', run);
    await statusOf(at, pull.number, 'check_forged');
    await person(at, 'olga').say(pull.number, `/approve ${pull.head}`);
    const status = await statusOf(at, pull.number, 'counted: 1');
    expect(status).toContain('a check run by github-actions: success');
    expect(await merged(at)).toBe(false);
  });

  test('set as a status by a writer opens nothing either, and a new commit is needed', async () => {
    const at = await oom();
    const pull = await proposed(at, 'databricks-oom');
    await writer(at, 'wendy').ask('POST', `/statuses/${pull.head}`, { state: 'success', context: 'sluice/gate' });
    const status = await statusOf(at, pull.number, 'check_forged');
    expect(status).toContain('a commit status by wendy: success');
    expect(status).toContain('a new commit is needed');
    await person(at, 'olga').say(pull.number, `/approve ${pull.head}`);
    await statusOf(at, pull.number, 'counted: 1');
    expect(await merged(at)).toBe(false);
  });
});

describe('anybody', () => {
  test.each([
    'GET // HTTP/1.1\r\nHost: x\r\n\r\n',
    'POST /alerts/alertmanager HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{',
  ])('cannot end the App with a bad request: %j', async (request) => {
    const at = await oom();
    const { hostname, port } = new URL(at.appUrl);
    await new Promise<void>((resolve) => {
      const socket = connect(Number(port), hostname, () => socket.write(request));
      socket.on('data', () => socket.destroy());
      socket.on('close', () => resolve());
      socket.on('error', () => resolve());
      setTimeout(() => socket.destroy(), 500);
    });
    expect((await fetch(`${at.appUrl}/healthz`)).status).toBe(200);
  });
});

describe('a job that was rolled back', () => {
  test('admits no other change, however well approved, until its rollback is merged', async () => {
    world = await startWorld({ workloads: ['bad'] });
    await mergedAndRun(world, 'bad-fix');
    for (let look = 0; look < 6 && resets(world) < 2; look++) await wake(world, 45);
    expect(resets(world)).toBe(2);
    const [pull, sha] = await anotherChange(world);
    world.plant.clock.advance(60_000);
    await person(world, 'olga').say(pull, `/approve ${sha}`);
    await statusOf(world, pull, 'The gate is open');
    await writer(world, 'omar').ask('PUT', `/pulls/${pull}/merge`, { sha, merge_method: 'merge' });
    await world.runner.idle();
    await wake(world, 5);
    expect(world.runner.runs.at(-1)?.outputs['reason-codes']).toBe('diverged');
    expect(resets(world)).toBe(2);
  });
});

/** A sound record of another change of the same job, proposed by a person. */
async function anotherChange(at: World): Promise<readonly [number, string]> {
  const file = 'jobs/events-rollup.json';
  const omar = writer(at, 'omar');
  const { content } = await omar.ask('GET', `/contents/${file}`);
  const text = Buffer.from(String(content), 'base64').toString('utf8');
  const change = {
    file,
    selector: 'job_clusters[job_cluster_key=main].new_cluster.num_workers',
    old: '4',
    new: '5',
    reason: 'more',
    evidence: [],
  };
  const edited = applyChange('json', text, change);
  if (!edited.ok) throw new Error(edited.reason.observed);
  const expires_at = '2027-01-01T00:00:00.000Z';
  const [host, repository_id] = [at.plant.databricks.url, at.github.repositoryId];
  const sound = record({
    incident: 1,
    sequence: 9,
    target: 'events-rollup',
    job_id: jobIds.bad,
    host,
    repository_id,
    changes: [change],
    risk: 'medium',
    baseline: { failed: 1 },
    expires_at,
  });
  const sha = await omar.commit({ [file]: edited.value.text, '.sluice/changes/1-9.json': recordText(sound) }, [
    await omar.main(),
  ]);
  await omar.branch('another', sha);
  return [await omar.pull('another'), sha];
}
