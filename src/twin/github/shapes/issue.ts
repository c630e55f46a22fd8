import type { Fields, Json } from '../json.ts';
import type { Account, Comment, Issue, Label, Reaction } from '../nouns.ts';
import type { World } from '../world.ts';
import { nodeId, userShape } from './account.ts';
import { viaApp } from './app.ts';
import { pageUrl, repositoryUrl } from './repository.ts';

const REACTIONS = ['+1', '-1', 'laugh', 'hooray', 'confused', 'heart', 'rocket', 'eyes'] as const;

export function isReaction(text: string): boolean {
  return REACTIONS.some((one) => one === text);
}

/** Members of the owning organisation are those who hold a permission; it is a display value, never proof. */
export function association(world: World, account: Account): string {
  if (account.login.toLowerCase() === world.owner.toLowerCase()) return 'OWNER';
  const user = world.seed.users.find((one) => one.login === account.login);
  if (account.type === 'Bot' || user === undefined || user.permission === 'none') return 'NONE';
  const teams = (world.seed.teams ?? []).flatMap((team) => team.members);
  if (teams.some((member) => member.login === account.login && member.state !== 'pending')) return 'MEMBER';
  return user.permission === 'read' ? 'NONE' : 'COLLABORATOR';
}

export function labelShape(world: World, label: Label): Fields {
  return {
    id: label.id,
    node_id: nodeId('LA', label.id),
    url: `${repositoryUrl(world)}/labels/${encodeURIComponent(label.name)}`,
    name: label.name,
    color: label.color,
    default: false,
    description: label.description,
  };
}

export function labelsOf(world: World, issue: Issue): readonly Fields[] {
  return issue.labels.flatMap((name) => {
    const label = world.labels.get(name.toLowerCase());
    return label === undefined ? [] : [labelShape(world, label)];
  });
}

export function reactionShape(world: World, reaction: Reaction): Fields {
  return {
    id: reaction.id,
    node_id: nodeId('REA', reaction.id),
    user: userShape(world, reaction.user),
    content: reaction.content,
    created_at: reaction.createdAt,
  };
}

export function rollup(url: string, reactions: readonly Reaction[]): Fields {
  const count = (content: string) => reactions.filter((one) => one.content === content).length;
  return {
    url: `${url}/reactions`,
    total_count: reactions.length,
    ...Object.fromEntries(REACTIONS.map((content) => [content, count(content)])),
  };
}

export function assigneesOf(world: World, issue: Issue): readonly Fields[] {
  return issue.assignees.flatMap((login) => {
    const account = world.accounts.get(login.toLowerCase());
    return account === undefined ? [] : [userShape(world, account)];
  });
}

export function commentsOf(world: World, number: number): readonly Comment[] {
  return [...world.comments.values()].filter((comment) => comment.issue === number);
}

export function issueShape(world: World, issue: Issue): Fields {
  const root = repositoryUrl(world);
  const url = `${root}/issues/${issue.number}`;
  const assignees = assigneesOf(world, issue);
  return {
    url,
    repository_url: root,
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    html_url: `${pageUrl(world)}/${issue.pull === null ? 'issues' : 'pull'}/${issue.number}`,
    id: issue.id,
    node_id: nodeId(issue.pull === null ? 'I' : 'PR', issue.pull?.id ?? issue.id),
    number: issue.number,
    title: issue.title,
    user: userShape(world, issue.author),
    labels: labelsOf(world, issue),
    state: issue.state,
    locked: false,
    assignee: assignees[0] ?? null,
    assignees,
    milestone: null,
    comments: commentsOf(world, issue.number).length,
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    closed_at: issue.closedAt,
    author_association: association(world, issue.author),
    active_lock_reason: null,
    body: issue.body,
    reactions: rollup(url, issue.reactions),
    timeline_url: `${url}/timeline`,
    performed_via_github_app: viaApp(world, issue.app),
    state_reason: issue.reason,
    closed_by: issue.closedBy === null ? null : userShape(world, issue.closedBy),
    ...pullPart(world, issue),
  };
}

/** What tells a pull request from an issue in every issue payload. */
function pullPart(world: World, issue: Issue): Readonly<Record<string, Json>> {
  if (issue.pull === null) return {};
  const page = `${pageUrl(world)}/pull/${issue.number}`;
  const url = `${repositoryUrl(world)}/pulls/${issue.number}`;
  return {
    draft: issue.pull.draft,
    pull_request: {
      url,
      html_url: page,
      diff_url: `${page}.diff`,
      patch_url: `${page}.patch`,
      merged_at: issue.pull.merge?.at ?? null,
    },
  };
}

export function commentShape(world: World, comment: Comment): Fields {
  const url = `${repositoryUrl(world)}/issues/comments/${comment.id}`;
  const kind = world.issues.get(comment.issue)?.pull === null ? 'issues' : 'pull';
  return {
    url,
    html_url: `${pageUrl(world)}/${kind}/${comment.issue}#issuecomment-${comment.id}`,
    issue_url: `${repositoryUrl(world)}/issues/${comment.issue}`,
    id: comment.id,
    node_id: nodeId('IC', comment.id),
    user: userShape(world, comment.author),
    created_at: comment.createdAt,
    updated_at: comment.updatedAt,
    author_association: association(world, comment.author),
    body: comment.body,
    reactions: rollup(url, comment.reactions),
    performed_via_github_app: viaApp(world, comment.app),
  };
}
