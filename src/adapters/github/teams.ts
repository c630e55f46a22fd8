import type { Person, TeamFact } from '../../model/gate.ts';
import { parseTeam } from '../../schema/github-team.ts';
import type { GithubReads } from './reads.ts';

const TEAM = `
query($owner: String!, $repo: String!, $slug: String!, $after: String) {
  organization(login: $owner) { team(slug: $slug) {
    privacy
    members(first: 100, after: $after, membership: ALL) { totalCount pageInfo { hasNextPage endCursor } nodes { databaseId login } }
    repositories(first: 100, query: $repo) { pageInfo { hasNextPage endCursor } edges { permission node { databaseId } } }
  } }
}`;
const MOST_PAGES = 50;

/** Active members of `org/slug`, child teams included, all pages, and what the team may do here; null: no such team. */
export async function teamOf(reads: GithubReads, team: string, repositoryId: number): Promise<TeamFact | null> {
  const [org = '', slug = ''] = team.split('/');
  if (org.toLowerCase() !== reads.repository.owner.toLowerCase()) throw new Error(`@${team} is not of ${reads.repository.owner}`);
  const members: Person[] = [];
  let after: string | null = null;
  for (let count = 0; count < MOST_PAGES; count++) {
    const page = parseTeam(await reads.query(TEAM, { slug, after }), repositoryId);
    if (!page) return null;
    members.push(...page.members);
    after = page.next;
    if (after !== null) continue;
    if (members.length !== page.total) throw new Error(`${members.length} of ${page.total} members of @${team} could be read`);
    if (page.permission === null)
      throw new Error(`@${team} has too many repositories of similar names to tell what it may do here`);
    return { members, isSecret: page.isSecret, permission: page.permission };
  }
  throw new Error(`more than ${MOST_PAGES} pages of members in @${team}`);
}
