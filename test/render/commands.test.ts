import { describe, expect, test } from 'vitest';
import { commandLines, commandsText, costWords } from '../../src/render/commands.ts';

describe('the commands of a plan', () => {
  test('are one a line, quoted for a shell where they have to be', () => {
    const lines = commandLines([
      { do: 'set', file: 'jobs/a b.json', setting: "/name=it's" },
      { do: 'edit', file: 'jobs/a.tf', selector: 'x', value: null },
      { do: 'propose', pipeline: true },
      { do: 'deploy', bundleTarget: 'prod' },
      { do: 'repair', runId: '7' },
      { do: 'cancel-active', jobId: '42' },
      { do: 'run-now', jobId: '42' },
      { do: 'run-now', jobId: null },
    ]);
    expect(lines).toEqual([
      `sluice edit 'jobs/a b.json' --set '/name=it'\\''s' > edited && mv edited 'jobs/a b.json'`,
      '# edit jobs/a.tf: x to nothing',
      '# open a pull request with it; an owner approves with /approve <head SHA>, then the pipeline runs',
      'databricks bundle deploy -t prod',
      'databricks jobs repair-run 7 --rerun-all-failed-tasks',
      'databricks jobs cancel-all-runs --job-id 42',
      'databricks jobs run-now 42',
      'databricks jobs run-now <job id>',
    ]);
  });

  test('are folded away, in a fence that no value ends', () => {
    const text = commandsText([{ do: 'set', file: 'a', setting: 'k=```\n</details>' }]);
    expect(text).toMatch(/^<details><summary>Commands to do it by hand<\/summary>\n\n````sh\n[\s\S]*\n````\n\n<\/details>$/);
  });

  test.each([
    ['worker-hours an hour of the stream', '2 → 4 worker-hours an hour of the stream'],
    ['worker-hours a run', '2 → 4 worker-hours a run'],
  ])('a cost is %s', (note, words) => {
    expect(costWords({ before: 2, after: 4, note, evidence: [] })).toBe(words);
  });
});
