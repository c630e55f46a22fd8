import { memoryAlarms } from '../../../src/adapters/memory/alarms.ts';
import { answerWake } from '../../../src/doors/app.ts';
import type { Delivery, Wake } from '../../../src/model/delivery.ts';
import type { Clock } from '../../../src/ports.ts';
import type { Plant } from '../../../src/twin/databricks/plant.ts';
import type { TwinGithub } from '../../../src/twin/github/index.ts';
import { appOn, propose } from './app.ts';

const REPOSITORY = 'acme/pipelines';

/** The App as a process: whatever breaks in it ends that attempt and what it had in mind, and it is started again. */
export interface Server {
  look(wake: Wake): Promise<void>;
  /** What waited for an instant that has come is judged again. */
  ring(): Promise<void>;
}

/** Comes up with one proposal open. */
export async function startServer(plant: Plant, github: TwinGithub, clock: Clock): Promise<Server> {
  let mind = await comeUp(plant, github, clock);
  await propose(mind.app, plant, github);
  const put = async (delivery: Delivery) => {
    if (delivery.kind === 'webhook') await look(delivery.wake);
    return true;
  };
  const look = async (wake: Wake): Promise<void> => {
    try {
      await answerWake(wake, 8, async () => mind.app, { put });
    } catch {
      // One call breaks; where it was the first one of coming up, whoever watches the process starts it once more.
      mind = await comeUp(plant, github, clock).catch(() => comeUp(plant, github, clock));
    }
  };
  return {
    look,
    ring: async () => {
      for (const delivery of mind.alarms.due(plant.clock.now())) await put(delivery);
    },
  };
}

async function comeUp(plant: Plant, github: TwinGithub, clock: Clock) {
  const alarms = memoryAlarms();
  return { alarms, app: await appOn(plant, github, clock, alarms.of(REPOSITORY)) };
}
