import type { Deployment } from './deployment.ts';
import type { Repository } from './git/repository.ts';
import type { Fields, Json } from './json.ts';
import type { Account, Activity, Actor, CheckRun, Comment, CommitStatus, Issue, Label, WorkflowRun } from './nouns.ts';
import type { QueueEntry } from './queue-entry.ts';
import type { GithubSeed, SeedApp } from './seed.ts';

/** Something happened: the payload lacks only what depends on the receiver (the installation). */
export interface Happening {
  readonly name: string;
  readonly payload: Fields;
  readonly actor: { readonly login: string; readonly actionsToken: boolean };
}

/** Everything the emulated GitHub knows. Objects and refs lie in the git repository, the rest here. */
export interface World {
  readonly seed: GithubSeed;
  readonly owner: string;
  readonly repo: string;
  readonly repositoryId: number;
  readonly createdAt: string;
  readonly git: Repository;
  /** The API's root, without a slash at the end. */
  url: string;
  now(): string;
  tokenTime(): Date;
  nextId(): number;
  readonly accounts: Map<string, Account>;
  readonly issues: Map<number, Issue>;
  readonly comments: Map<number, Comment>;
  readonly labels: Map<string, Label>;
  readonly checks: Map<number, CheckRun>;
  readonly statuses: CommitStatus[];
  readonly deployments: Map<number, Deployment>;
  readonly activity: Activity[];
  /** In the order of their turns, over all branches. */
  readonly queue: QueueEntry[];
  readonly runs: Map<number, WorkflowRun>;
  readonly hooks: Map<number, { url: string; secret: string }>;
  readonly switches: { truncateTrees: boolean };
  emit(happening: Happening): void;
}

export const WEB_FLOW: Account = { login: 'web-flow', id: 19864447, type: 'User' };
export const ACTIONS_BOT: Account = { login: 'github-actions[bot]', id: 41898282, type: 'Bot' };
export const QUEUE_BOT: Account = { login: 'github-merge-queue[bot]', id: 118344674, type: 'Bot' };
/** GITHUB_TOKEN acts as an installation of this App: every workflow of every repository shares it. */
export const ACTIONS_APP: SeedApp = { id: 15368, slug: 'github-actions', publicKey: '', installationId: 15368, permissions: {} };
const FIRST_ID = 1_000_000;
const BOT_IDS = 200_000_000;

export function createWorld(seed: GithubSeed, git: Repository, clock: () => Date, tokenClock: () => Date): World {
  let id = FIRST_ID;
  const now = () =>
    clock()
      .toISOString()
      .replace(/\.\d+Z$/, 'Z');
  const ownerAccount: Account = { login: seed.owner, id: 9000, type: seed.ownerType ?? 'Organization' };
  const people = seed.users.map((user): Account => ({ login: user.login, id: user.id, type: user.type ?? 'User' }));
  const bots = seed.apps.map(botOf);
  return {
    seed,
    owner: seed.owner,
    repo: seed.repo,
    repositoryId: seed.repositoryId ?? 4242,
    createdAt: now(),
    git,
    url: '',
    now,
    tokenTime: tokenClock,
    nextId: () => ++id,
    accounts: new Map(
      [ownerAccount, WEB_FLOW, ACTIONS_BOT, QUEUE_BOT, ...bots, ...people].map((one) => [one.login.toLowerCase(), one]),
    ),
    issues: new Map(),
    comments: new Map(),
    labels: new Map(),
    checks: new Map(),
    statuses: [],
    deployments: new Map(),
    activity: [],
    queue: [],
    runs: new Map(),
    hooks: new Map(seed.apps.flatMap((app) => (app.webhook === undefined ? [] : [[app.id, { ...app.webhook }]]))),
    switches: { truncateTrees: false },
    emit: () => undefined,
  };
}

export function botOf(app: SeedApp): Account {
  return app.id === ACTIONS_APP.id ? ACTIONS_BOT : { login: `${app.slug}[bot]`, id: BOT_IDS + app.id, type: 'Bot' };
}

export function accountOf(world: World, login: string): Account | null {
  return world.accounts.get(login.toLowerCase()) ?? null;
}

/** Adds what every payload carries and hands the event on. */
export function announce(
  world: World,
  name: string,
  actor: Actor,
  sender: Account,
  payload: Readonly<Record<string, Json>>,
): void {
  world.emit({ name, payload, actor: { login: sender.login, actionsToken: actor.kind === 'actions' } });
}
