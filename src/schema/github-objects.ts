import * as z from 'zod/mini';

const Blob = z.nullable(z.object({ text: z.optional(z.nullable(z.string())), isTruncated: z.optional(z.boolean()) }));
const Blobs = z.object({ repository: z.record(z.string(), Blob) });

/** Whole texts of blobs by the alias they were asked for; what is binary, truncated or no blob is left out. */
export function parseBlobs(answer: unknown): ReadonlyMap<string, string> {
  const found = Object.entries(Blobs.parse(answer).repository);
  return new Map(
    found.flatMap(([alias, blob]) =>
      blob && blob.isTruncated !== true && typeof blob.text === 'string' ? [[alias, blob.text] as const] : [],
    ),
  );
}

/** A blob's bytes as REST gives them. */
export function parseRestBlob(answer: unknown): Uint8Array {
  const { content, encoding } = z.object({ content: z.string(), encoding: z.string() }).parse(answer);
  return Buffer.from(content, encoding === 'base64' ? 'base64' : 'utf8');
}
