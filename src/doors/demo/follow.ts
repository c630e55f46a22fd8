import type { Run } from '../../twin/actions/runner.ts';
import type { Person } from './people.ts';
import type { Step } from './play.ts';
import { until } from './until.ts';
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
  { minutes, incident }: { readonly minutes: number; readonly incident: number },
  step: Step,
): Promise<void> {
  let [seen, deployed] = [0, 0];
  let told = false;
  for (let look = 0; look < MOST_LOOKS; look++) {
    await world.runner.idle();
    await world.github.deliveries.settled();
    for (const run of world.runner.runs.slice(seen)) step(`the Action ran on ${run.event}`, said(run));
    seen = world.runner.runs.length;
    const last = world.runner.runs.at(-1)?.outputs.decision ?? '';
    if (!['applied', 'awaiting-run', 'waiting'].includes(last) && !mayPass(world.runner.runs.at(-1))) {
      await until('the report on the issue', () => noteOf(olga, incident, ENDS));
      return;
    }
    if (last === 'awaiting-run' && !told) {
      const note = await until('the wait on the issue', () => noteOf(olga, incident, /waiting for the next run/));
      step('the Action has ended, and the App is idle until then', `expected at ${expectationIn([note]) ?? 'an unknown time'}`);
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

function passed(minutes: number): string {
  if (minutes >= 120 && minutes % 60 === 0) return `${minutes / 60} hours pass`;
  return minutes === 1 ? 'a minute passes' : `${minutes} minutes pass`;
}

/** What a run of the Action said for itself: its decision, or its own words when it failed. */
function said(run: Run): string {
  const { decision, 'reason-codes': codes } = run.outputs;
  if (decision) return codes ? `${decision} (${codes})` : decision;
  return [run.state, run.reason, run.stdout, run.stderr].filter(Boolean).join('\n');
}
