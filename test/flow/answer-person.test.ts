import { describe, expect, test } from 'vitest';
import { decidePull } from '../../src/flow/decide.ts';
import { appOn } from '../support/incidents.ts';

const JOB = 'jobs/orders.json';
const CONFIG = `mode: execute
identity_labels: [job_id]
targets:
  - {name: orders, match: {job: orders}, files: [${JOB}], kind: job-json, workspace: prod, job: {name: orders}, rerun: never}
`;

/** A person's own pull request with this file, that the gate has seen. */
async function personsPull(path: string) {
  const app = await appOn(CONFIG, { [JOB]: '{"name": "orders"}\n', '.github/CODEOWNERS': '* @olga\n' });
  const { rest } = app.at.user('alice');
  const head = 'by-hand';
  const { data: main } = await rest.git.getRef({ ...app.at.at, ref: 'heads/main' });
  await rest.git.createRef({ ...app.at.at, ref: `refs/heads/${head}`, sha: main.object.sha });
  const content = Buffer.from('{"name": "orders", "max_concurrent_runs": 2}\n').toString('base64');
  const { data: old } = await rest.repos.getContent({ ...app.at.at, path, ref: head }).catch(() => ({ data: {} }));
  const sha = 'sha' in old ? { sha: old.sha } : {};
  await rest.repos.createOrUpdateFileContents({ ...app.at.at, path, message: 'x', content, branch: head, ...sha });
  const { data: pull } = await rest.pulls.create({ ...app.at.at, title: 'x', head, base: 'main' });
  await decidePull(pull.number, app.ports);
  return { say: (body: string) => app.say('olga', pull.number, body, true) };
}

describe('on a person’s own pull request that is under the gate', () => {
  test.each([
    ['/approve abc', '/approve [<12 to 40 hex'],
    ['/hold it please', 'stops merge and apply until /retry'],
    ['/Approve', '/approve [<12 to 40 hex'],
    ['/aprove', '/approve [<12 to 40 hex'],
  ])('%s is refused in words', async (command, words) => {
    const { say } = await personsPull(JOB);
    expect(await say(command)).toContain(words);
  });

  test.each([
    ['/status', 'The gate '],
    ['/help', 'A command is the first line of a new comment.'],
    ['/rollback', 'heard on the incident only'],
  ])('%s is answered', async (command, words) => {
    const { say } = await personsPull(JOB);
    expect(await say(command)).toContain(words);
  });

  test.each(['/deploy prod', '/rebase', '/lgtm', '/retest', '/ok-to-test', '/assign @olga'])(
    '%s is left to whomever it is meant for',
    async (command) => {
      const { say } = await personsPull(JOB);
      expect(await say(command)).toBe(command);
    },
  );
});

test.each(['/approve abc', '/help', '/status'])(
  '%s on a pull request that touches no target is left to others',
  async (command) => {
    const { say } = await personsPull('notes.txt');
    expect(await say(command)).toBe(command);
  },
);
