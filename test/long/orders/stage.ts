import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createAppAuth } from '@octokit/auth-app';
import { Octokit } from '@octokit/core';
import { recordPath, recordText } from '../../../src/core/record.ts';
import { actionPorts } from '../../../src/doors/action-wiring.ts';
import { answerWake } from '../../../src/doors/app.ts';
import { type AppPorts, appPorts } from '../../../src/doors/wiring.ts';
import { applyUnfinished } from '../../../src/flow/apply.ts';
import type { Delivery, Wake } from '../../../src/model/delivery.ts';
import type { Clock } from '../../../src/ports.ts';
import { PROPOSAL_MARKER } from '../../../src/render/command.ts';
import { parseWakes } from '../../../src/schema/wake.ts';
import { type Plant, startPlant } from '../../../src/twin/databricks/plant.ts';
import { openRepository, type Repository } from '../../../src/twin/github/git/repository.ts';
import { type Happening, startGithub, type TwinGithub } from '../../../src/twin/github/index.ts';
import { jobIds } from '../../../src/twin/pipeline/workloads.ts';
import { record } from '../../support/gate.ts';
import { PEOPLE, type Who } from './acts.ts';
import { CODEOWNERS_TEXT, CONFIG_TEXT } from './policies.ts';

export const JOB_FILE = 'jobs/orders-nightly.json';
export const JOB_TEXT = readFileSync(JOB_FILE, 'utf8');
export const RECORD_FILE = recordPath(1, 1);
export const SELECTOR = 'job_clusters[job_cluster_key=main].new_cluster.spark_conf["spark.sql.shuffle.partitions"]';
const START = new Date('2026-11-20T03:00:00Z');
const keys = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});

/** The job file with another number of partitions. */
export function withPartitions(text: string, partitions: string): string {
  return text.replace(/("spark\.sql\.shuffle\.partitions": )"\d+"/, `$1"${partitions}"`);
}

export interface Answer {
  readonly ok: boolean;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads GitHub's answers as they come
  readonly body: any;
}

export type Ask = (method: string, path: string, body?: unknown) => Promise<Answer>;

/** One repository, one workspace, both Apps; what happens is told to nobody until somebody delivers it. */
export interface Stage {
  readonly plant: Plant;
  readonly github: TwinGithub;
  readonly git: Repository;
  readonly told: Happening[];
  /** The team that owns the job files beside olga. */
  readonly oncall: { login: string }[];
  readonly as: (who: Who) => Ask;
  /** With a job's GITHUB_TOKEN that may write what a workflow can be given. */
  readonly workflow: Ask;
  /** The App hears of one event; whatever breaks in it ends that attempt and nothing else. */
  deliver(event: Happening): Promise<void>;
  /** The Action looks at everything unfinished. */
  wake(): Promise<void>;
  close(): Promise<void>;
}

const reading = { members: 'read', metadata: 'read', actions: 'read' } as const;
const conversation = { contents: 'read', issues: 'read', pull_requests: 'read', checks: 'write' } as const;
const writing = { contents: 'write', issues: 'write', pull_requests: 'write', checks: 'write' } as const;

export async function startStage(): Promise<Stage> {
  const plant = await startPlant({ workloads: ['oom'], start: START });
  const oncall = [{ login: 'pat' }];
  const own = { publicKey: keys.publicKey };
  const github = await startGithub(
    {
      owner: 'acme',
      repo: 'pipelines',
      files: {
        [JOB_FILE]: JOB_TEXT,
        'README.md': '# pipelines\n',
        '.github/CODEOWNERS': CODEOWNERS_TEXT['as before'],
        '.github/sluice.yml': CONFIG_TEXT['as before'],
      },
      users: PEOPLE.map((login, index) => ({
        login,
        id: 11 + index,
        token: `tok-${login}`,
        permission: login === 'omar' ? 'admin' : 'write',
      })),
      teams: [{ slug: 'oncall', members: oncall, permission: 'push' }],
      apps: [
        {
          id: 7,
          slug: 'sluice',
          installationId: 100,
          permissions: { ...reading, ...writing, deployments: 'read', statuses: 'read' },
          ...own,
        },
        { id: 8, slug: 'sluice-apply', installationId: 101, permissions: { ...reading, ...conversation }, ...own },
      ],
      environments: [{ name: 'prod', branches: ['main'] }],
    },
    { clock: plant.clock.now, tokenClock: () => new Date() },
  );
  const told: Happening[] = [];
  github.onEvent((event) => void told.push(event));
  const clock: Clock = {
    now: async () => plant.clock.now(),
    sleep: async (milliseconds) => void plant.clock.advance(milliseconds),
  };
  const app = await appOn(plant, github, clock);
  await propose(app, plant, github);
  const workflowToken = github.mintActionsToken({
    permissions: { contents: 'write', issues: 'write', 'pull-requests': 'write', checks: 'write', deployments: 'write' },
    runId: 1,
  });
  // A process that lost its wire is started again; what it had in mind is gone.
  const look = (wake: Wake): Promise<void> => answerWake(wake, 8, async () => app, { put }).catch(() => undefined);
  const put = async (delivery: Delivery) => {
    if (delivery.kind === 'webhook') await look(delivery.wake);
    return true;
  };
  let attempt = 0;
  return {
    ...{ plant, github, told, oncall },
    git: openRepository(github.gitDir),
    as: (who) => asking(github, `tok-${who}`),
    workflow: asking(github, workflowToken),
    deliver: async (event) => {
      for (const wake of parseWakes(event.name, event.payload)) await look(wake);
    },
    wake: async () => {
      attempt++;
      const inputs = actionInputs(plant, github, workflowToken, `${attempt}.1`);
      const go = async () => applyUnfinished(inputs, { ...(await actionPorts(inputs)), clock });
      await go().catch(() => undefined);
    },
    close: async () => {
      await github.close();
      await plant.close();
    },
  };
}

function asking(github: TwinGithub, token: string): Ask {
  return async (method, path, body) => {
    const response = await fetch(`${github.url}/repos/acme/pipelines${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { ok: response.ok, body: text === '' ? {} : JSON.parse(text) };
  };
}

async function appOn(plant: Plant, github: TwinGithub, clock: Clock): Promise<AppPorts> {
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
  return { ...appPorts(octokit, { owner: 'acme', repo: 'pipelines' }, facts, settings, { set: () => {} }), clock };
}

/** The incident #1 and its proposal #2: 800 partitions instead of 200. */
async function propose(app: AppPorts, plant: Plant, github: TwinGithub): Promise<void> {
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

function actionInputs(plant: Plant, github: TwinGithub, token: string, run: string) {
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
    ...{ prometheusUrl: '', prometheusHeaders: '', applyAppId: '8', applyAppKey: keys.privateKey },
    ...{ serverBotId: String(200_000_007), twinClock: plant.clockUrl },
  };
}
