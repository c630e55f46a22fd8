import type { Run } from '../../twin/actions/runner.ts';
import type { Person } from './people.ts';
import type { Step } from './play.ts';
import { until } from './until.ts';
import { passed, runWords, writeWords } from './words.ts';
import type { World } from './world.ts';

/** How often to look before the play is left as it is; its ending then says what is missing. */
const MOST_LOOKS = 12;
/** How the issue says that a rollout has ended. */
const ENDS = /verified\.|rolled back\.|taken back|A person must look|was not applied|in doubt/;

/**
 * Lets twin time pass, so many minutes from look to look, until the rollout has ended. The schedule wakes the Action each time; in between
 * nothing waits in a process.
 */
export async function followRollout(
  world: World,
  olga: Person,
  story: { readonly minutes: number; readonly incident: number; readonly pull: number },
  step: Step,
): Promise<void> {
  const { minutes, incident } = story;
  let [seen, written, deployed] = [0, 0, 0];
  let told = false;
  for (let look = 0; look < MOST_LOOKS; look++) {
    await world.runner.idle();
    await world.github.deliveries.settled();
    const { writes } = world.plant.databricks;
    for (const write of writes.slice(written)) if (write.token === 'write') step(...writeWords(write));
    for (const run of world.runner.runs.slice(seen)) step(...runWords(run));
    [seen, written] = [world.runner.runs.length, writes.length];
    const last = world.runner.runs.at(-1)?.outputs.decision ?? '';
    if (!['applied', 'awaiting-run', 'waiting'].includes(last) && !mayPass(world.runner.runs.at(-1))) {
      await until('the report on the issue', () => noteOf(olga, incident, ENDS));
      return tellEnd(olga, story, last, step);
    }
    if (last === 'awaiting-run' && !told) {
      const note = await until('the wait on the issue', () => noteOf(olga, incident, /waiting for the next run/));
      const expected = `at ${expectationIn([note]) ?? 'an unknown time'}`;
      step('the Action has ended and the App is idle; the issue says when the change can be judged', expected);
      told = true;
    }
    await world.plant.clock.sleep(minutes * 60_000);
    step(passed(minutes), world.plant.clock.now().toISOString());
    await world.deploys.settled();
    for (const name of world.deploys.done.slice(deployed)) step('the team’s own pipeline has deployed', name);
    deployed = world.deploys.done.length;
    world.runner.schedule();
  }
}

/** What the App made of the end, as it stands on GitHub. */
async function tellEnd(
  olga: Person,
  { incident, pull }: { readonly incident: number; readonly pull: number },
  decision: string,
  step: Step,
): Promise<void> {
  if (decision === 'verified') {
    const isClosed = async () =>
      (await olga.issues()).find(({ number, state }) => number === incident && state === 'closed') ?? null;
    await until('the closed issue', isClosed);
    step('the App closes the incident', `#${incident}`);
  }
  const rollback = (await olga.pulls()).find((one) => one.number !== pull);
  if (!rollback) return;
  await until('the status of the rollback', () => noteOf(olga, rollback.number, /sluice:status/));
  step('the App proposes to take the change back in Git, too', `#${rollback.number} ${rollback.title}`);
}

/** Whether what the Action refused may pass at its next wake-up: a reading that failed, or a lull in the trouble. */
function mayPass(run: Run | undefined): boolean {
  const codes = run?.outputs['reason-codes']?.split(',') ?? [];
  return (
    run?.outputs.decision === 'refused' &&
    codes.length > 0 &&
    codes.every((code) => ['facts_unavailable', 'recovered'].includes(code))
  );
}

async function noteOf(olga: Person, incident: number, says: RegExp): Promise<{ readonly body: string } | null> {
  return (await olga.thread(incident)).find((note) => note.ours && says.test(note.body)) ?? null;
}

/** The time at which the issue says to expect the run that is judged; null when it says none. */
export function expectationIn(thread: readonly { readonly body: string }[]): string | null {
  return thread.map((note) => /^Expected at (\S+)\.$/m.exec(note.body)?.[1]).find((found) => found !== undefined) ?? null;
}
