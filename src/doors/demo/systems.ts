import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { type Runner, startRunner } from '../../twin/actions/runner.ts';
import { fileOnMain } from '../../twin/checkout.ts';
import { type Plant, type PlantSeed, startPlant } from '../../twin/databricks/plant.ts';
import { type Deploys, startDeploys } from '../../twin/deploys.ts';
import { startGithub, type TwinGithub } from '../../twin/github/index.ts';
import type { BranchRules } from '../../twin/github/seed.ts';
import type { WorkloadName } from '../../twin/pipeline/workloads.ts';
import { projectRoot } from '../root.ts';
import type { Closers } from './closers.ts';
import { accountId } from './people.ts';
import { APPLY_APP, SERVER_APP, seedOf } from './seed.ts';

const ROOT = projectRoot();
const DEPLOY_MINUTES = 12;
/** The service principal whose federation policy takes one job's identity: this repository, environment and workflow. */
const SERVICE_PRINCIPAL = 'sluice-apply';
const SUBJECT =
  'repository_id:4242:environment:prod:job_workflow_ref:acme/pipelines/.github/workflows/sluice.yml@refs/heads/main';
const START = new Date('2026-11-20T03:00:00Z');

/** Every system of a rehearsal but the App, in this process; each run of the Action is a process of its own. */
export interface Systems {
  readonly plant: Plant;
  readonly github: TwinGithub;
  readonly runner: Runner;
  /** The deployment pipeline of the team whose jobs are a bundle. */
  readonly deploys: Deploys;
  /** Real monitoring systems in place of the embedded evaluator; null without. */
  readonly monitor: Monitor | null;
  readonly alertToken: string;
  /** What the App is to be started with: everything that it knows. */
  readonly appEnvironment: Readonly<Record<string, string>>;
  /** From now on GitHub's webhooks go to the App at this address. */
  tellApp(url: string): void;
}

/** Prometheus and Alertmanager as processes of their own, over the plant's exporter. */
export interface Monitor {
  /** Where queries go once it has begun. */
  readonly url: string;
  /** Starts to scrape, to evaluate the rule and to post what fires; resolves with what fired. */
  begin(alerts: { readonly url: string; readonly token: string }): Promise<string>;
  /** Queries answered over HTTP. */
  calls(): Promise<number>;
}

export interface SystemsOptions {
  readonly workloads: readonly WorkloadName[];
  /** Files of the rehearsed repository that differ from the project's own; null leaves one out. */
  readonly files?: Readonly<Record<string, string | null>>;
  /** What the rehearsed GitHub itself asks before a merge; nothing unless given. */
  readonly branchRules?: readonly BranchRules[];
  /** Minutes that the team's own pipeline takes to deploy a merged bundle; null: it is broken. */
  readonly deployAfterMinutes?: number | null;
  /** The Action holds no token of Databricks and gets one for its own identity. */
  readonly federated?: boolean;
  readonly kill?: Parameters<typeof startRunner>[1]['kill'];
  /** What differs from a rehearsal that starts at a fixed instant of twin time. */
  readonly plant?: Pick<PlantSeed, 'start' | 'clock' | 'pace'>;
  readonly monitor?: (plant: Plant, closers: Closers) => Promise<Monitor>;
}

