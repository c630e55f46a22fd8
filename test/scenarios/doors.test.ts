import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startWorld, type World } from '../../src/doors/demo/world.ts';
import { jobIds } from '../../src/twin/pipeline/workloads.ts';
import { buildOnce, person, until } from '../support/story.ts';
import { writer } from '../support/writer.ts';

let world: World | null = null;
beforeAll(buildOnce);
afterEach(async () => {
  await world?.close();
  world = null;
});

async function oom(): Promise<World> {
  world = await startWorld({ workloads: ['oom'] });
  return world;
}

/** As Databricks posts it: the ids are numbers beyond what a double holds. */
function notify(at: World, event: string): Promise<Response> {
  const authorization = `Basic ${Buffer.from(`databricks:${at.alertToken}`).toString('base64')}`;
  const body = `{"event_type": "${event}", "workspace_id": 1, "run": {"run_id": 9007199254741045}, "job": {"job_id": ${jobIds.oom}, "name": "orders-nightly"}}`;
  return fetch(`${at.appUrl}/alerts/databricks`, { method: 'POST', headers: { authorization }, body });
}

describe('Databricks’ own notification', () => {
  test('of a failed run is diagnosed by that run’s own error, and proposed against; a success resolves it', async () => {
    const at = await oom();
    expect((await notify(at, 'jobs.on_failure')).status).toBe(202);
    const olga = person(at, 'olga');
    const pull = await until('a proposal', async () => (await olga.pulls())[0]);
    const said = await until('the answer', async () => (await olga.thread(1))[0]);
    expect(said.body).toContain('by runbook `databricks-job-oom`');
    expect(said.body).toContain(`Proposed in #${pull.number}`);
    expect((await olga.issues())[0]?.title).toBe('A Databricks job failed: orders-nightly');
    at.plant.clock.advance(120_000);
    expect((await notify(at, 'jobs.on_success')).status).toBe(202);
    await until('the resolve', async () => (await olga.issues())[0]?.body.startsWith('**Resolved**'));
    expect(await olga.issues()).toHaveLength(1);
  });
});

describe('repository_dispatch', () => {
  test('of type sluice-alert opens an incident as Alertmanager would', async () => {
    const at = await oom();
    const labels = { alertname: 'SparkJobOutOfMemory', job_id: jobIds.oom, job_name: 'orders-nightly' };
    const alert = { status: 'firing', labels, annotations: {}, startsAt: '2026-11-20T03:00:00Z', endsAt: '0001-01-01T00:00:00Z' };
    await writer(at, 'wendy').ask('POST', '/dispatches', {
      event_type: 'sluice-alert',
      client_payload: { version: '4', status: 'firing', alerts: [alert], truncatedAlerts: 2 },
    });
    const issue = await until('an incident', async () => (await person(at, 'olga').issues())[0]);
    expect(issue.body).toContain('from dispatch');
    expect(issue.body).toContain('left 2 more alerts out');
  });
});

describe('a storm', () => {
  test('of sixty posts at once is twenty incidents and one summary of the others', async () => {
    const at = await oom();
    const post = (id: number) => {
      const labels = { alertname: 'Unheard', job_id: String(id) };
      const alert = { status: 'firing', labels, annotations: {}, startsAt: '2026-11-20T03:00:00Z', fingerprint: `f${id}` };
      const headers = { authorization: `Bearer ${at.alertToken}` };
      const body = JSON.stringify({ version: '4', status: 'firing', alerts: [alert] });
      return fetch(`${at.appUrl}/alerts/alertmanager`, { method: 'POST', headers, body });
    };
    const answers = await Promise.all(Array.from({ length: 60 }, (_, index) => post(index + 1)));
    expect(answers.map((answer) => answer.status)).not.toContain(500);
    const olga = person(at, 'olga');
    const bodies = await until('every alert somewhere', async () => {
      const issues = await olga.issues();
      const all = issues.map((issue) => issue.body).join('\n');
      const there = (id: number) => all.includes(`| \`job_id\` | \`${id}\` |`) || all.includes(`\`job_id=${id}\``);
      return Array.from({ length: 60 }, (_, index) => index + 1).every(there) ? issues : null;
    });
    expect(bodies.filter((issue) => issue.body.includes('sluice:incident'))).toHaveLength(20);
    expect(bodies.filter((issue) => issue.body.includes('sluice:storm'))).toHaveLength(1);
  });
});
