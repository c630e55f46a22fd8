import type { Fields } from '../json.ts';
import type { World } from '../world.ts';
import { nodeId, ownerShape } from './account.ts';

const LINKS: Readonly<Record<string, string>> = {
  archive_url: '/{archive_format}{/ref}',
  assignees_url: '/assignees{/user}',
  blobs_url: '/git/blobs{/sha}',
  branches_url: '/branches{/branch}',
  collaborators_url: '/collaborators{/collaborator}',
  comments_url: '/comments{/number}',
  commits_url: '/commits{/sha}',
  compare_url: '/compare/{base}...{head}',
  contents_url: '/contents/{+path}',
  contributors_url: '/contributors',
  deployments_url: '/deployments',
  downloads_url: '/downloads',
  events_url: '/events',
  forks_url: '/forks',
  git_commits_url: '/git/commits{/sha}',
  git_refs_url: '/git/refs{/sha}',
  git_tags_url: '/git/tags{/sha}',
  hooks_url: '/hooks',
  issue_comment_url: '/issues/comments{/number}',
  issue_events_url: '/issues/events{/number}',
  issues_url: '/issues{/number}',
  keys_url: '/keys{/key_id}',
  labels_url: '/labels{/name}',
  languages_url: '/languages',
  merges_url: '/merges',
  milestones_url: '/milestones{/number}',
  notifications_url: '/notifications{?since,all,participating}',
  pulls_url: '/pulls{/number}',
  releases_url: '/releases{/id}',
  stargazers_url: '/stargazers',
  statuses_url: '/statuses/{sha}',
  subscribers_url: '/subscribers',
  subscription_url: '/subscription',
  tags_url: '/tags',
  teams_url: '/teams',
  trees_url: '/git/trees{/sha}',
};

export function repositoryUrl(world: World): string {
  return `${world.url}/repos/${world.owner}/${world.repo}`;
}

export function pageUrl(world: World): string {
  return `${world.url}/${world.owner}/${world.repo}`;
}

/** The fields that every place which names the repository shows. */
export function minimalRepositoryShape(world: World): Fields {
  const url = repositoryUrl(world);
  return {
    id: world.repositoryId,
    node_id: nodeId('R', world.repositoryId),
    name: world.repo,
    full_name: `${world.owner}/${world.repo}`,
    private: true,
    owner: ownerShape(world),
    html_url: pageUrl(world),
    description: null,
    fork: false,
    url,
    ...Object.fromEntries(Object.entries(LINKS).map(([name, rest]) => [name, url + rest])),
  };
}

export function repositoryShape(world: World): Fields {
  const open = [...world.issues.values()].filter((issue) => issue.state === 'open').length;
  return {
    ...minimalRepositoryShape(world),
    created_at: world.createdAt,
    updated_at: world.createdAt,
    pushed_at: world.activity.at(-1)?.at ?? world.createdAt,
    git_url: `git://127.0.0.1/${world.owner}/${world.repo}.git`,
    ssh_url: `git@127.0.0.1:${world.owner}/${world.repo}.git`,
    clone_url: `${pageUrl(world)}.git`,
    svn_url: pageUrl(world),
    mirror_url: null,
    homepage: null,
    size: 1,
    stargazers_count: 0,
    watchers_count: 0,
    language: null,
    has_issues: true,
    has_projects: true,
    has_downloads: true,
    has_wiki: false,
    has_pages: false,
    has_discussions: false,
    forks_count: 0,
    archived: false,
    disabled: false,
    open_issues_count: open,
    license: null,
    allow_forking: true,
    is_template: false,
    web_commit_signoff_required: false,
    topics: [],
    visibility: 'private',
    forks: 0,
    open_issues: open,
    watchers: 0,
    default_branch: 'main',
  };
}

/** How pull requests may be merged: only the repository itself and a pull request's two ends show it. */
export function mergeSettings(): Fields {
  return {
    allow_squash_merge: true,
    allow_merge_commit: true,
    allow_rebase_merge: true,
    allow_auto_merge: false,
    delete_branch_on_merge: false,
    allow_update_branch: true,
    use_squash_pr_title_as_default: false,
    squash_merge_commit_message: 'COMMIT_MESSAGES',
    squash_merge_commit_title: 'COMMIT_OR_PR_TITLE',
    merge_commit_message: 'PR_TITLE',
    merge_commit_title: 'MERGE_MESSAGE',
  };
}

export function fullRepositoryShape(world: World): Fields {
  return { ...repositoryShape(world), ...mergeSettings(), subscribers_count: 0, network_count: 0 };
}
