import type { World } from '../../src/doors/demo/world.ts';

/** A person with a token, using GitHub's API as anybody with write access can. */
export interface Writer {
  ask(method: string, path: string, body?: unknown): Promise<{ readonly [key: string]: never }>;
  /** A commit with these files on top of its first parent; no branch moves. */
  commit(files: Readonly<Record<string, string>>, parents: readonly string[]): Promise<string>;
  branch(name: string, sha: string): Promise<void>;
  pull(branch: string): Promise<number>;
  main(): Promise<string>;
}

/** `token` where it is not the person's own. */
export function writer(world: World, login: string, token = `token-of-${login}`): Writer {
  const ask = async (method: string, path: string, body?: unknown) => {
    const response = await fetch(`${world.github.url}/repos/acme/pipelines${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status} ${text}`);
    return text === '' ? {} : JSON.parse(text);
  };
  return {
    ask,
    async commit(files, parents) {
      const tree = Object.entries(files).map(([path, content]) => ({ path, mode: '100644', type: 'blob', content }));
      const made = await ask('POST', '/git/trees', { base_tree: parents[0], tree });
      return (await ask('POST', '/git/commits', { message: 'a commit', tree: made.sha, parents })).sha;
    },
    branch: async (name, sha) => {
      await ask('POST', '/git/refs', { ref: `refs/heads/${name}`, sha });
    },
    pull: async (branch) =>
      (await ask('POST', '/pulls', { title: 'a pull request', head: branch, base: 'main', body: '' })).number,
    main: async () => (await ask('GET', '/git/ref/heads/main')).object.sha,
  };
}
