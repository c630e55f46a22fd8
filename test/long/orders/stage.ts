import { actionPorts } from '../../../src/doors/action-wiring.ts';
import { applyUnfinished } from '../../../src/flow/apply.ts';
import type { Clock } from '../../../src/ports.ts';
import { parseWakes } from '../../../src/schema/wake.ts';
import { type Plant, startPlant } from '../../../src/twin/databricks/plant.ts';
import { openRepository, type Repository } from '../../../src/twin/github/git/repository.ts';
import { type Happening, startGithub, type TwinGithub } from '../../../src/twin/github/index.ts';
import type { BranchRules } from '../../../src/twin/github/seed.ts';
import { PEOPLE, type Start, type Who } from './acts.ts';
import { actionInputs, keys } from './app.ts';
import { JOB_FILE, JOB_TEXT } from './job.ts';
import { CODEOWNERS_TEXT, configText } from './policies.ts';
import { startServer } from './server.ts';

const START = new Date('2026-11-20T03:00:00Z');

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
  /** What waited for an instant that has come is judged again. */
  ring(): Promise<void>;
  /** The Action looks at everything unfinished. */
  wake(): Promise<void>;
  close(): Promise<void>;
}

const reading = { members: 'read', metadata: 'read', actions: 'read' } as const;
const conversation = { contents: 'read', issues: 'read', pull_requests: 'read', checks: 'write' } as const;
const writing = { contents: 'write', issues: 'write', pull_requests: 'write', checks: 'write' } as const;

/** `branchRules`: the rulesets of the repository. */
export async function startStage(branchRules: readonly BranchRules[], { config, codeowners }: Start): Promise<Stage> {
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
        '.github/CODEOWNERS': CODEOWNERS_TEXT[codeowners],
        '.github/sluice.yml': configText(config),
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
          permissions: { ...reading, ...writing, deployments: 'read', statuses: 'read', merge_queues: 'write' },
          ...own,
        },
        { id: 8, slug: 'sluice-apply', installationId: 101, permissions: { ...reading, ...conversation }, ...own },
      ],
      environments: [{ name: 'prod', branches: ['main'] }],
      branchRules,
    },
    { clock: plant.clock.now, tokenClock: () => new Date() },
  );
  const told: Happening[] = [];
  github.onEvent((event) => void told.push(event));
  const clock: Clock = {
    now: async () => plant.clock.now(),
    sleep: async (milliseconds) => void plant.clock.advance(milliseconds),
  };
  const server = await startServer(plant, github, clock);
  const workflowToken = github.mintActionsToken({
    permissions: { contents: 'write', issues: 'write', 'pull-requests': 'write', checks: 'write', deployments: 'write' },
    runId: 1,
  });
  let attempt = 0;
  return {
    ...{ plant, github, told, oncall },
    git: openRepository(github.gitDir),
    as: (who) => asking(github, `tok-${who}`),
    workflow: asking(github, workflowToken),
    deliver: async (event) => {
      for (const wake of parseWakes(event.name, event.payload)) await server.look(wake);
    },
    ring: server.ring,
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
    const response = await fetch(`${github.url}${path === '/graphql' ? path : `/repos/acme/pipelines${path}`}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { ok: response.ok, body: text === '' ? {} : JSON.parse(text) };
  };
}
