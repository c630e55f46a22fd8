import { readFileSync } from 'node:fs';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startApp } from '../../src/doors/demo/app-child.ts';
import type { SeenPull } from '../../src/doors/demo/people.ts';
import { startWorld, type World } from '../../src/doors/demo/world.ts';
import { buildOnce, person, proposed, until } from '../support/story.ts';
import { writer } from '../support/writer.ts';

let world: World | null = null;
const apps: (() => Promise<void>)[] = [];
beforeAll(buildOnce);
afterEach(async () => {
  for (const stop of apps.splice(0)) await stop();
  await world?.close();
  world = null;
});

const AUTO = readFileSync('.github/sluice.yml', 'utf8');
const MANUAL = AUTO.replace('merge: auto', 'merge: manual');
/** The rehearsal starts on Friday 20 November 2026 at 03:00 UTC. */
const OPEN = '\nwindows:\n  - { name: night, days: [fri], from: "02:00", to: "06:00", zone: UTC }\n';
const LATER = '\nwindows:\n  - { name: morning, days: [fri], from: "05:00", to: "09:00", zone: UTC }\n';

async function conclusion(at: World, { head }: SeenPull): Promise<string | undefined> {
  const { check_runs } = await writer(at, 'olga').ask('GET', `/commits/${head}/check-runs?check_name=sluice/gate`);
  const runs: readonly { readonly id: number; readonly conclusion: string }[] = check_runs ?? [];
  return [...runs].sort((a, b) => b.id - a.id)[0]?.conclusion;
}

const concluded = (at: World, pull: SeenPull, wanted: string) =>
  until(`a check that is ${wanted}`, async () => (await conclusion(at, pull)) === wanted);

/** Approved and left to people to merge: the check is green. */
async function green(config: string): Promise<{ readonly at: World; readonly pull: SeenPull }> {
  const at = await startWorld({ workloads: ['oom'], files: { '.github/sluice.yml': config } });
  world = at;
  const pull = await proposed(at, 'databricks-oom');
  await person(at, 'olga').say(pull.number, `/approve ${pull.head}`);
  await concluded(at, pull, 'success');
  return { at, pull };
}

/** A commit on the default branch, as whoever may push there makes it. */
async function pushed(at: World, path: string, text: string): Promise<void> {
  const wendy = writer(at, 'wendy');
  await wendy.ask('PATCH', '/git/refs/heads/main', { sha: await wendy.commit({ [path]: text }, [await wendy.main()]) });
}

/** A pull request by wendy that the owner of the policy approves, merged. */
async function changed(at: World, path: string, text: string): Promise<void> {
  const wendy = writer(at, 'wendy');
  const head = await wendy.commit({ [path]: text }, [await wendy.main()]);
  await wendy.branch('policy', head);
  const pull = await wendy.pull('policy');
  at.plant.clock.advance(60_000);
  await person(at, 'omar').say(pull, `/approve ${head}`);
  await at.github.deliveries.settled();
  await wendy.ask('PUT', `/pulls/${pull}/merge`, { sha: head, merge_method: 'merge' });
}

describe('a check that was green is so no longer', () => {
  test('when the window closes', async () => {
    const { at, pull } = await green(MANUAL + OPEN);
    at.plant.clock.advance(4 * 3_600_000);
    await concluded(at, pull, 'action_required');
  });

  test('also when GitHub takes no check at the moment at which it closes', async () => {
    const { at, pull } = await green(MANUAL + OPEN);
    await at.github.deliveries.settled();
    for (const method of ['POST', 'PATCH'])
      at.github.faults.add({ match: { method, path: /\/check-runs/ }, respond: { status: 502, body: {} } });
    const givenUp = new Promise<void>((resolve) => {
      at.appChild.stdout?.on('data', (chunk: Buffer) => chunk.includes('a delivery failed') && resolve());
    });
    at.plant.clock.advance(4 * 3_600_000);
    await givenUp;
    expect(await conclusion(at, pull)).toBe('success');
    at.github.faults.clear();
    // The log speaks a moment before the next look is set: an advance in between passes it by.
    for (let looks = 0; looks < 4 && (await conclusion(at, pull)) === 'success'; looks++) {
      at.plant.clock.advance(10 * 60_000);
      await new Promise((resolve) => setTimeout(resolve, 2000));
    }
    await concluded(at, pull, 'action_required');
  });

  test('when the approval has expired', async () => {
    const { at, pull } = await green(`${MANUAL}\nproposal_ttl: 720h\n`);
    at.plant.clock.advance(73 * 3_600_000);
    await concluded(at, pull, 'action_required');
  });

  test('when the policy on the default branch no longer allows it', async () => {
    const { at, pull } = await green(MANUAL);
    await changed(at, '.github/sluice.yml', MANUAL + LATER);
    await concluded(at, pull, 'action_required');
  });

  test('when somebody else owns the file from now on', async () => {
    const { at, pull } = await green(MANUAL);
    await changed(at, '.github/CODEOWNERS', '* @omar\n');
    await concluded(at, pull, 'action_required');
  });

  test('when who decides was changed around the gate', async () => {
    const { at, pull } = await green(MANUAL);
    await pushed(at, '.github/CODEOWNERS', '* @olga\n');
    await concluded(at, pull, 'failure');
  });
});

test('what waits for its window goes through by itself also when the App was started anew in between', async () => {
  const at = await startWorld({ workloads: ['oom'], files: { '.github/sluice.yml': AUTO + LATER } });
  world = at;
  const pull = await proposed(at, 'databricks-oom');
  const olga = person(at, 'olga');
  await olga.say(pull.number, `/approve ${pull.head}`);
  await until('the wait in the status', async () =>
    (await olga.thread(pull.number)).some((note) => note.body.includes('outside_window') && note.body.includes('@olga approved')),
  );
  const ended = new Promise((resolve) => at.appChild.once('exit', resolve));
  at.appChild.kill('SIGKILL');
  await ended;
  at.plant.clock.advance(3 * 3_600_000);
  await startApp(at.appEnvironment, { add: (stop) => void apps.push(stop) });

  await until('a merge', async () => (await olga.pulls()).find((one) => one.number === pull.number && one.merge));
  expect((await olga.pulls()).filter((one) => one.merge)).toHaveLength(1);
});
