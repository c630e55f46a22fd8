import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { deflateSync, inflateSync } from 'node:zlib';

export type ObjectType = 'blob' | 'tree' | 'commit' | 'tag';

export interface StoredObject {
  readonly type: ObjectType;
  readonly content: Buffer;
}

/** A loose object as git writes it. Starting git for each of a commit's objects would cost 4 ms a piece. */
export function writeObject(dir: string, type: ObjectType, content: Buffer): string {
  const object = Buffer.concat([Buffer.from(`${type} ${content.length}\0`), content]);
  const id = createHash('sha1').update(object).digest('hex');
  const path = loosePath(dir, id);
  if (!existsSync(path)) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, deflateSync(object, { level: 1 }));
  }
  return id;
}

export function readObject(dir: string, id: string): StoredObject | null {
  const path = loosePath(dir, id);
  if (!/^[0-9a-f]{40}$/.test(id) || !existsSync(path)) return null;
  const object = inflateSync(readFileSync(path));
  const end = object.indexOf(0);
  const type = object.subarray(0, object.indexOf(32)).toString();
  if (type !== 'blob' && type !== 'tree' && type !== 'commit' && type !== 'tag') return null;
  return { type, content: object.subarray(end + 1) };
}

function loosePath(dir: string, id: string): string {
  return join(dir, 'objects', id.slice(0, 2), id.slice(2));
}
