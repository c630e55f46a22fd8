import { readFileSync } from 'node:fs';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { startWorld, type World } from '../../src/doors/demo/world.ts';
import { buildOnce, mergedAndRun, wake } from '../support/story.ts';

let world: World | null = null;
beforeAll(buildOnce);
afterEach(async () => {
  await world?.close();
  world = null;
});

const workflow = readFileSync('.github/workflows/rollout.yml', 'utf8');

test.each(['"true"', '"False"', '"no"', '""'])(
  'an Action with dry-run: %s says what the gate says and changes nothing anywhere',
  async (value) => {
    world = await startWorld({
      workloads: ['oom'],
      files: { '.github/workflows/rollout.yml': workflow.replace('dry-run: "false"', `dry-run: ${value}`) },
    });
    await mergedAndRun(world, 'databricks-oom');
    await wake(world, 30);
    expect(world.runner.runs.map((run) => run.outputs.decision)).toEqual(['dry-run', 'dry-run']);
    expect(world.runner.runs[0]?.outputs['reason-codes']).toBe('dry_run');
    const changing = world.github.calls
      .all()
      .filter(
        ({ actor, method, path }) =>
          /^(app:8|actions)$/.test(actor) && method !== 'GET' && !path.endsWith('/graphql') && !path.includes('access_tokens'),
      );
    expect(changing).toEqual([]);
    expect(world.plant.databricks.writes).toEqual([]);
  },
);
