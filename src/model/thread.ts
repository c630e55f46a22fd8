/** An issue or a pull request's conversation, as the flows need it. */
export interface Thread {
  readonly number: number;
  readonly state: 'open' | 'closed';
  readonly title: string;
  readonly body: string;
  readonly labels: readonly string[];
  readonly createdAt: string;
  readonly closedAt: string | null;
  readonly isPull: boolean;
}

export interface Note {
  readonly id: number;
  readonly body: string;
  /** True when this comment was written by our own App. */
  readonly ours: boolean;
  readonly createdAt: string;
}

/** What a review says about one line as a change leaves it. */
export interface Remark {
  readonly path: string;
  readonly line: number;
  readonly body: string;
}

/** What GitHub answered to a merge; a refusal is an answer. */
export interface MergeAnswer {
  readonly merged: boolean;
  readonly sha: string | null;
  readonly why: string;
}

/** A file as a commit is to have it; a text of null deletes it. */
export interface CommittedFile {
  readonly path: string;
  readonly text: string | null;
}

/** A pull request that carries a plan. */
export interface Proposal {
  readonly number: number;
  readonly headSha: string;
  readonly branch: string;
  readonly state: 'open' | 'closed';
  readonly merged: boolean;
  readonly draft: boolean;
}
