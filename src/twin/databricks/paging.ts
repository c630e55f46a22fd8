import type { Plain } from '../pipeline/json.ts';
import { invalid } from './answer.ts';

/** Page tokens are opaque to clients; here they hold the offset of the page's first element. */
export function tokenFor(offset: number): string {
  return Buffer.from(`twin:${offset}`).toString('base64url');
}

export function offsetOf(token: string | null | undefined): number {
  if (token === null || token === undefined || token === '') return 0;
  const found = /^twin:(\d+)$/.exec(Buffer.from(token, 'base64url').toString('utf8'));
  if (found === null) throw invalid('Invalid page token');
  return Number(found[1]);
}

/** One page of a list, with the members that the Jobs API adds; a list without elements is left out of the answer. */
export function pageOf(name: string, all: readonly Plain[], offset: number, limit: number): { readonly [key: string]: Plain } {
  const page = all.slice(offset, offset + limit);
  const more = offset + limit < all.length;
  return {
    [name]: page.length === 0 ? undefined : page,
    has_more: more,
    next_page_token: more ? tokenFor(offset + limit) : undefined,
    prev_page_token: offset > 0 ? tokenFor(Math.max(0, offset - limit)) : undefined,
  };
}
