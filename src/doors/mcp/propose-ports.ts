import { historyLog } from '../../adapters/github/history.ts';
import { appPorts } from '../wiring.ts';
import { ToolRefusal } from './answer.ts';
import { type GithubSettings, needed, ownAccount, ownClient, ownIssues } from './own-github.ts';
import type { OwnSettings } from './own-world.ts';
import type { Proposer } from './sources.ts';

/**
 * The ports of one repository under a person's own token: what is opened is theirs, so they are its author and cannot approve it. Marks
 * are read from the App's comments and from their own; the signature decides which are believed.
 */
export async function ownProposer(
  { workspaces, metrics, spark, clock }: Pick<OwnSettings, 'workspaces' | 'metrics' | 'spark' | 'clock'>,
  github: GithubSettings,
): Promise<Proposer> {
  const { octokit, at } = ownClient(github, 'write access to contents, issues and pull requests');
  const recordKey = needed(github.recordKey, 'SLUICE_RECORD_KEY', 'the key that the App signs its records with');
  const { data } = await octokit.request('GET /repos/{owner}/{repo}', at);
  const own = await ownAccount(octokit);
  // Whoever asks counts as having shaped the change and cannot approve it: a token that belongs to nobody proposes nothing.
  if (own === null)
    throw new ToolRefusal(
      'not_permitted',
      'GITHUB_TOKEN does not belong to a person',
      'Use a fine-grained token of the person who asks.',
    );
  // Proposals are opened, and found again, in the name of whoever asks; the gate is not asked here, so the apply App is nobody.
  const facts = { id: Number(data.id), defaultBranch: data.default_branch, botId: own.id };
  const servers = { workspaces, metrics, spark };
  const app = { botLogin: github.bot, appId: 0, applyAppId: 0, recordKey, twinClock: undefined, ...servers };
  const ports = appPorts(octokit, at, facts, app, { set: () => {} });
  const reader = ownIssues(octokit, at, github.bot, own);
  const issues = { ...ports.issues, ...reader };
  return { ports: { ...ports, clock, issues, history: historyLog(reader, at, recordKey) }, shaper: null };
}
