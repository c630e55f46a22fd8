import type { ConfigReader, ContentReader } from '../../ports.ts';
import { parseConfig } from '../../schema/config.ts';
import { CONFIG_PATH, policyPlaces, textOf } from './policy.ts';
import type { GithubReads } from './reads.ts';
import { treeOf } from './trees.ts';

export function contentReader(reads: GithubReads): ContentReader {
  return {
    async tip(branch) {
      const ref = await reads.get('GET /repos/{owner}/{repo}/git/ref/{ref}', { ref: `heads/${branch}` });
      if (!ref) throw new Error(`no branch ${branch}`);
      return ref.object.sha;
    },
    async read(path, ref) {
      const entry = (await treeOf(reads, ref)).get(path);
      const text = await textOf(reads, entry);
      return entry && text !== null ? { text, blob: entry.id } : null;
    },
    async list(folder, ref) {
      const tree = await treeOf(reads, ref);
      return [...tree]
        .filter(([path]) => path.startsWith(folder))
        .map(([path, entry]) => ({ path, mode: entry.mode, blob: entry.id }));
    },
  };
}

/** The policy of the default branch: a pull request cannot bring its own rules. */
export function policyReader(reads: GithubReads): Pick<ConfigReader, 'config'> {
  return {
    async config() {
      const { commit, config } = await policyPlaces(reads, null);
      const text = config && (await textOf(reads, config));
      return text === null ? { ok: false, commit, faults: [missingConfig()] } : { ...parseConfig(text, CONFIG_PATH), commit };
    },
  };
}

function missingConfig() {
  return {
    code: 'config_missing' as const,
    file: CONFIG_PATH,
    line: null,
    message: 'is not there, so Sluice may change nothing in this repository',
    fix: 'Add one on the default branch.',
  };
}
