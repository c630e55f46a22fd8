import { historyLog } from '../../adapters/github/history.ts';
import type { Clock } from '../../ports.ts';
import type { ConfiguredMetrics, ConfiguredSpark, ConfiguredWorkspace } from '../../schema/settings.ts';
import { readingPorts } from '../reading.ts';
import { ToolRefusal } from './answer.ts';
import type { Desk } from './desk.ts';
import { type GithubSettings, ownAccount, ownClient, ownIssues } from './own-github.ts';
import { checkoutProject } from './project.ts';
import { ownProposer } from './propose-ports.ts';
import type { McpWorld } from './sources.ts';

/** A person's own `sluice mcp`: their servers, their checkout and their token. */
export interface OwnSettings {
  readonly workspaces: readonly ConfiguredWorkspace[];
  readonly metrics: readonly ConfiguredMetrics[];
  readonly spark: ConfiguredSpark | null;
  readonly clock: Clock;
  /** The checkout whose config and runbooks are used. */
  readonly folder: string;
  readonly github: GithubSettings;
  readonly propose: boolean;
}

export function ownWorld(settings: OwnSettings): McpWorld {
  const { workspaces, metrics, spark, clock, folder, github, propose } = settings;
  return {
    ...{ workspaces: async () => workspaces, metrics, spark, clock },
    project: checkoutProject(folder),
    desk: () => ownDesk(settings),
    proposer: propose ? () => ownProposer({ workspaces, metrics, spark, clock }, github) : null,
  };
}

async function ownDesk({ workspaces, metrics, spark, clock, github }: OwnSettings): Promise<Desk> {
  const { octokit, at, token } = ownClient(
    github,
    'read on contents, pull requests, issues, actions, checks and commit statuses',
  );
  const { apiUrl, botId, appId, recordKey, bot } = github;
  const ours = botId === null ? [] : [botId];
  const asked = { apiUrl, token, repository: at, workspaces, metrics, spark, ours, appId, twinClock: undefined };
  const [ports, own] = await Promise.all([readingPorts(asked), ownAccount(octokit)]);
  if (!ports)
    throw new ToolRefusal(
      'not_permitted',
      `there is no ${at.owner}/${at.repo} that GITHUB_TOKEN may read`,
      'Check GITHUB_REPOSITORY and the token’s access.',
    );
  const issues = ownIssues(octokit, at, bot, own);
  return { ...ports, clock, issues, history: recordKey ? { read: historyLog(issues, at, recordKey).read } : null };
}
