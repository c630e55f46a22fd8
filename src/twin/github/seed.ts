export type Role = 'admin' | 'maintain' | 'write' | 'triage' | 'read' | 'none';
export type Level = 'read' | 'write';
export type Permissions = Readonly<Record<string, Level>>;

export interface SeedUser {
  readonly login: string;
  readonly id: number;
  readonly token: string;
  readonly permission: Role;
  readonly type?: 'User' | 'Bot';
}

export interface SeedTeam {
  readonly slug: string;
  readonly members: readonly { readonly login: string; readonly state?: 'active' | 'pending' }[];
  readonly parent?: string;
  /** `secret`: only its members see it. */
  readonly privacy?: 'closed' | 'secret';
  /** The team's permission on the repository; null when it has none there. */
  readonly permission?: 'pull' | 'triage' | 'push' | 'maintain' | 'admin' | null;
}

export interface SeedApp {
  readonly id: number;
  readonly slug: string;
  readonly publicKey: string;
  readonly installationId: number;
  readonly permissions: Permissions;
  readonly webhook?: { readonly url: string; readonly secret: string };
}

export interface SeedEnvironment {
  readonly name: string;
  /** null is GitHub's default: every branch may deploy. */
  readonly branches: readonly string[] | null;
}

/** One ruleset's worth of rules on a branch; what is absent is not required. */
export interface BranchRules {
  readonly branch: string;
  readonly requiredChecks?: readonly { readonly context: string; readonly appId?: number }[];
  readonly strictChecks?: boolean;
  readonly requiredReviews?: number;
  readonly codeOwnerReview?: boolean;
  readonly dismissStaleReviews?: boolean;
  /** How the queue that this branch then has merges; it has none when absent. */
  readonly mergeQueue?: 'MERGE' | 'SQUASH' | 'REBASE';
  readonly noForcePush?: boolean;
  readonly noDeletion?: boolean;
  readonly linearHistory?: boolean;
  /** Logins of people whom none of this binds: the ruleset's bypass list, as it is for administrators. */
  readonly bypass?: readonly string[];
}

export interface GithubSeed {
  readonly owner: string;
  readonly repo: string;
  readonly ownerType?: 'Organization' | 'User';
  readonly repositoryId?: number;
  /** The first commit on main. */
  readonly files: Readonly<Record<string, string>>;
  readonly users: readonly SeedUser[];
  readonly teams?: readonly SeedTeam[];
  readonly apps: readonly SeedApp[];
  readonly environments?: readonly SeedEnvironment[];
  readonly branchRules?: readonly BranchRules[];
}
