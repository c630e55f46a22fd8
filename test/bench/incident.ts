import { performance } from 'node:perf_hooks';
import { play, type Step } from '../../src/doors/demo/play.ts';
import { buildOnce, scenario } from '../support/story.ts';
import { atMost, median, type Row } from './measure.ts';

const PLAYS = 5;
const WANTED = { app: 50, action: 40 };

/** A whole incident in the twin with the App and the Action as processes: GitHub calls until it is closed, and the time to its plan. */
export async function incidentRows(): Promise<readonly Row[]> {
  buildOnce();
  const played = [];
  for (let round = 0; round < PLAYS; round++) played.push(await once());
  const { app, action } = played[0]?.calls ?? { app: Number.NaN, action: Number.NaN };
  const toPlan = median(played.map((one) => one.toPlan));
  return [
    atMost('alert posted → plan posted on the pull request, oom, p50 of 5', toPlan, 400, ' ms', ' (with opening and proposing)'),
    atMost('GitHub calls of a whole incident, App', app, WANTED.app, ''),
    atMost('GitHub calls of a whole incident, Action', action, WANTED.action, ''),
    atMost('GitHub calls of a whole incident', app + action, WANTED.app + WANTED.action, ''),
  ];
}

async function once() {
  let [posted, planned] = [Number.NaN, Number.NaN];
  const step: Step = (what) => {
    if (what.startsWith('Alertmanager posts')) posted = performance.now();
    if (what.startsWith('the App opens a pull request')) planned = performance.now();
  };
  const { world, incident } = await play(scenario('databricks-oom'), step);
  try {
    if (incident?.state !== 'closed') throw new Error('the incident was not closed');
    return { toPlan: planned - posted, calls: await world.calls() };
  } finally {
    await world.close();
  }
}
