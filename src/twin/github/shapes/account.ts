import type { Fields, Json } from '../json.ts';
import type { Account } from '../nouns.ts';
import { accountOf, type World } from '../world.ts';

export function nodeId(kind: string, id: number | string): string {
  return `${kind}_${Buffer.from(String(id)).toString('base64url')}`;
}

export function userShape(world: World, account: Account): Fields {
  const url = `${world.url}/users/${encodeURIComponent(account.login)}`;
  return {
    login: account.login,
    id: account.id,
    node_id: nodeId('U', account.id),
    avatar_url: `${world.url}/avatars/u/${account.id}?v=4`,
    gravatar_id: '',
    url,
    html_url: `${world.url}/${encodeURIComponent(account.login)}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type: account.type,
    user_view_type: 'public',
    site_admin: false,
  };
}

export function ownerShape(world: World): Fields {
  const account = accountOf(world, world.owner);
  return account === null ? {} : userShape(world, account);
}

export function publicUserShape(world: World, account: Account): Fields {
  const { user_view_type: _, ...simple } = userShape(world, account);
  return {
    ...simple,
    name: account.login,
    company: null,
    blog: '',
    location: null,
    email: null,
    hireable: null,
    bio: null,
    twitter_username: null,
    public_repos: 0,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: world.createdAt,
    updated_at: world.createdAt,
  };
}

/** What webhooks call `organization`; absent for a repository that a person owns. */
export function organizationShape(world: World): Readonly<Record<string, Json>> {
  const url = `${world.url}/orgs/${world.owner}`;
  return {
    login: world.owner,
    id: accountOf(world, world.owner)?.id ?? 0,
    node_id: nodeId('O', world.owner),
    url,
    repos_url: `${url}/repos`,
    events_url: `${url}/events`,
    hooks_url: `${url}/hooks`,
    issues_url: `${url}/issues`,
    members_url: `${url}/members{/member}`,
    public_members_url: `${url}/public_members{/member}`,
    avatar_url: `${world.url}/avatars/o/${world.owner}`,
    description: '',
  };
}
