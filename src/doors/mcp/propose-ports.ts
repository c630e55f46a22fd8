import { Octokit } from '@octokit/core';
import { historyLog } from '../../adapters/github/history.ts';
import { issueReader } from '../../adapters/github/issues.ts';
import { githubReads } from '../../adapters/github/reads.ts';
import type { IssueReader } from '../../ports.ts';
import { type AppPorts, appPorts } from '../wiring.ts';
import { ToolRefusal } from './answer.ts';
import type { McpWorld, ProposeSettings } from './sources.ts';

/**
 * The ports of one repository under a person's own token: what is opened is theirs, so they are its author and cannot approve it. Marks
 * are read from the App's comments and from their own; the signature decides which are believed.
 */
export async function proposePorts(world: McpWorld, settings: ProposeSettings): Promise<AppPorts> {
  const token = needed(
    settings.token,
    'GITHUB_TOKEN',
    'a fine-grained token with write access to contents, issues and pull requests',
  );
  const recordKey = needed(settings.recordKey, 'SLUICE_RECORD_KEY', 'the key that the App signs its records with');
  const [owner = '', repo = ''] = needed(settings.repository, 'GITHUB_REPOSITORY', 'owner/name').split('/');
  const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
  const octokit = new Octokit({ auth: token, baseUrl: settings.apiUrl, log: quiet });
  const at = { owner, repo };
  const { data } = await octokit.request('GET /repos/{owner}/{repo}', at);
  const own = await ownAccount(octokit);
  // Proposals are opened, and found again, in the name of whoever asks; the gate is not asked here, so the apply App is nobody.
  const facts = { id: Number(data.id), defaultBranch: data.default_branch, botId: own.id };
  const servers = { workspaces: world.workspaces, metrics: world.metrics, spark: world.spark ?? null };
  const app = { botLogin: settings.bot, appId: 0, applyAppId: 0, recordKey, twinClock: undefined, ...servers };
  const ports = appPorts(octokit, at, facts, app, { set: () => {} });
  const reader = bothReaders(ports.issues, issueReader(githubReads(octokit, at), own.login));
  return { ...ports, clock: world.clock, issues: { ...ports.issues, ...reader }, history: historyLog(reader, at, recordKey) };
}

/** Whoever asks counts as having shaped the change and cannot approve it: a token that belongs to nobody proposes nothing. */
async function ownAccount(octokit: Octokit): Promise<{ readonly login: string; readonly id: number }> {
  try {
    const { login, id } = (await octokit.request('GET /user')).data;
    return { login, id: Number(id) };
  } catch {
    throw new ToolRefusal(
      'not_permitted',
      'GITHUB_TOKEN does not belong to a person',
      'Use a fine-grained token of the person who asks.',
    );
  }
}

function bothReaders(one: IssueReader, other: IssueReader): IssueReader {
  return {
    findByMarker: (marker) => one.findByMarker(marker),
    thread: (number) => one.thread(number),
    reviews: (number) => other.reviews(number),
    async notes(number) {
      const [ours, own] = await Promise.all([one.notes(number), other.notes(number)]);
      const mine = new Set(own.filter((note) => note.ours).map((note) => note.id));
      return ours.map((note) => ({ ...note, ours: note.ours || mine.has(note.id) }));
    },
  };
}

function needed(value: string | undefined, name: string, what: string): string {
  if (value) return value;
  throw new ToolRefusal('setting_missing', `${name} is not set`, `Set it to ${what}, and start sluice mcp --propose again.`);
}
