import type { Octokit } from '@octokit/core';
import type { Endpoints } from '@octokit/types';
import { type Known, known, unknown } from '../../model/known.ts';
import { parseRestBlob } from '../../schema/github-objects.ts';
import { type Blobs, blobsOf } from './blobs.ts';
import { type Trees, treesOf } from './trees.ts';

export interface Repository {
  readonly owner: string;
  readonly repo: string;
}

type GetRoute = Extract<keyof Endpoints, `GET ${string}`>;
type Parameters<R extends GetRoute> = Omit<Endpoints[R]['parameters'], 'owner' | 'repo'>;
type Data<R extends GetRoute> = Endpoints[R]['response']['data'];

/**
 * GitHub, reading only: nothing here can write, so whoever holds nothing else cannot either (law 8). `get` answers null for 404 and
 * throws on every other refusal; `pages` follows every page.
 */
export interface GithubReads {
  readonly repository: Repository;
  get<R extends GetRoute>(route: R, parameters: Parameters<R>): Promise<Data<R> | null>;
  pages<T>(
    route: GetRoute,
    parameters: Readonly<Record<string, string | number | boolean>>,
    read: (page: unknown) => readonly T[],
  ): Promise<readonly T[]>;
  query(text: string, variables: Readonly<Record<string, unknown>>): Promise<unknown>;
  readonly blobs: Blobs;
  readonly trees: Trees;
}

/** Most pages that one list may have: a list beyond it is a broken wire or an attack, and throws. */
const MOST_PAGES = 100;

export function githubReads(octokit: Octokit, repository: Repository): GithubReads {
  const ask = async (route: string, parameters: Readonly<Record<string, unknown>>) => {
    try {
      return await octokit.request(route, { ...repository, ...parameters });
    } catch (error) {
      if (statusOf(error) === 404) return null;
      throw error;
    }
  };
  const get: GithubReads['get'] = async (route, parameters) => (await ask(route, parameters))?.data ?? null;
  const query = async (text: string, variables: Readonly<Record<string, unknown>>): Promise<unknown> => {
    // GraphQL writes by the same verb that it reads by.
    if (!/^\s*query\b/.test(text)) throw new Error('only a query may be sent from here');
    return octokit.graphql(text, { ...repository, ...variables });
  };
  return {
    repository,
    get,
    async pages(route, parameters, read) {
      const all = [];
      let values: Readonly<Record<string, unknown>> | null = { per_page: 100, ...parameters };
      for (let page = 0; values; page++) {
        if (page >= MOST_PAGES) throw new Error(`${route}: more than ${MOST_PAGES} pages`);
        const answer: Awaited<ReturnType<typeof ask>> = await ask(route, values);
        if (!answer) throw new Error(`${route}: not there, or not ours to read`);
        all.push(...read(answer.data));
        const next = nextPage(answer.headers.link);
        values = next && { ...values, ...next };
      }
      return all;
    },
    query,
    blobs: blobsOf({
      query,
      one: async (id) => {
        const answer = await ask('GET /repos/{owner}/{repo}/git/blobs/{file_sha}', { file_sha: id });
        if (!answer) throw new Error(`no blob ${id}`);
        return parseRestBlob(answer.data);
      },
    }),
    trees: treesOf((id, recursive) =>
      get('GET /repos/{owner}/{repo}/git/trees/{tree_sha}', { tree_sha: id, ...(recursive && { recursive: '1' }) }),
    ),
  };
}

/** Runs a read; any failure becomes a fact that could not be told, with GitHub's own words. */
export async function told<T>(read: () => Promise<T>): Promise<Known<T>> {
  try {
    return known(await read());
  } catch (error) {
    return unknown(error instanceof Error ? error.message : String(error));
  }
}

/** GraphQL's own refusal of a question, or of a part of it: a right that is missing, a field that a server does not have. */
export function isRefusal(error: unknown): error is Error {
  return error instanceof Error && error.name === 'GraphqlResponseError';
}

export function statusOf(error: unknown): number | null {
  return typeof error === 'object' && error !== null && 'status' in error && typeof error.status === 'number'
    ? error.status
    : null;
}

/** What the `next` address of a Link header asks for (a page or a cursor); its host and path are not followed. */
function nextPage(link: string | undefined): Readonly<Record<string, string>> | null {
  const address = /<([^>]+)>;\s*rel="next"/.exec(link ?? '')?.[1];
  return address ? Object.fromEntries(new URL(address).searchParams) : null;
}
