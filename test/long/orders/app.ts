import { generateKeyPairSync } from 'node:crypto';
import { createAppAuth } from '@octokit/auth-app';
import { Octokit } from '@octokit/core';
import { recordText } from '../../../src/core/record.ts';
import { type AppPorts, appPorts } from '../../../src/doors/wiring.ts';
import type { Alarm, Clock } from '../../../src/ports.ts';
import { PROPOSAL_MARKER } from '../../../src/render/command.ts';
import type { Plant } from '../../../src/twin/databricks/plant.ts';
import type { TwinGithub } from '../../../src/twin/github/index.ts';
import { jobIds } from '../../../src/twin/pipeline/workloads.ts';
import { record } from '../../support/gate.ts';
import { JOB_FILE, JOB_TEXT, RECORD_FILE, SELECTOR, withPartitions } from './job.ts';

export const keys = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});

export async function appOn(plant: Plant, github: TwinGithub, clock: Clock, alarm: Alarm): Promise<AppPorts> {
  const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
  const auth = { appId: 7, privateKey: keys.privateKey, installationId: 100 };
  const octokit = new Octokit({ authStrategy: createAppAuth, auth, baseUrl: github.url, log: quiet });
  const bot = await octokit.request('GET /users/{username}', { username: 'sluice[bot]' });
  const facts = { id: github.repositoryId, defaultBranch: 'main', botId: Number(bot.data.id) };
  const workspaces = [{ name: 'prod', host: plant.databricks.url, token: plant.tokens.read, patience: 0 }];
  const settings = {
    botLogin: 'sluice[bot]',
    appId: 7,
    applyAppId: 8,
    recordKey: 'k',
    workspaces,
    metrics: [],
    twinClock: undefined,
  };
  return { ...appPorts(octokit, { owner: 'acme', repo: 'pipelines' }, facts, settings, alarm), clock };
}

/** The incident #1 and its proposal #2: 800 partitions instead of 200. */
export async function propose(app: AppPorts, plant: Plant, github: TwinGithub): Promise<void> {
  await app.issues.open('An incident', 'x', []);
  const change = { file: JOB_FILE, selector: SELECTOR, old: '"200"', new: '"800"', reason: 'more', evidence: ['E1'] };
  const own = record({
    ...{ incident: 1, sequence: 1, target: 'orders-nightly', repository_id: github.repositoryId },
    ...{ host: plant.databricks.url, job_id: jobIds.oom, changes: [change], baseline: { failed: 1 }, runbook: null },
    expires_at: '2026-11-24T03:00:00.000Z',
  });
  const files = [
    { path: JOB_FILE, text: withPartitions(JOB_TEXT, '800') },
    { path: RECORD_FILE, text: recordText(own) },
  ];
  await app.proposals.commit('sluice/1-1', await app.content.tip('main'), files, 'Propose a change');
  await app.proposals.open('sluice/1-1', 'A change', PROPOSAL_MARKER, false);
  plant.clock.advance(60_000);
}

export function actionInputs(plant: Plant, github: TwinGithub, token: string, run: string) {
  return {
    ...{ owner: 'acme', repo: 'pipelines', apiUrl: github.url, githubToken: token, dryRun: false, run, runUrl: '' },
    ...{
      workspace: 'prod',
      environment: 'prod',
      databricksHost: plant.databricks.url,
      databricksToken: plant.tokens.write,
      databricksClientId: '',
      databricksAudience: '',
    },
    ...{ metrics: null, spark: null, applyAppId: '8', applyAppKey: keys.privateKey },
    ...{ serverBotId: String(200_000_007), twinClock: plant.clockUrl },
  };
}
