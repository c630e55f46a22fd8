import type { Octokit } from '@octokit/core';
import { issueReader } from '../../adapters/github/issues.ts';
import { githubReads, type Repository, statusOf } from '../../adapters/github/reads.ts';
import type { IssueReader } from '../../ports.ts';
import { quietOctokit } from '../quiet-octokit.ts';
import { ToolRefusal } from './answer.ts';

/** How a person's own `sluice mcp` reaches GitHub; what is not set is named by the tool that needs it. */
export interface GithubSettings {
  readonly repository: string | undefined;
  readonly token: string | undefined;
  readonly recordKey: string | undefined;
  readonly apiUrl: string;
  /** Login of the App's bot account, which wrote the incidents' history. */
  readonly bot: string;
  /** Numeric ids of that account and of the App, where they are told. */
  readonly botId: number | null;
  readonly appId: number | null;
}

export interface Account {
  readonly login: string;
  readonly id: number;
}

/** A client of the person's own token, and the repository that it is about. */
export function ownClient({ token, repository, apiUrl }: GithubSettings, rights: string) {
  const auth = needed(token, 'GITHUB_TOKEN', `a fine-grained token with ${rights}`);
  const [owner = '', repo = ''] = needed(repository, 'GITHUB_REPOSITORY', 'owner/name').split('/');
  return { octokit: quietOctokit(apiUrl, auth), at: { owner, repo }, token: auth };
}

/** Whom a token belongs to; null: nobody, it is an App's or a workflow's. */
export async function ownAccount(octokit: Octokit): Promise<Account | null> {
  try {
    const { login, id } = (await octokit.request('GET /user')).data;
    return { login, id: Number(id) };
  } catch (error) {
    // GitHub refuses those; anything else leaves open whose it is.
    if ([401, 403].includes(statusOf(error) ?? 0)) return null;
    throw error;
  }
}

/**
 * The App's issues, with what this person's own client noted there: what `sluice mcp --propose` opens is announced in their name. The
 * signature of a mark decides whether it is believed.
 */
export function ownIssues(octokit: Octokit, at: Repository, bot: string, own: Account | null): IssueReader {
  const reads = githubReads(octokit, at);
  const app = issueReader(reads, bot);
  if (own === null) return app;
  const mine = issueReader(reads, own.login);
  return {
    findByMarker: (marker) => app.findByMarker(marker),
    thread: (number) => app.thread(number),
    reviews: (number) => mine.reviews(number),
    async notes(number) {
      const [ours, noted] = await Promise.all([app.notes(number), mine.notes(number)]);
      const believed = new Set(noted.filter((note) => note.ours).map((note) => note.id));
      return ours.map((note) => ({ ...note, ours: note.ours || believed.has(note.id) }));
    },
  };
}

export function needed(value: string | undefined, name: string, what: string): string {
  if (value) return value;
  throw new ToolRefusal('setting_missing', `${name} is not set`, `Set it to ${what}, and start sluice mcp again.`);
}
