import { randomUUID } from 'node:crypto';
import type { Probot } from 'probot';
import type { Repository } from '../adapters/github/reads.ts';
import type { Inbox } from '../ports.ts';

/** A repository that has us installed. */
export interface Installed extends Repository {
  readonly id: number;
  readonly defaultBranch: string;
  readonly installation: number;
}

export interface InstalledRepositories {
  /** Those of one account; null: of every account. */
  list(owner: string | null): Promise<readonly Installed[]>;
  /** One of them, by name; what a list has shown is not asked for again. */
  find(owner: string, repo: string): Promise<Installed>;
}

interface RepositoryAnswer {
  readonly id: number | bigint;
  readonly name: string;
  readonly default_branch: string;
  readonly owner: { readonly login: string };
}

/** An installation that cannot be read is told to `report` and left out: the others are looked at all the same. */
export function installedRepositories(probot: Probot, report: (error: unknown, account: string) => void): InstalledRepositories {
  const seen = new Map<string, Installed>();
  let listing: Promise<readonly Installed[]> | null = null;
  const keep = (installation: number, { id, name, default_branch: defaultBranch, owner }: RepositoryAnswer) => {
    const one = { owner: owner.login, repo: name, id: Number(id), defaultBranch, installation };
    seen.set(`${one.owner}/${one.repo}`, one);
    return one;
  };
  const listed = async (installation: number) => {
    const octokit = await probot.auth(installation);
    const repositories = await octokit.paginate('GET /installation/repositories', { per_page: 100 });
    return repositories.filter((one) => !one.archived).map((one) => keep(installation, one));
  };
  const listAll = async (owner: string | null) => {
    const app = await probot.auth();
    const found: Installed[] = [];
    for (const { id, account, suspended_at } of await app.paginate('GET /app/installations', { per_page: 100 })) {
      const name = account && 'login' in account ? account.login : '';
      if (suspended_at || (owner !== null && name.toLowerCase() !== owner.toLowerCase())) continue;
      try {
        found.push(...(await listed(id)));
      } catch (error) {
        report(error, name);
      }
    }
    return found;
  };
  return {
    list(owner) {
      listing = listAll(owner);
      return listing;
    },
    async find(owner, repo) {
      // The list that every start begins with shows what would be asked for here; when it fails, this asks by itself.
      if (!seen.has(`${owner}/${repo}`)) await listing?.catch(() => []);
      const known = seen.get(`${owner}/${repo}`);
      if (known) return known;
      const app = await probot.auth();
      const { data } = await app.request('GET /repos/{owner}/{repo}/installation', { owner, repo });
      const octokit = await probot.auth(data.id);
      return keep(data.id, (await octokit.request('GET /repos/{owner}/{repo}', { owner, repo })).data);
    },
  };
}

/** Has the open pull requests of each looked at, in that repository's own turn. */
export async function lookAtInstalled(
  owner: string | null,
  { list }: Pick<InstalledRepositories, 'list'>,
  inbox: Pick<Inbox, 'put'>,
): Promise<void> {
  for (const place of await list(owner)) {
    const key = `${place.owner}/${place.repo}@open`;
    const wake = { owner: place.owner, repo: place.repo, key, what: 'open' as const, all: false };
    await inbox.put({ id: `${randomUUID()} ${key}`, key, kind: 'webhook', wake });
  }
}
