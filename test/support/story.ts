import { execFileSync } from 'node:child_process';
import { type Person, personAt, type SeenPull } from '../../src/doors/demo/people.ts';
import { postAlert } from '../../src/doors/demo/play.ts';
import { SCENARIOS, type Scenario } from '../../src/doors/demo/scenarios.ts';
import type { World } from '../../src/doors/demo/world.ts';

/** Builds dist once, so that no child process has to. */
export function buildOnce(): void {
  execFileSync(process.execPath, ['bin/sluice.js', '--help'], { stdio: 'ignore' });
}

export function scenario(name: string): Scenario {
  const found = SCENARIOS.find((one) => one.name === name);
  if (!found) throw new Error(`no scenario ${name}`);
  return found;
}

export function person(world: World, login: string): Person {
  return personAt(world.github.url, `${world.github.owner}/${world.github.repo}`, login, `token-of-${login}`);
}

export async function until<T>(what: string, look: () => Promise<T | null | undefined | false>): Promise<T> {
  const end = Date.now() + 20_000;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > end) throw new Error(`gave up waiting for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Alert, incident, plan: up to a proposal whose status is posted. */
export async function proposed(world: World, name: string): Promise<SeenPull> {
  await postAlert(world, scenario(name), 'firing');
  const olga = person(world, 'olga');
  const pull = await until('a proposal', async () => {
    const [found] = await olga.pulls();
    return found && (await olga.thread(found.number)).some((note) => note.body.includes('sluice:status')) ? found : null;
  });
  world.plant.clock.advance(60_000);
  return pull;
}

/** Approved by an owner and merged; the Action that the merge started has ended. */
export async function mergedAndRun(world: World, name: string): Promise<SeenPull> {
  const pull = await proposed(world, name);
  const olga = person(world, 'olga');
  await olga.say(pull.number, `/approve ${pull.head}`);
  const merged = await until('a merge', async () => (await olga.pulls()).find((one) => one.number === pull.number && one.merge));
  await world.runner.idle();
  return merged;
}

/** Lets minutes pass and wakes the Action by its schedule. */
export async function wake(world: World, minutes: number): Promise<void> {
  world.plant.clock.advance(minutes * 60_000);
  world.runner.schedule();
  await world.runner.idle();
  await world.github.deliveries.settled();
}

export function resets(world: World): number {
  return world.plant.databricks.writes.filter((write) => write.path.endsWith('/jobs/reset')).length;
}

export function repairs(world: World): number {
  return world.plant.databricks.writes.filter((write) => write.path.endsWith('/runs/repair')).length;
}
