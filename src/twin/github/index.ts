import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTokens } from './auth.ts';
import { createDeliveries, type Deliveries } from './deliveries.ts';
import { createFaults, type Faults } from './faults.ts';
import { writeCommit } from './git/commit.ts';
import { writeRef } from './git/refs.ts';
import { createRepository, forgetRepository } from './git/repository.ts';
import { editTree } from './git/tree.ts';
import { createGraphql } from './graphql/execute.ts';
import type { WorkflowRun } from './nouns.ts';
import { createRouter } from './router.ts';
import { routes } from './routes/index.ts';
import type { GithubSeed, Permissions, SeedEnvironment } from './seed.ts';
import { type CallEntry, createGithubServer, type Exchange } from './server.ts';
import { userShape } from './shapes/account.ts';
import { installationShape } from './shapes/app.ts';
import { githubSignature } from './signatures.ts';
import { accountOf, announce, createWorld, type Happening, WEB_FLOW, type World } from './world.ts';

export type { GithubSeed } from './seed.ts';
export type { Happening } from './world.ts';

export interface TwinGithub {
  readonly url: string;
  readonly gitDir: string;
  readonly owner: string;
  readonly repo: string;
  readonly repositoryId: number;
  setAppWebhook(appId: number, url: string, secret: string): void;
  /** A job's GITHUB_TOKEN. What it does starts no workflow, and it reads no teams. */
  mintActionsToken(options: {
    readonly permissions: Readonly<Record<string, 'read' | 'write' | 'none'>>;
    readonly runId: number;
  }): string;
  readonly calls: { count(actor: string): number; all(): readonly CallEntry[] };
  readonly faults: Omit<Faults, 'next'>;
  readonly deliveries: Deliveries;
  /** Recursive tree answers come cut in half and say so. */
  truncateTrees(on: boolean): void;
  readonly environments: readonly SeedEnvironment[];
  readonly clock: () => Date;
  /** For the Actions runner: what it shows through `actions/runs`. */
  readonly runs: Map<number, WorkflowRun>;
  onEvent(listener: (event: Happening) => void): void;
  onExchange(listener: (exchange: Exchange) => void): void;
  close(): Promise<void>;
}

export interface TwinOptions {
  readonly clock: () => Date;
  /** What tokens expire by and the `date` header shows, when twin time runs ahead of the clients' own clocks. */
  readonly tokenClock?: () => Date;
}

export async function startGithub(seed: GithubSeed, options: TwinOptions): Promise<TwinGithub> {
  const gitDir = mkdtempSync(join(tmpdir(), 'twin-github-'));
  const world = createWorld(seed, createRepository(gitDir), options.clock, options.tokenClock ?? options.clock);
  const tokens = createTokens(world);
  const faults = createFaults();
  const deliveries = createDeliveries(world);
  const calls: CallEntry[] = [];
  const exchanges: ((exchange: Exchange) => void)[] = [];
  const listeners: ((event: Happening) => void)[] = [deliveries.post];
  world.emit = (event) => {
    for (const listen of listeners) listen(event);
  };
  const router = createRouter(routes(tokens));
  const graphql = createGraphql(world);
  const server = createGithubServer({ world, tokens, router, faults, graphql, calls, used: new Map(), exchanges });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  world.url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  plant(world);
  return {
    url: world.url,
    gitDir,
    owner: seed.owner,
    repo: seed.repo,
    repositoryId: world.repositoryId,
    setAppWebhook: (appId, url, secret) => {
      world.hooks.set(appId, { url, secret });
      install(world, appId);
    },
    mintActionsToken: ({ permissions }) => tokens.actions(granted(permissions)),
    calls: { count: (actor) => calls.filter((call) => call.actor === actor).length, all: () => calls },
    faults: { add: faults.add, clear: faults.clear },
    deliveries,
    truncateTrees: (on) => {
      world.switches.truncateTrees = on;
    },
    environments: seed.environments ?? [],
    clock: options.clock,
    runs: world.runs,
    onEvent: (listener) => void listeners.push(listener),
    onExchange: (listener) => void exchanges.push(listener),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      forgetRepository(gitDir);
      rmSync(gitDir, { recursive: true, force: true });
    },
  };
}

function granted(permissions: Readonly<Record<string, 'read' | 'write' | 'none'>>): Permissions {
  const kept = Object.entries(permissions).flatMap(([name, level]): [string, 'read' | 'write'][] =>
    level === 'none' ? [] : [[name.replaceAll('-', '_'), level]],
  );
  return Object.fromEntries(kept);
}

/** The first commit, made by GitHub as for a repository created with a README; nobody hears of it. */
function plant(world: World): void {
  const edits = Object.entries(world.seed.files).map(([path, text]) => {
    return { path, mode: '100644', sha: world.git.write('blob', Buffer.from(text)) };
  });
  const by = githubSignature(world.now());
  const tree = editTree(world.git, null, edits);
  writeRef(
    world.git,
    'refs/heads/main',
    writeCommit(world.git, { tree, parents: [], author: by, committer: by, message: 'Initial commit' }),
  );
}

/** An App that begins to listen hears of its installation first. */
function install(world: World, appId: number): void {
  const app = world.seed.apps.find((one) => one.id === appId);
  const account = accountOf(world, world.seed.users[0]?.login ?? '') ?? WEB_FLOW;
  if (app === undefined) return;
  const repositories = [
    {
      id: world.repositoryId,
      node_id: `R_${world.repositoryId}`,
      name: world.repo,
      full_name: `${world.owner}/${world.repo}`,
      private: true,
    },
  ];
  const actor = { kind: 'user', name: `user:${account.login}`, account, app: null, grants: {}, role: 'admin' } as const;
  const installation = installationShape(world, app);
  announce(world, 'installation', actor, account, {
    action: 'created',
    repositories,
    installation,
    sender: userShape(world, account),
  });
}
