/** Where an open pull request stands with the merge queue that its base branch wants. */
export interface QueueFacts {
  /** Which account (numeric id) put it there, where it is in the queue; null: it is not in it. */
  readonly entered: { readonly by: number | null } | null;
  /** When it was last taken out of the queue, and by which account (numeric id); null: never. */
  readonly removed: { readonly at: string; readonly by: number | null } | null;
}

/** What the queue made of one pull request: the commit that would be merged, on top of what stands before it. */
export interface QueuedPull {
  readonly pull: number;
  readonly commit: string;
  /** What comes before it: another pull request's commit, or one of the base branch. */
  readonly parent: string;
}
