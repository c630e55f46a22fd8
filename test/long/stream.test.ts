import { readFileSync } from 'node:fs';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startWorld, type World, type WorldOptions } from '../../src/doors/demo/world.ts';
import { jobIds } from '../../src/twin/pipeline/workloads.ts';
import { buildOnce, mergedAndRun, person, until, wake } from '../support/story.ts';
import { doneTo, makeWeekly, underWay, uselessForLag, weeklyFile } from '../support/stream.ts';

let world: World | null = null;
beforeAll(buildOnce);
afterEach(async () => {
  await world?.close();
  world = null;
});

async function played(how: 'continuous' | 'weekly', files: WorldOptions['files'] = {}) {
  const at = await startWorld({ workloads: ['lag'], files: { ...(how === 'weekly' ? weeklyFile() : {}), ...files } });
  world = at;
  if (how === 'weekly') await makeWeekly(at);
  const before = at.plant.databricks.settingsText(jobIds.lag) ?? '';
  const pull = await mergedAndRun(at, 'kafka-lag');
  const olga = person(at, 'olga');
  const [incident] = await olga.issues();
  const told = async (words: string) =>
    until(words, async () =>
      (await olga.thread(incident?.number ?? 0)).map((note) => note.body).find((body) => body.includes(words)),
    );
  return { at, before, pull, told };
}

const CANCELLED = 'the active run is cancelled once; Databricks starts the next one by itself, with the new settings';
const RUN = 'the active run is cancelled and, when it has ended, the job is run once, with the new settings';
const AGAIN = ', and the stream is restarted once more';

describe('a stream', () => {
  test.each([
    ['continuous', CANCELLED, ['reset', 'cancel']],
    ['weekly', RUN, ['reset', 'cancel', 'run-now']],
  ] as const)('that is %s gets its new settings as its plan says', async (how, words, done) => {
    const { at, told } = await played(how);
    expect(await told('After the apply')).toContain(words);
    expect(await told('After the apply')).toContain(AGAIN);
    await wake(at, 45);

    expect(doneTo(at)).toEqual(done);
    await told('The change helped: verified.');
    expect(underWay(at).map(({ settings }) => settings)).toEqual([at.plant.databricks.settingsText(jobIds.lag)]);
  });

  test.each([
    ['continuous', ['reset', 'cancel', 'reset', 'cancel']],
    ['weekly', ['reset', 'cancel', 'run-now', 'reset', 'cancel', 'run-now']],
  ] as const)('that is %s and was not helped runs with its old settings again', async (how, done) => {
    const { at, before, told } = await played(how, uselessForLag());
    await wake(at, 45);
    await wake(at, 3);

    expect(doneTo(at)).toEqual(done);
    expect(await told('was rolled back')).toContain('The stream was started again with them.');
    expect(at.plant.databricks.settingsText(jobIds.lag)).toBe(before);
    expect(underWay(at).map(({ settings }) => settings)).toEqual([before]);
  });

  test('that the target does not let us restart goes on with what it has, is not judged, and the plan says so', async () => {
    const config = readFileSync('.github/sluice.yml', 'utf8').replaceAll('rerun: run-now', 'rerun: never');
    const { at, told } = await played('weekly', { '.github/sluice.yml': config });
    await wake(at, 45);

    expect(doneTo(at)).toEqual(['reset']);
    expect(await told('Also changes')).toContain('takes effect when the run is started again');
    await told('waiting for the next run');
    expect(at.runner.runs.at(-1)?.outputs.decision).toBe('awaiting-run');
  });
});
