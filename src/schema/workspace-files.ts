import * as z from 'zod/mini';

/** One entry of a folder in DBFS or in /Volumes; `size` in bytes. */
export interface FileEntry {
  readonly path: string;
  readonly folder: boolean;
  readonly size: number;
}

const dbfsSchema = z.object({
  files: z.optional(z.array(z.object({ path: z.string(), is_dir: z.boolean(), file_size: z.optional(z.number()) }))),
});
const volumeSchema = z.object({
  contents: z.optional(z.array(z.object({ path: z.string(), is_directory: z.boolean(), file_size: z.optional(z.number()) }))),
  next_page_token: z.optional(z.string()),
});
const partSchema = z.object({ bytes_read: z.number(), data: z.string() });

export function readDbfsFolder(value: unknown): { readonly items: readonly FileEntry[]; readonly next: null } | null {
  const read = dbfsSchema.safeParse(value);
  if (!read.success) return null;
  const items = (read.data.files ?? []).map((file) => ({ path: file.path, folder: file.is_dir, size: file.file_size ?? 0 }));
  return { items, next: null };
}

export function readVolumeFolder(value: unknown): { readonly items: readonly FileEntry[]; readonly next: string | null } | null {
  const read = volumeSchema.safeParse(value);
  if (!read.success) return null;
  const items = (read.data.contents ?? []).map((file) => ({
    path: file.path,
    folder: file.is_directory,
    size: file.file_size ?? 0,
  }));
  return { items, next: read.data.next_page_token || null };
}

/** One part of a file from dbfs/read, decoded. */
export function readDbfsPart(value: unknown): Uint8Array | null {
  const read = partSchema.safeParse(value);
  return read.success ? Buffer.from(read.data.data, 'base64') : null;
}
