import * as z from 'zod/mini';

const Entry = z.nullable(
  z.object({
    oid: z.string(),
    mode: z.number(),
    type: z.string(),
    object: z.nullable(z.object({ text: z.optional(z.nullable(z.string())), isTruncated: z.optional(z.boolean()) })),
  }),
);
const Files = z.looseObject({ oid: z.string(), tree: z.object({ oid: z.string() }) });

export interface PolicyFiles {
  readonly commit: string;
  readonly tree: string;
  /** In the order they were asked for, as f0, f1, …; null where there is no file. */
  readonly entries: readonly ({ readonly mode: string; readonly id: string; readonly text: string | null } | null)[];
}

/** Where some files lie at a commit, asked for alone or as the tip of the default branch. */
export function parsePolicyFiles(answer: unknown): PolicyFiles {
  const Answer = z.object({
    repository: z.object({
      at: z.optional(z.nullable(Files)),
      defaultBranchRef: z.optional(z.nullable(z.object({ at: z.nullable(Files) }))),
    }),
  });
  const { at, defaultBranchRef } = Answer.parse(answer).repository;
  const found = at ?? defaultBranchRef?.at;
  if (!found) throw new Error('no such commit');
  const names = Object.keys(found).filter((name) => /^f\d+$/.test(name));
  const entries = names.map((_, place) => Entry.parse(found[`f${place}`] ?? null));
  return {
    commit: found.oid,
    tree: found.tree.oid,
    // GraphQL writes a mode as a number whose octal digits git shows. A folder of that name is no file.
    entries: entries.map((entry) => {
      if (entry?.type !== 'blob') return null;
      const text = entry.object?.isTruncated === false ? (entry.object.text ?? null) : null;
      return { mode: entry.mode.toString(8).padStart(6, '0'), id: entry.oid, text };
    }),
  };
}
