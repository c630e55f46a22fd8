import type { Config } from './config.ts';
import type { Known } from './known.ts';
import type { LiveFacts } from './live-facts.ts';
import type { QueuedPull } from './merge-queue.ts';
import type { ProtectionFacts } from './protection.ts';
import type { ChangeRecord } from './record.ts';

/** When the gate is asked: about an open pull request, about the commit that the merge queue made of it, or about one already merged. */
export type GateQuestion =
  | { readonly moment: 'open'; readonly pull: number }
  | ({ readonly moment: 'queue' } & QueuedPull)
  | { readonly moment: 'apply'; readonly merge: string };

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
  /** What it said before it was edited; unknown when GitHub does not show every version. Empty when it never was. */
  readonly former: Known<readonly string[]>;
}

/** What the timeline says happened to the conversation: deletions and changes of base or head. */
export interface TimelineFact {
  readonly what: 'comment_deleted' | 'base_changed' | 'head_force_pushed';
  readonly at: string;
  readonly actor: Person | null;
  /** Whose comment it was; null: somebody who cannot be told, or no comment. */
  readonly author: Person | null;
}

export interface CommitFact {
  readonly sha: string;
  readonly parents: readonly string[];
  /** Author, co-authors and committer as GitHub resolved them; null where no account was found. */
  readonly people: readonly (Person | null)[];
  /** A merge whose other parent is on the base's history: it adds nothing of its own and makes nobody its author. */
  readonly mergesBase: boolean;
}

export interface PushFact {
  readonly actor: Person | null;
  readonly before: string;
  readonly after: string;
  readonly at: string;
  /** The push only added merges of the base. */
  readonly mergesBase: boolean;
}

/** One line of a digest: both sides of a path, modes as git writes them, absent sides as mode 000000 and an id of zeros. */
export interface TreeEntryChange {
  readonly path: string;
  readonly oldMode: string;
  readonly oldId: string;
  readonly newMode: string;
  readonly newId: string;
}

/** An older head that an approval names: what was between it and the head, and its own change against its own merge base. */
export interface AncestorFact {
  readonly sha: string;
  /** Every commit from this ancestor (exclusive) to the head is a merge whose other parent is on the base's history. */
  readonly onlyBaseMerges: boolean;
  readonly delta: readonly TreeEntryChange[];
}

export interface PolicyFacts {
  readonly commit: string;
  readonly codeowners: Known<{ readonly path: string; readonly text: string } | null>;
  readonly config: Known<Config>;
  /** True when the commit has no .github/sluice.yml at all, which is an answer and not a failure. */
  readonly unconfigured?: boolean;
}

/** A file's text on both sides; null: the file is not there. */
export interface BlobFact {
  readonly path: string;
  readonly before: Known<string | null>;
  readonly after: Known<string | null>;
}

export type Permission = 'admin' | 'maintain' | 'write' | 'triage' | 'read' | 'none';

export interface TeamFact {
  /** Active members, those of child teams included. */
  readonly members: readonly Person[];
  /** Only its members and the organisation's owners see a secret team; GitHub takes it for no owner. */
  readonly isSecret: boolean;
  /** What the team itself may do in this repository: GitHub counts only teams that may write as owners. */
  readonly permission: Permission;
}

/** What GitHub says of the pull request and, once merged, of the merge: the first read. */
export interface ChangeFacts {
  readonly repository: { readonly id: number; readonly defaultBranch: string };
  readonly pull: Known<PullFacts>;
  /** GitHub was asked and names no pull request that was merged as this commit: it came by a push. */
  readonly pushed: boolean;
  /** Merge base to head, from recursive trees without rename detection. */
  readonly delta: Known<readonly TreeEntryChange[]>;
  /** Of an open one: paths among these that the base changed, too, since the branch began. Git would mix both into what nobody has seen. */
  readonly moved: Known<readonly string[]> | null;
  /** Parents of the merge commit, or of the queue's, and its first parent's change to it; null while there is none. */
  readonly merge: Known<{ readonly parents: readonly string[]; readonly delta: readonly TreeEntryChange[] }> | null;
  readonly commits: Known<readonly CommitFact[]>;
  readonly comments: Known<readonly CommentFact[]>;
  readonly timeline: Known<readonly TimelineFact[]>;
  readonly pushes: Known<readonly PushFact[]>;
  /** What GitHub itself still wants; null once merged, when it decides nothing. */
  readonly protection: Known<ProtectionFacts> | null;
  /** Policy at the base (live tip while open, what comes before it in the queue, M^1 at apply) and at HEAD; both must allow. */
  readonly policies: readonly PolicyFacts[];
}

export interface RecordFact {
  readonly path: string;
  readonly text: string;
  readonly record: ChangeRecord;
}

export interface FollowUpFacts {
  readonly blobs: readonly BlobFact[];
  /** What a merge leaves as the base has it: a variable that the change sets may be used there. Text null: the file is not there. */
  readonly beside: Known<{
    readonly files: readonly { readonly path: string; readonly text: string | null }[];
    readonly names: readonly string[];
  }>;
  /** The one change record that the change adds, parsed; null when it adds none. */
  readonly record: Known<RecordFact | null>;
  /** For a rollback: the record that it names, as the base has it; null for anything else. */
  readonly undone: Known<ChangeRecord | null>;
  /** Account and live permission by login; null: GitHub knows no such user. */
  readonly people: Readonly<Record<string, Known<{ readonly person: Person; readonly permission: Permission } | null>>>;
  /** By `org/slug`; null: there is no such team. */
  readonly teams: Readonly<Record<string, Known<TeamFact | null>>>;
  readonly ancestors: Known<readonly AncestorFact[]>;
}

/** Everything algorithm A looks at. */
export interface GateFacts {
  readonly question: GateQuestion;
  readonly change: ChangeFacts;
  readonly followUp: FollowUpFacts;
  readonly live: LiveFacts;
}
