import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startApp } from '../../src/doors/demo/app-child.ts';
import { postAlert } from '../../src/doors/demo/play.ts';
import { startWorld, type World } from '../../src/doors/demo/world.ts';
import { buildOnce, person, scenario, until } from '../support/story.ts';

/**
 * The App loses its machine right after a call took effect and before the answer arrived, at every call that changes something between the
 * alert and the plan, in the order of one undisturbed attempt. What wakes it again is the alert, which Alertmanager repeats.
 */
const BOUNDARIES = [
  'the incident is opened',
  'the tree is made',
  'the commit is made',
  'the branch is made',
  'the pull request is opened',
  'the plan is posted',
  'the incident is answered',
];

let world: World | null = null;
const apps: (() => Promise<void>)[] = [];
beforeAll(buildOnce);
afterEach(async () => {
  for (const stop of apps.splice(0)) await stop();
  await world?.close();
  world = null;
});

/** The same App again, with just the environment that it had; it knows nothing and hears nothing yet, so it may start early. */
function startAgain(at: World): ReturnType<typeof startApp> {
  return startApp(at.appEnvironment, { add: (stop) => void apps.push(stop) });
}

/** From now on GitHub's webhooks and the alerts go there. */
async function goOnWith(started: ReturnType<typeof startApp>, at: World): Promise<World> {
  const { url: appUrl, process: appChild } = await started;
  at.github.setAppWebhook(7, `${appUrl}/api/github/webhooks`, at.appEnvironment.WEBHOOK_SECRET ?? '');
  return { ...at, appUrl, appChild };
}

/** Calls of the App that change something before the gate is asked; `onCall` sees each as soon as it took effect. */
function watch(at: World, onCall: (count: number) => void): void {
  let seen = 0;
  at.github.onExchange(({ method, path }) => {
    const last = at.github.calls.all().at(-1);
    const gate = path.endsWith('/check-runs') || /\/issues\/2\/comments$/.test(path);
    if (last?.actor !== 'app:7' || method === 'GET' || path.endsWith('/graphql') || path.includes('access_tokens') || gate)
      return;
    seen++;
    onCall(seen);
  });
}

async function planned(at: World) {
  const olga = person(at, 'olga');
  return until('a plan and its status', async () => {
    const [pull] = await olga.pulls();
    const notes = pull ? await olga.thread(pull.number) : [];
    return (
      notes.some((note) => note.body.includes('sluice:status')) && notes.some((note) => note.body.startsWith('### Plan for'))
    );
  });
}

/** The issue's answer, once: with every mark in one comment. */
async function answered(at: World) {
  const olga = person(at, 'olga');
  return until('the answer on the issue', async () => {
    const notes = await olga.thread(1);
    return notes.some((note) => note.body.includes('Proposed in #2')) ? notes : null;
  });
}

describe('an App that is killed', () => {
  test.each(BOUNDARIES.map((name, index) => [name, index + 1] as const))(
    'as soon as %s leaves one incident, one open pull request and one plan once the alert comes again',
    async (_, boundary) => {
      const first = await startWorld({ workloads: ['oom'] });
      world = first;
      const killed = new Promise((resolve) => first.appChild.once('exit', resolve));
      watch(first, (count) => {
        if (count === boundary) first.appChild.kill('SIGKILL');
      });
      const second = startAgain(first);
      await postAlert(first, scenario('databricks-oom'), 'firing');
      await killed;
      const again = await goOnWith(second, first);
      await postAlert(again, scenario('databricks-oom'), 'firing');
      await planned(again);
      const notes = await answered(again);

      const olga = person(again, 'olga');
      expect(await olga.issues()).toHaveLength(1);
      const pulls = await olga.pulls();
      expect(pulls.map(({ number, state, branch }) => [number, state, branch])).toEqual([[2, 'open', 'sluice/1-1']]);
      const thread = await olga.thread(2);
      expect(thread.filter((note) => note.body.startsWith('### Plan for'))).toHaveLength(1);
      expect(thread.filter((note) => note.body.includes('sluice:status'))).toHaveLength(1);
      expect(notes.filter((note) => note.body.includes('Proposed in #2'))).toHaveLength(1);
    },
  );

  test('is not needed for an undisturbed attempt: the boundaries above are all there are', async () => {
    world = await startWorld({ workloads: ['oom'] });
    let calls = 0;
    watch(world, (count) => {
      calls = count;
    });
    await postAlert(world, scenario('databricks-oom'), 'firing');
    await planned(world);
    await answered(world);
    expect(calls).toBe(BOUNDARIES.length);
  });
});
