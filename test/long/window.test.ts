import { readFileSync } from 'node:fs';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { startWorld, type World } from '../../src/doors/demo/world.ts';
import { buildOnce, person, proposed, resets, until, wake } from '../support/story.ts';

let world: World | null = null;
beforeAll(buildOnce);
afterEach(async () => {
  await world?.close();
  world = null;
});

const config = readFileSync('.github/sluice.yml', 'utf8');
/** The rehearsal starts on Friday 20 November 2026 at 03:00 UTC, which is 04:00 in Berlin. */
const OFFICE = '\nwindows:\n  - { name: office, days: [mon-fri], from: "06:00", to: "16:00", zone: Europe/Berlin }\n';

test('what was approved outside a window waits, and goes through by itself when it opens', async () => {
  const at = await startWorld({ workloads: ['oom'], files: { '.github/sluice.yml': config + OFFICE } });
  world = at;
  const pull = await proposed(at, 'databricks-oom');
  const olga = person(at, 'olga');
  await olga.say(pull.number, `/approve ${pull.head}`);
  const waiting = await until('the wait in the status', async () => {
    const sticky = (await olga.thread(pull.number)).find((note) => note.body.includes('sluice:status'))?.body ?? '';
    return sticky.includes('@olga approved') && sticky.includes('outside_window') ? sticky : null;
  });
  expect(waiting).toContain('The next window opens at 2026-11-20T05:00:00Z');
  expect((await olga.pulls())[0]?.merged).toBe(false);
  at.plant.clock.advance(2 * 3_600_000);
  await until('a merge', async () => (await olga.pulls()).find((one) => one.merged));
  await at.runner.idle();
  expect(resets(at)).toBe(1);
});

test('a change merged in a window is not applied in a freeze that begins before the Action looks', async () => {
  const freeze = '\nfreezes:\n  - { name: stop, from: "2026-11-20", to: "2026-11-21", zone: UTC }\n';
  const at = await startWorld({
    workloads: ['oom'],
    files: { '.github/sluice.yml': config.replace('merge: auto', 'merge: manual') + freeze },
  });
  world = at;
  const pull = await proposed(at, 'databricks-oom');
  const olga = person(at, 'olga');
  await olga.say(pull.number, `/approve ${pull.head}`);
  await fetch(`${at.github.url}/repos/acme/pipelines/pulls/${pull.number}/merge`, {
    method: 'PUT',
    headers: { authorization: 'Bearer token-of-omar', 'content-type': 'application/json' },
    body: JSON.stringify({ sha: pull.head, merge_method: 'merge' }),
  });
  await at.runner.idle();
  expect(at.runner.runs.at(-1)?.outputs['reason-codes']).toContain('freeze_active');
  expect(resets(at)).toBe(0);
  await wake(at, 48 * 60);
  // Two days later the freeze is over; the approval is 48 h old and still counts.
  expect(resets(at)).toBe(1);
});
