import { type Fields, type Json, textOf } from './json.ts';
import type { Account, Actor } from './nouns.ts';
import { notFound, Refusal } from './refusal.ts';
import type { Level, Role } from './seed.ts';
import type { World } from './world.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
export type Grant = `${string}:${Level}`;

/** Any one of the grants suffices for an App or Actions token; a person needs the role on the repository. */
export interface Need {
  readonly grants: readonly Grant[];
  readonly role: Role;
}

export interface Route {
  readonly method: Method;
  /** GitHub's template, as in its OpenAPI description. */
  readonly path: string;
  readonly need: Need | 'jwt' | 'token' | 'anyone';
  readonly run: (call: Call) => Answer;
}

export interface Call {
  readonly world: World;
  readonly actor: Actor;
  readonly query: URLSearchParams;
  readonly body: Fields;
  readonly accept: string;
  readonly path: string;
  readonly params: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly status: number;
  readonly body?: Json;
  /** For media types that are no JSON, such as raw file content. */
  readonly raw?: Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

export const REPO = '/repos/{owner}/{repo}';

export function needs(role: Role, ...grants: readonly Grant[]): Need {
  return { role, grants };
}

export function ok(body: Json, status = 200): Answer {
  return { status, body };
}

export function nothing(): Answer {
  return { status: 204 };
}

export function param(call: Call, name: string): string {
  return call.params[name] ?? '';
}

/** A number in the path; anything else is not found. */
export function idParam(call: Call, name: string): number {
  const id = Number(param(call, name));
  if (!Number.isSafeInteger(id)) throw notFound();
  return id;
}

/** Who writes. App JWTs and strangers have no account. */
export function writer(call: Call): Account {
  if (call.actor.account === null) throw new Refusal(401, 'Requires authentication');
  return call.actor.account;
}

export function required(call: Call, name: string): string {
  const text = textOf(call.body[name]);
  if (text === null || text === '') {
    const why = `Invalid request.\n\n"${name}" wasn't supplied.`;
    throw new Refusal(422, why);
  }
  return text;
}

/** One page of a list with GitHub's Link header; `wrap` for the lists that come inside an object. */
export function paged<Item>(
  call: Call,
  items: readonly Item[],
  shape: (item: Item) => Json,
  wrap: (page: readonly Json[]) => Json = (page) => page,
): Answer {
  const size = bounded(call.query.get('per_page'), 30, 100);
  const page = bounded(call.query.get('page'), 1, 1_000_000);
  const last = Math.max(1, Math.ceil(items.length / size));
  const links: string[] = [];
  const link = (number: number, rel: string) => {
    const query = new URLSearchParams(call.query);
    query.set('page', String(number));
    links.push(`<${call.world.url}${call.path}?${query.toString()}>; rel="${rel}"`);
  };
  if (page > 1) link(page - 1, 'prev');
  if (page < last) link(page + 1, 'next');
  if (page < last) link(last, 'last');
  if (page > 1) link(1, 'first');
  const body = wrap(items.slice((page - 1) * size, page * size).map(shape));
  return links.length === 0 ? { status: 200, body } : { status: 200, body, headers: { link: links.join(', ') } };
}

function bounded(text: string | null, otherwise: number, most: number): number {
  const number = Number(text ?? otherwise);
  return Number.isInteger(number) && number > 0 ? Math.min(number, most) : otherwise;
}
