import type { Config } from './config.ts';
import type { Known } from './known.ts';
import type { GateReasonCode, Reason } from './reason.ts';

/** When the gate is asked: about an open pull request, or about a commit already merged. */
export type GateQuestion =
  | { readonly moment: 'open'; readonly pull: number }
  | { readonly moment: 'apply'; readonly merge: string; readonly head: string };

export interface Person {
  /** GitHub's numeric user id: a login can be renamed and taken by somebody else. */
  readonly id: number;
  readonly login: string;
  readonly type: string;
}

export interface PullFacts {
  readonly number: number;
  readonly author: Person;
  readonly state: 'open' | 'closed';
  readonly baseRef: string;
  readonly headRef: string;
  readonly baseRepositoryId: number;
  readonly headRepositoryId: number | null;
  readonly headSha: string;
  readonly mergedAt: string | null;
  readonly mergeSha: string | null;
}

export interface CommentFact {
  readonly id: number;
  readonly author: Person | null;
  readonly body: string;
  readonly createdAt: string;
  readonly lastEditedAt: string | null;
  readonly includesCreatedEdit: boolean;
  readonly createdViaEmail: boolean;
  readonly viaApp: boolean;
}

/** What the timeline says happened to the conversation: deletions and changes of base or head. */
export interface TimelineFact {
  readonly what: 'comment_deleted' | 'base_changed' | 'head_force_pushed';
  readonly at: string;
  readonly actor: Person | null;
}

export interface CommitFact {
  readonly sha: string;
  readonly parents: readonly string[];
  /** Author, co-authors and committer as GitHub resolved them; null where no account was found. */
  readonly people: readonly (Person | null)[];
  readonly webFlow: boolean;
}

export interface PushFact {
  readonly actor: Person | null;
  readonly before: string;
  readonly after: string;
  readonly at: string;
}

/** One line of a digest: both sides of a path, modes as git writes them, absent sides as mode 000000 and an id of zeros. */
export interface TreeEntryChange {
  readonly path: string;
  readonly oldMode: string;
  readonly oldId: string;
  readonly newMode: string;
  readonly newId: string;
}

/** Merge commits of the base that were added on top of an approved head, each with its digest against its own merge base. */
export interface AncestorFact {
  readonly sha: string;
  /** Every commit from this ancestor (exclusive) to the head is a merge whose other parent is on the base's history. */
  readonly onlyBaseMerges: boolean;
  readonly digest: string;
}

export interface PolicyFacts {
  readonly commit: string;
  readonly codeowners: Known<{ readonly path: string; readonly text: string } | null>;
  readonly config: Known<Config>;
}

/** A file's text on both sides; null: the file is not there. */
export interface BlobFact {
  readonly path: string;
  readonly before: Known<string | null>;
  readonly after: Known<string | null>;
}

export type Permission = 'admin' | 'maintain' | 'write' | 'triage' | 'read' | 'none';

export interface GateFacts {
  readonly question: GateQuestion;
  /** ISO instant of this evaluation: one for all rules. */
  readonly now: string;
  readonly repository: { readonly id: number; readonly defaultBranch: string };
  /** Our own Apps' bot accounts (numeric ids): they propose and never approve. */
  readonly ours: readonly number[];
  readonly pull: Known<PullFacts>;
  /** Merge base to head, from recursive trees. */
  readonly delta: Known<readonly TreeEntryChange[]>;
  /** First parent to merge commit; null before the merge. */
  readonly mergedDelta: Known<readonly TreeEntryChange[]> | null;
  readonly mergeParents: Known<readonly string[]> | null;
  readonly commits: Known<readonly CommitFact[]>;
  readonly ancestors: Known<readonly AncestorFact[]>;
  readonly comments: Known<readonly CommentFact[]>;
  readonly timeline: Known<readonly TimelineFact[]>;
  readonly pushes: Known<readonly PushFact[]>;
  /** Policy at the base (live tip while open, M^1 at apply) and at HEAD; both must allow. */
  readonly policies: readonly PolicyFacts[];
  readonly blobs: readonly BlobFact[];
  /** Live permission by login, and active members (numeric ids, child teams included) by `org/slug`. */
  readonly permissions: Readonly<Record<string, Known<Permission>>>;
  readonly teams: Readonly<Record<string, Known<readonly Person[]>>>;
  /** Numeric ids of people who shaped the content: `/revise`, a hint the model used, a change through MCP; and who asked. */
  readonly shapers: readonly number[];
  readonly askers: readonly number[];
  /** The target's job as read now, and the alert's state: what makes a proposal stale. */
  readonly live: LiveFacts;
}

export interface LiveFacts {
  readonly host: Known<string | null>;
  readonly jobId: Known<string | null>;
  readonly recovered: Known<boolean>;
  /** A later record or rollback for the same job exists at HEAD, or the target files no longer hold the new values. */
  readonly superseded: Known<boolean>;
}

export interface Approval {
  readonly commentId: number;
  readonly person: Person;
  readonly sha: string;
  readonly at: string;
}

export interface DroppedApproval {
  readonly commentId: number;
  readonly login: string;
  readonly code: GateReasonCode;
  readonly detail: string;
}

/** The gate's answer, with everything a person needs to see why. */
export interface Verdict {
  readonly verdict: 'allow' | 'wait' | 'deny';
  readonly reasons: readonly Reason<GateReasonCode>[];
  readonly head: string | null;
  readonly digest: string | null;
  readonly counted: readonly Approval[];
  readonly dropped: readonly DroppedApproval[];
  /** For each changed path the owners that may approve it; empty: nobody owns it. */
  readonly needed: readonly {
    readonly path: string;
    readonly owners: readonly string[];
    readonly approvedBy: readonly string[];
  }[];
  readonly required: number;
  readonly opensAt: string | null;
  /** False when no changed file belongs to a target: the gate has nothing to say. */
  readonly applies: boolean;
}