export async function startSystems(options: SystemsOptions, closers: Closers): Promise<Systems> {
  // The pipeline reads files of a repository that is there only after it: until then there are none.
  const repository: { gitDir: string | null } = { gitDir: null };
  const files = (path: string) => (repository.gitDir === null ? null : fileOnMain(repository.gitDir, path));
  const { server, apply } = keys();
  const federation = { jwksUrl: '', subject: SUBJECT, clientId: SERVICE_PRINCIPAL };
  const plant = await startPlant({ workloads: options.workloads, start: START, files, federation, ...options.plant });
  closers.add(plant.close);
  const github = await startGithub(seedOf(server.public, apply.public, options.files ?? {}, options.branchRules ?? []), {
    clock: plant.clock.now,
    tokenClock: () => new Date(),
  });
  closers.add(github.close);
  repository.gitDir = github.gitDir;
  const deploys = startDeploys(github, {
    clock: plant.clock,
    databricks: plant.databricks.url,
    token: plant.tokens.deploy ?? '',
    afterMinutes: options.deployAfterMinutes === undefined ? DEPLOY_MINUTES : options.deployAfterMinutes,
  });
  const monitor = options.monitor ? await options.monitor(plant, closers) : null;
  const metricsUrl = monitor?.url ?? plant.metrics.url;
  const [alertToken, secret] = [randomBytes(16).toString('hex'), randomBytes(16).toString('hex')];
  const appEnvironment = environmentOfApp(plant, github, server.private, { secret, alertToken, metricsUrl });
  const botId = await accountId(github.url, SERVER_APP.bot, 'token-of-olga');
  const runner = startRunner(github, runnerOptions(plant, apply.private, { botId, metricsUrl }, options));
  closers.add(runner.close);
  // Whose keys Databricks believes is known once they are served.
  federation.jwksUrl = `${(await runner.issuer()) ?? ''}/.well-known/jwks`;
  const tellApp = (url: string) => github.setAppWebhook(SERVER_APP.id, `${url}/api/github/webhooks`, secret);
  return { plant, github, runner, deploys, monitor, alertToken, appEnvironment, tellApp };
}

/** Everything the App process knows. It holds the reading token of Databricks only (law 2). */
function environmentOfApp(
  plant: Plant,
  github: TwinGithub,
  privateKey: string,
  { secret, alertToken, metricsUrl }: { readonly secret: string; readonly alertToken: string; readonly metricsUrl: string },
): Readonly<Record<string, string>> {
  const sha256 = createHash('sha256').update(alertToken).digest('hex');
  return {
    PATH: process.env.PATH ?? '',
    HOME: process.env.HOME ?? '',
    PORT: '0',
    LOG_LEVEL: process.env.SLUICE_DEMO_LOG ?? 'error',
    GITHUB_API_URL: github.url,
    APP_ID: String(SERVER_APP.id),
    PRIVATE_KEY: privateKey,
    WEBHOOK_SECRET: secret,
    SLUICE_APPLY_APP_ID: String(APPLY_APP.id),
    SLUICE_RECORD_KEY: randomBytes(32).toString('hex'),
    SLUICE_ALERT_TOKENS: JSON.stringify([{ sha256, repositories: [`${github.owner}/${github.repo}`] }]),
    SLUICE_WORKSPACE_PROD_HOST: plant.databricks.url,
    SLUICE_WORKSPACE_PROD_TOKEN: plant.tokens.read,
    SLUICE_PROMETHEUS_MAIN_URL: metricsUrl,
    SLUICE_TWIN_CLOCK: plant.clockUrl,
  };
}

function runnerOptions(
  plant: Plant,
  applyKey: string,
  { botId, metricsUrl }: { readonly botId: number; readonly metricsUrl: string },
  options: SystemsOptions,
): Parameters<typeof startRunner>[1] {
  const { federated = false } = options;
  const credential = federated ? {} : { DATABRICKS_TOKEN: plant.tokens.write };
  return {
    oidc: { key: keys().identity.private, template: ['repository_id', 'environment', 'job_workflow_ref'] },
    action: { path: join(ROOT, 'action/index.js'), metadata: join(ROOT, 'action.yml') },
    secrets: { repository: {}, environments: { prod: { ...credential, SLUICE_APPLY_APP_KEY: applyKey } } },
    vars: {
      DATABRICKS_HOST: plant.databricks.url,
      ...(federated && { DATABRICKS_CLIENT_ID: SERVICE_PRINCIPAL }),
      PROMETHEUS_URL: metricsUrl,
      SLUICE_APPLY_APP_ID: String(APPLY_APP.id),
      SLUICE_BOT_ID: String(botId),
    },
    extraEnv: { SLUICE_TWIN_CLOCK: plant.clockUrl },
    ...(options.kill && { kill: options.kill }),
  };
}

type KeyPair = ReturnType<typeof keyPair>;
let made: { readonly server: KeyPair; readonly apply: KeyPair; readonly identity: KeyPair } | null = null;

/** Keys of both Apps and of GitHub's identity tokens. All worlds of a process share them: a pair takes a fifth of a second to find. */
function keys() {
  made ??= { server: keyPair(), apply: keyPair(), identity: keyPair() };
  return made;
}

function keyPair() {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  return { public: publicKey, private: privateKey };
}
