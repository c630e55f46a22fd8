import type { Remark, Thread } from '../../model/thread.ts';
import { jobIds, workload } from '../../twin/pipeline/workloads.ts';
import { followRollout } from './follow.ts';
import { type Person, personAt, type SeenPull } from './people.ts';
import type { Scenario } from './scenarios.ts';
import { until } from './until.ts';
import { startWorld, type World, type WorldOptions } from './world.ts';

/** What happened, step by step, as it happens. */
export type Step = (what: string, detail?: string) => void;

export interface Played {
  readonly world: World;
  readonly incident: Thread | null;
  readonly pull: SeenPull | null;
  readonly rollback: SeenPull | null;
  readonly settingsBefore: string;
  readonly settingsAfter: string;
  readonly issueThread: readonly Said[];
  readonly pullThread: readonly Said[];
  readonly remarks: readonly Remark[];
  readonly rollbackThread: readonly Said[];
}

/** One comment as it stands on GitHub at the end. */
export interface Said {
  readonly login: string;
  readonly body: string;
}

/** Twin time between two looks at a pipeline that needs its next run. */
const LOOK_AGAIN_MINUTES = 45;

/** Plays one scenario: the alert comes in, people read and answer, and twin time moves until the story has ended. */
export async function play(scenario: Scenario, step: Step, options: Partial<WorldOptions> = {}): Promise<Played> {
  const world = await startWorld({
    workloads: [scenario.workload],
    ...(scenario.files && { files: scenario.files }),
    ...options,
  });
  try {
    return await playIn(world, scenario, step);
  } catch (error) {
    await tellThreads(world, step);
    await world.close();
    throw error;
  }
}

/** What stands on GitHub when a play is given up: there is no better explanation. */
async function tellThreads(world: World, step: Step): Promise<void> {
  const olga = personOf(world, 'olga');
  const numbers = [...(await olga.issues()), ...(await olga.pulls())].map((one) => one.number);
  for (const number of numbers) for (const note of await olga.thread(number)) step(`#${number} @${note.login}`, note.body);
}

async function playIn(world: World, scenario: Scenario, step: Step): Promise<Played> {
  const jobId = jobIds[scenario.workload];
  const settingsBefore = world.plant.databricks.settingsText(jobId) ?? '';
  step(
    'the world stands',
    `GitHub ${world.github.url}, Databricks ${world.plant.databricks.url}, the App in a process of its own`,
  );
  await raiseAlert(world, scenario, step);
  const olga = personOf(world, 'olga');
  const incident = await until('an incident issue', async () => (await olga.issues())[0] ?? null);
  step('the App opens an incident', `#${incident.number} ${incident.title}`);
  const pull = await proposalOrEnd(olga, incident.number, step);
  if (pull) await approve(scenario, world, pull, step);
  const merged = pull ? await afterApproval(scenario, olga, pull, step) : null;
  const minutes = scenario.lookAgainMinutes ?? LOOK_AGAIN_MINUTES;
  if (merged && pull) await followRollout(world, olga, { minutes, incident: incident.number, pull: pull.number }, step);
  await world.github.deliveries.settled();
  const pulls = await olga.pulls();
  const rollback = pulls.find((one) => one.number !== pull?.number) ?? null;
  const ended = (await olga.issues()).find((issue) => issue.number === incident.number) ?? incident;
  return {
    world,
    incident: ended,
    pull: pulls.find((one) => one.number === pull?.number) ?? null,
    rollback,
    settingsBefore,
    settingsAfter: world.plant.databricks.settingsText(jobId) ?? '',
    issueThread: await olga.thread(incident.number),
    pullThread: pull ? await olga.thread(pull.number) : [],
    remarks: pull ? await olga.remarks(pull.number) : [],
    rollbackThread: rollback ? await olga.thread(rollback.number) : [],
  };
}

