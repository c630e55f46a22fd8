import * as z from 'zod/mini';
import type { Note, Remark, Thread } from '../../model/thread.ts';
import { parseIssues, parseNotes, parseReviews } from '../../schema/github-issues.ts';

const Pull = z.object({
  number: z.number(),
  state: z.string(),
  merged_at: z.nullable(z.string()),
  merge_commit_sha: z.nullable(z.string()),
  title: z.string(),
  head: z.object({ sha: z.string(), ref: z.string() }),
});

const LineRemark = z.object({ path: z.string(), line: z.optional(z.nullable(z.number())), body: z.string() });

export interface SeenPull {
  readonly number: number;
  readonly title: string;
  readonly state: 'open' | 'closed';
  readonly merged: boolean;
  readonly head: string;
  readonly branch: string;
  readonly merge: string | null;
}

/** What one person sees and does on GitHub, with their own token over the public API. */
export interface Person {
  readonly login: string;
  issues(): Promise<readonly Thread[]>;
  pulls(): Promise<readonly SeenPull[]>;
  thread(number: number): Promise<readonly (Note & { readonly login: string })[]>;
  /** What reviews say about single lines of a pull request. */
  remarks(pull: number): Promise<readonly Remark[]>;
  say(number: number, text: string): Promise<void>;
}

export function personAt(url: string, repository: string, login: string, token: string): Person {
  const send = (path: string, body?: unknown) =>
    fetch(`${url}/repos/${repository}${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${token}`, accept: 'application/vnd.github+json', 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  const ask = async (path: string, body?: unknown): Promise<unknown> => {
    const response = await send(path, body);
    if (!response.ok) throw new Error(`${login} got ${response.status} from ${path}: ${await response.text()}`);
    return response.json();
  };
  /** An issue has no reviews: GitHub knows no pull request of that number. */
  const askIfThere = async (path: string): Promise<unknown> => {
    const response = await send(path);
    return response.ok ? response.json() : [];
  };
  return {
    login,
    issues: async () => parseIssues(await ask('/issues?state=all&per_page=100')).filter((issue) => !issue.isPull),
    pulls: async () =>
      z
        .array(Pull)
        .parse(await ask('/pulls?state=all&per_page=100'))
        .map(pullOf),
    // As GitHub shows it: reviews with a text stand among the comments of a pull request.
    thread: async (number) => {
      const comments = parseNotes(await ask(`/issues/${number}/comments?per_page=100`));
      const reviews = parseReviews(await askIfThere(`/pulls/${number}/reviews?per_page=100`)).filter((one) => one.body !== '');
      return [...comments, ...reviews]
        .sort((a, b) => Date.parse(a.createdAt) - Date.parse(b.createdAt))
        .map((note) => ({ ...note, ours: note.login.endsWith('[bot]') }));
    },
    remarks: async (number) =>
      z
        .array(LineRemark)
        .parse(await ask(`/pulls/${number}/comments?per_page=100`))
        .map(({ path, line, body }) => ({ path, line: line ?? 0, body })),
    say: async (number, text) => {
      await ask(`/issues/${number}/comments`, { body: text });
    },
  };
}

function pullOf(pull: z.infer<typeof Pull>): SeenPull {
  return {
    number: pull.number,
    title: pull.title,
    state: pull.state === 'open' ? 'open' : 'closed',
    merged: pull.merged_at !== null,
    head: pull.head.sha,
    branch: pull.head.ref,
    merge: pull.merged_at === null ? null : pull.merge_commit_sha,
  };
}

const Checks = z.object({
  check_runs: z.array(z.object({ name: z.string(), output: z.object({ text: z.nullable(z.string()) }) })),
});

/** The texts of check runs of one name on a commit, as anybody who may read the repository sees them. */
export async function checkTexts(
  url: string,
  repository: string,
  token: string,
  commit: string,
  name: string,
): Promise<readonly string[]> {
  const response = await fetch(`${url}/repos/${repository}/commits/${commit}/check-runs`, {
    headers: { authorization: `Bearer ${token}` },
  });
  return Checks.parse(await response.json())
    .check_runs.filter((run) => run.name === name)
    .map((run) => run.output.text ?? '');
}

export async function accountId(url: string, login: string, token: string): Promise<number> {
  const response = await fetch(`${url}/users/${encodeURIComponent(login)}`, { headers: { authorization: `Bearer ${token}` } });
  return z.object({ id: z.number() }).parse(await response.json()).id;
}
