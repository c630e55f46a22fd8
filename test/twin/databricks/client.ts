import type { Plant } from '../../../src/twin/databricks/plant.ts';
import type { Json } from '../../../src/twin/pipeline/json.ts';
import { member, parseJson } from '../../../src/twin/pipeline/json.ts';

export interface Answered {
  readonly status: number;
  readonly text: string;
  readonly body: Json;
  readonly headers: Headers;
}

export interface Client {
  get(path: string, query?: Record<string, string>): Promise<Answered>;
  post(path: string, body: string): Promise<Answered>;
}

/** A client of the emulator that keeps the text of what it gets. */
export function clientOf(base: Pick<Plant['databricks'], 'url'>, token: string | null): Client {
  const headers = token === null ? {} : { authorization: `Bearer ${token}` };
  const call = async (url: string, init: RequestInit): Promise<Answered> => {
    const answer = await fetch(url, { ...init, headers });
    const text = await answer.text();
    const isJson = answer.headers.get('content-type') === 'application/json';
    return { status: answer.status, text, body: isJson ? parseJson(text) : null, headers: answer.headers };
  };
  return {
    get: (path, query = {}) => call(`${base.url}/api/${path}?${new URLSearchParams(query)}`, {}),
    post: (path, body) => call(`${base.url}/api/${path}`, { method: 'POST', body }),
  };
}

export function plain(value: Json | undefined, ...path: string[]): unknown {
  const found = member(value, ...path);
  return found === undefined
    ? undefined
    : JSON.parse(
        JSON.stringify(found, (_, one) =>
          one instanceof Map
            ? Object.fromEntries(one)
            : one !== null && typeof one === 'object' && 'text' in one
              ? String(one.text)
              : one,
        ),
      );
}
