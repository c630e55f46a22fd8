import type { Json } from './json.ts';
import type { Permissions, Role, SeedApp } from './seed.ts';

export interface Account {
  readonly login: string;
  readonly id: number;
  readonly type: 'User' | 'Bot' | 'Organization';
}

/** Who a request comes from. App, installation and Actions tokens are bounded by grants, people by their role. */
export interface Actor {
  readonly kind: 'anonymous' | 'user' | 'app' | 'installation' | 'actions';
  /** 'app:<id>', 'user:<login>', 'actions' or 'anonymous', as calls are counted. */
  readonly name: string;
  readonly account: Account | null;
  readonly app: SeedApp | null;
  readonly grants: Permissions;
  readonly role: Role;
}

export interface Reaction {
  readonly id: number;
  readonly content: string;
  readonly user: Account;
  readonly createdAt: string;
}

export interface Comment {
  readonly id: number;
  readonly issue: number;
  readonly author: Account;
  readonly app: SeedApp | null;
  readonly createdAt: string;
  readonly reactions: Reaction[];
  /** Every text it ever had, the first one included, once it was edited; empty until then. */
  readonly versions: Version[];
  body: string;
  updatedAt: string;
  editedAt: string | null;
  editor: Account | null;
}

export interface Version {
  readonly id: number;
  readonly at: string;
  readonly editor: Account;
  readonly body: string;
}

export interface TimelineEvent {
  readonly id: number;
  readonly event: string;
  readonly actor: Account;
  readonly app: SeedApp | null;
  readonly createdAt: string;
  readonly data: Readonly<Record<string, Json>>;
}

export interface Issue {
  readonly id: number;
  readonly number: number;
  readonly author: Account;
  readonly app: SeedApp | null;
  readonly createdAt: string;
  readonly pull: Pull | null;
  readonly events: TimelineEvent[];
  readonly reactions: Reaction[];
  title: string;
  body: string | null;
  labels: readonly string[];
  assignees: readonly string[];
  state: 'open' | 'closed';
  reason: 'completed' | 'not_planned' | 'reopened' | 'duplicate' | null;
  updatedAt: string;
  closedAt: string | null;
  closedBy: Account | null;
}

export interface Pull {
  readonly id: number;
  readonly headRef: string;
  readonly reviews: Review[];
  readonly remarks: Remark[];
  headSha: string;
  baseRef: string;
  /** The base's tip at the last change of the pull request: stale on purpose, like GitHub's. */
  baseSha: string;
  draft: boolean;
  reviewers: readonly string[];
  teams: readonly string[];
  /** The pair of commits for which `mergeable` was asked before: GitHub computes it in the background after the first question. */
  probed: string | null;
  merge: { readonly at: string; readonly by: Account; readonly sha: string } | null;
}

export interface Review {
  readonly id: number;
  readonly author: Account;
  readonly commit: string;
  readonly submittedAt: string;
  body: string;
  state: 'APPROVED' | 'CHANGES_REQUESTED' | 'COMMENTED' | 'DISMISSED' | 'PENDING';
}

/** A review comment on a line of the diff. */
export interface Remark {
  readonly id: number;
  readonly review: number;
  readonly author: Account;
  readonly body: string;
  readonly path: string;
  readonly line: number | null;
  readonly position: number | null;
  readonly side: string;
  readonly commit: string;
  readonly createdAt: string;
}

export interface Label {
  readonly id: number;
  readonly name: string;
  readonly color: string;
  readonly description: string | null;
}

export interface CheckRun {
  readonly id: number;
  readonly sha: string;
  readonly app: SeedApp;
  readonly startedAt: string;
  name: string;
  status: 'queued' | 'in_progress' | 'completed';
  conclusion: string | null;
  completedAt: string | null;
  externalId: string;
  detailsUrl: string | null;
  title: string | null;
  summary: string | null;
  text: string | null;
}

export interface CommitStatus {
  readonly id: number;
  readonly sha: string;
  readonly context: string;
  readonly state: string;
  readonly description: string | null;
  readonly targetUrl: string | null;
  readonly creator: Account;
  /** The App that set it through its own token. */
  readonly app: SeedApp | null;
  readonly createdAt: string;
}

/** One line of the repository's activity log: server-side truth about who moved which ref when. */
export interface Activity {
  readonly id: number;
  readonly before: string;
  readonly after: string;
  readonly ref: string;
  readonly at: string;
  readonly kind: 'push' | 'force_push' | 'branch_creation' | 'branch_deletion' | 'pr_merge' | 'merge_queue_merge';
  readonly actor: Account;
}

/** A workflow run, written by the Actions runner and read through the API. */
export interface WorkflowRun {
  readonly id: number;
  readonly name: string;
  readonly path: string;
  readonly event: string;
  readonly sha: string;
  readonly branch: string;
  readonly number: number;
  readonly actor: Account;
  readonly createdAt: string;
  attempt: number;
  status: 'queued' | 'in_progress' | 'completed';
  conclusion: string | null;
  updatedAt: string;
}
