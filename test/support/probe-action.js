// Stands in for the Action's bundle: prints what a step can see and does what its input says.
import { appendFileSync, readdirSync, readFileSync } from 'node:fs';

const { env } = process;
const seen = {
  names: Object.keys(env).sort(),
  event: env.GITHUB_EVENT_NAME,
  payload: JSON.parse(readFileSync(env.GITHUB_EVENT_PATH, 'utf8')).action ?? null,
  inputs: Object.fromEntries(Object.entries(env).filter(([name]) => name.startsWith('INPUT_'))),
  workspace: readdirSync(env.GITHUB_WORKSPACE),
  ref: env.GITHUB_REF,
  sha: env.GITHUB_SHA,
};
process.stdout.write(`${JSON.stringify(seen)}\n`);
if (env.INPUT_SECRET) process.stdout.write(`the secret is ${env.INPUT_SECRET}\n`);
appendFileSync(env.GITHUB_OUTPUT, `decision<<END\nallow\nEND\nshort=yes\n`);
appendFileSync(env.GITHUB_STEP_SUMMARY, '# done\n');
const api = (path, init = {}) =>
  fetch(`${env.GITHUB_API_URL}/repos/${env.GITHUB_REPOSITORY}${path}`, {
    ...init,
    headers: { authorization: `Bearer ${env.INPUT_TOKEN}` },
  });
const act = env.INPUT_ACT ?? '';
if (act === 'fail') process.exitCode = 3;
if (act === 'comment')
  process.stdout.write(
    `status ${(await api('/issues/1/comments', { method: 'POST', body: '{"body":"from the job"}' })).status}\n`,
  );
if (act === 'dispatch') await api('/dispatches', { method: 'POST', body: '{"event_type":"again"}' });
if (act === 'hang') {
  await api('/labels');
  setInterval(() => {}, 1000);
}
if (act === 'slow') await new Promise((resolve) => setTimeout(resolve, 150));
if (act === 'identity') {
  const url = `${env.ACTIONS_ID_TOKEN_REQUEST_URL}&audience=databricks`;
  const answer = await fetch(url, { headers: { authorization: `Bearer ${env.ACTIONS_ID_TOKEN_REQUEST_TOKEN}` } });
  appendFileSync(env.GITHUB_OUTPUT, `jwt=${(await answer.json()).value}\n`);
}
