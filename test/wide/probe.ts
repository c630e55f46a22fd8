import type { Side } from './sides.ts';

/** One question to a GitHub, and what GitHub itself answers by its documentation. */
export interface Probe {
  readonly what: string;
  readonly ask: (side: Side) => Promise<unknown>;
  readonly expected: unknown;
  /** What `emulate` answers instead, or lacks: then only ours is held to the expectation. */
  readonly emulateIsWrong?: string;
}

/** The status of an answer, whether Octokit takes it for a success or throws it. */
export async function status(request: Promise<{ readonly status: number }>): Promise<number> {
  try {
    return (await request).status;
  } catch (problem) {
    if (problem instanceof Error && 'status' in problem && typeof problem.status === 'number') return problem.status;
    throw problem;
  }
}

export function encode(text: string): string {
  return Buffer.from(text).toString('base64');
}

export function decode(data: unknown): string {
  const content = typeof data === 'object' && data !== null && 'content' in data ? data.content : '';
  return Buffer.from(String(content), 'base64').toString();
}

export async function mainOf({ app, at }: Side): Promise<string> {
  return (await app.rest.git.getRef({ ...at, ref: 'heads/main' })).data.object.sha;
}

/** A new file on a branch, which is made from main when it is not there; answers the commit. */
export async function commit(side: Side, branch: string, path: string, text: string): Promise<string> {
  const { app, at } = side;
  if (branch !== 'main' && (await status(app.rest.git.getRef({ ...at, ref: `heads/${branch}` }))) === 404)
    await app.rest.git.createRef({ ...at, ref: `refs/heads/${branch}`, sha: await mainOf(side) });
  const put = await app.rest.repos.createOrUpdateFileContents({
    ...at,
    path,
    branch,
    message: `Write ${path}`,
    content: encode(text),
  });
  return put.data.commit.sha ?? '';
}

/** A pull request of one new file; answers its number. */
export async function pull(side: Side, branch: string, path = `${branch}.txt`, body = ''): Promise<number> {
  await commit(side, branch, path, `${branch}\n`);
  const made = await side.app.rest.pulls.create({ ...side.at, head: branch, base: 'main', title: `Add ${path}`, body });
  return made.data.number;
}
