/** What the second read is asked for, computed from the first. */
export interface FollowUp {
  readonly blobs: readonly { readonly path: string; readonly before: string; readonly after: string }[];
  readonly logins: readonly string[];
  readonly teams: readonly string[];
  readonly ancestors: readonly string[];
  /** Of bundles that the change touches: their targets' other files, and the folders whose files' names are wanted (`''`: all). */
  readonly beside: { readonly files: readonly string[]; readonly folders: readonly string[] };
}
