import { expect, test } from 'vitest';
import { passed, runWords, writeWords } from '../../../src/doors/demo/words.ts';
import type { Run } from '../../../src/twin/actions/run.ts';

const run: Run = {
  ...{ id: 1, attempt: 1, workflow: 'w', event: 'push', sha: '', ref: '', exitCode: 0 },
  ...{ reason: null, stdout: '', stderr: '', summary: '', outputs: {} },
  state: 'success',
};

test.each([
  [{ decision: 'verified' }, ['the Action, on push: the change helped', 'verified']],
  [{ decision: 'refused', 'reason-codes': 'hold' }, ['the Action, on push: it may not go on', 'refused (hold)']],
  [{ decision: 'something-new' }, ['the Action, on push: something-new', 'something-new']],
])('a run that gave out %j is told in a sentence, its code beside it', (outputs, words) => {
  expect(runWords({ ...run, outputs })).toEqual(words);
});

test('a run that failed is told by its own words', () => {
  expect(runWords({ ...run, state: 'failure', stderr: 'no key' })).toEqual(['the Action, on push: it failed', 'failure\nno key']);
});

test.each([
  ['/api/2.2/jobs/reset', 'the Action writes the job’s settings to Databricks', 'jobs/reset of job 7'],
  ['/api/2.1/jobs/else', 'the Action writes to Databricks', 'jobs/else of job 7'],
])('a write to %s is told', (path, words, call) => {
  const write = { at: new Date(0), method: 'POST', path, jobId: '7', token: 'write', body: '' } as const;
  expect(writeWords(write)).toEqual([words, call]);
});

test.each([
  [1, 'a minute passes'],
  [45, '45 minutes pass'],
  [120, '2 hours pass'],
])('%s minutes: %s', (minutes, words) => {
  expect(passed(minutes)).toBe(words);
});
