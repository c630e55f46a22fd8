import { createHash } from 'node:crypto';
import { parseBlobs } from '../../schema/github-objects.ts';

/** Most blobs that one query asks for. */
const MOST_AT_ONCE = 50;
/** Texts of this many blobs are kept; what an object id names never changes. */
const MOST_KEPT = 1000;

export interface BlobSources {
  readonly query: (text: string, variables: Readonly<Record<string, string>>) => Promise<unknown>;
  /** The bytes of one blob by REST. Throws when there is none. */
  readonly one: (id: string) => Promise<Uint8Array>;
}

export interface Blobs {
  /** The bytes of a blob; throws when there is none. */
  of(id: string): Promise<Uint8Array>;
  /** Another answer showed a text in passing; it counts only when it is what the id names. */
  learn(id: string, text: string): void;
}

/**
 * Reads blobs by id, those asked for in the same moment by one query. A text counts only when its own hash is the id that was asked for;
 * everything else (binary, truncated, not UTF-8, or a wire that changed it) is read again by REST, byte for byte.
 */
export function blobsOf(sources: BlobSources): Blobs {
  const kept = new Map<string, Promise<Uint8Array>>();
  let waiting: Waiting[] = [];
  const flush = () => {
    const batch = waiting;
    waiting = [];
    for (let from = 0; from < batch.length; from += MOST_AT_ONCE) void readMany(batch.slice(from, from + MOST_AT_ONCE), sources);
  };
  const load = (id: string) =>
    new Promise<Uint8Array>((resolve, reject) => {
      if (waiting.length === 0) setImmediate(flush);
      waiting.push({ id, resolve, reject });
    });
  const keep = (id: string, bytes: Promise<Uint8Array>) => {
    kept.set(id, bytes);
    if (kept.size > MOST_KEPT) kept.delete(kept.keys().next().value ?? id);
    bytes.catch(() => kept.delete(id));
    return bytes;
  };
  return {
    of: (id) => kept.get(id) ?? keep(id, load(id)),
    learn(id, text) {
      const bytes = new TextEncoder().encode(text);
      if (!kept.has(id) && blobId(bytes, id.length) === id) keep(id, Promise.resolve(bytes));
    },
  };
}

interface Waiting {
  readonly id: string;
  readonly resolve: (bytes: Uint8Array) => void;
  readonly reject: (error: unknown) => void;
}

async function readMany(batch: readonly Waiting[], { query, one }: BlobSources): Promise<void> {
  try {
    const texts = parseBlobs(
      await query(queryFor(batch.length), Object.fromEntries(batch.map(({ id }, place) => [`b${place}`, id]))),
    );
    await Promise.all(
      batch.map(async ({ id, resolve, reject }, place) => {
        const text = texts.get(`b${place}`) ?? null;
        const bytes = text === null ? null : new TextEncoder().encode(text);
        if (bytes && blobId(bytes, id.length) === id) resolve(bytes);
        else await one(id).then(resolve, reject);
      }),
    );
  } catch (error) {
    for (const { reject } of batch) reject(error);
  }
}

function queryFor(count: number): string {
  const names = Array.from({ length: count }, (_, place) => `b${place}`);
  const declared = names.map((name) => `$${name}: GitObjectID!`).join(', ');
  const asked = names.map((name) => `${name}: object(oid: $${name}) { ... on Blob { text isTruncated } }`).join('\n');
  return `query($owner: String!, $repo: String!, ${declared}) { repository(owner: $owner, name: $repo) {\n${asked}\n} }`;
}

/** git's own name for these bytes, in the repository's object format (40 or 64 hex digits). */
function blobId(bytes: Uint8Array, length: number): string {
  return createHash(length === 64 ? 'sha256' : 'sha1')
    .update(`blob ${bytes.length}\0`)
    .update(bytes)
    .digest('hex');
}