function personOf(world: World, login: string): Person {
  return personAt(world.github.url, `${world.github.owner}/${world.github.repo}`, login, `token-of-${login}`);
}

async function raiseAlert(world: World, scenario: Scenario, step: Step): Promise<void> {
  if (world.monitor) {
    step('the rule fires in Prometheus', await world.monitor.begin({ url: world.appUrl, token: world.alertToken }));
    return;
  }
  await postAlert(world, scenario, 'firing');
  step('Alertmanager posts the alert', workload(scenario.workload, world.plant.clock.now()).alert.labels.alertname);
}

/** As Alertmanager posts it: version 4, one alert a group. */
export async function postAlert(world: World, scenario: Scenario, status: 'firing' | 'resolved'): Promise<void> {
  const now = world.plant.clock.now();
  const { labels, annotations } = workload(scenario.workload, now).alert;
  const alert = {
    status,
    labels,
    annotations,
    startsAt: now.toISOString(),
    endsAt: '0001-01-01T00:00:00Z',
    generatorURL: '',
    fingerprint: '0123456789abcdef',
  };
  const group = {
    version: '4',
    groupKey: '{}:{}',
    status,
    receiver: 'sluice',
    groupLabels: {},
    commonLabels: labels,
    commonAnnotations: annotations,
    externalURL: '',
    truncatedAlerts: 0,
  };
  const response = await fetch(`${world.appUrl}/alerts/alertmanager`, {
    method: 'POST',
    headers: { authorization: `Bearer ${world.alertToken}`, 'content-type': 'application/json' },
    body: JSON.stringify({ ...group, alerts: [alert] }),
  });
  if (response.status !== 202) throw new Error(`the App answered ${response.status} to the alert: ${await response.text()}`);
}

/** The proposal once its plan is posted; null when the incident ends, or stays, without one. */
async function proposalOrEnd(olga: Person, incident: number, step: Step): Promise<SeenPull | null> {
  const found = await until('a plan or an end', async () => {
    const [pull] = await olga.pulls();
    if (
      pull &&
      (await olga.thread(pull.number)).some(
        (note) => note.body.includes(`/approve ${pull.head}`) && note.body.includes('sluice:status'),
      )
    )
      return pull;
    const issue = (await olga.issues()).find((one) => one.number === incident);
    if (issue?.state === 'closed') return 'ended' as const;
    const notes = await olga.thread(incident);
    return notes.some((note) => note.body.includes('Sluice stopped here') || note.body.includes('No change is proposed'))
      ? ('told' as const)
      : null;
  });
  if (found === 'ended') step('the App finds nothing wrong', 'the issue is closed as not planned, with the evidence');
  if (found === 'told') step('the App proposes no change', 'the issue says why');
  if (typeof found === 'string') return null;
  step('the App opens a pull request', `#${found.number} at ${found.head.slice(0, 12)}`);
  return found;
}

async function approve(scenario: Scenario, world: World, pull: SeenPull, step: Step): Promise<void> {
  await world.plant.clock.sleep(scenario.thinkingMinutes * 60_000);
  for (const login of scenario.approvers) {
    await personOf(world, login).say(pull.number, `/approve ${pull.head}`);
    step(`@${login} says /approve`, pull.head);
  }
}

/** The merge commit, or null once the gate has answered that the approval does not count. */
async function afterApproval(scenario: Scenario, olga: Person, pull: SeenPull, step: Step): Promise<string | null> {
  const end = await until('a merge or an answer', async () => {
    const now = (await olga.pulls()).find((one) => one.number === pull.number);
    if (now?.merge) return { merge: now.merge };
    const answered = (await olga.thread(pull.number)).some((note) => note.ours && note.body.includes('changes nothing'));
    return answered && !scenario.ending.merged ? { merge: null } : null;
  });
  step(end.merge ? 'the gate allows, the App merges' : 'the gate answers: this approval does not count', end.merge ?? undefined);
  return end.merge;
}
