import { readdirSync, readFileSync } from 'node:fs';
import { expect } from 'vitest';
import type { AppPorts } from '../../src/doors/wiring.ts';
import { appPorts } from '../../src/doors/wiring.ts';
import { takeAlerts } from '../../src/flow/take-alerts.ts';
import type { Plant } from '../../src/twin/databricks/plant.ts';
import { APP_ID, APPLY_APP_ID, type Stage, stage } from './github.ts';
import { clockOf, rehearsalStart, signalOf } from './rehearsal.ts';

export const RECORD_KEY = 'a-record-key';

export interface OpenIncident {
  readonly at: Stage;
  readonly issue: number;
  /** The App's own ports, which can read the plant's workspace `prod`. */
  readonly ports: AppPorts;
}

function files(mode: string): Readonly<Record<string, string>> {
  const paths = ['jobs/orders-nightly.json', ...readdirSync('runbooks').map((name) => `runbooks/${name}`)];
  const target =
    '{name: orders-nightly, match: {job_name: orders-nightly}, files: [jobs/orders-nightly.json], kind: job-json, workspace: prod, job: {name: orders-nightly}, task: join_orders, rerun: repair}';
  return {
    ...Object.fromEntries(paths.map((path) => [path, readFileSync(path, 'utf8')])),
    '.github/CODEOWNERS': '* @olga\n',
    '.github/sluice.yml': `mode: ${mode}\ninvestigate: command\nlimits: {percent_per_step: 400}\ntargets:\n  - ${target}\n`,
  };
}

/** A repository with one open incident that the App opened, and nothing proposed yet. */
export async function openIncident(plant: Plant, mode = 'propose'): Promise<OpenIncident> {
  const at = await stage({ files: files(mode) });
  const { data } = await at.app.rest.repos.get(at.at);
  const bot = await at.app.request('GET /users/{username}', { username: 'sluice[bot]' });
  const servers = {
    workspaces: [{ name: 'prod', host: plant.databricks.url, token: plant.tokens.read }],
    metrics: [{ name: 'main', url: plant.metrics.url, headers: {} }],
  };
  const apps = { appId: APP_ID, applyAppId: APPLY_APP_ID, botLogin: 'sluice[bot]', recordKey: RECORD_KEY, twinClock: undefined };
  const facts = { id: data.id, defaultBranch: 'main', botId: Number(bot.data.id) };
  const ports = { ...appPorts(at.app, at.at, facts, { ...apps, ...servers }, { set: () => {} }), clock: clockOf(plant) };
  const alerts = { at: rehearsalStart.toISOString(), signals: [signalOf('oom')], truncated: 0 };
  expect(await takeAlerts([alerts], ports)).toEqual([null]);
  const [issue] = await ports.issues.findByMarker('<!-- sluice:incident');
  return { at, issue: issue?.number ?? 0, ports };
}
