import type { ConfigReader, ContentReader } from '../../ports.ts';
import { parseConfig } from '../../schema/config.ts';
import { parseRunbook } from '../../schema/runbook.ts';
import { branchTip } from './gate-facts.ts';
import { CONFIG_PATH, textOf } from './policy.ts';
import type { GithubReads } from './reads.ts';
import { treeOf } from './trees.ts';

const RUNBOOK = /^runbooks\/[^/]+\.md$/;

export function contentReader(reads: GithubReads, defaultBranch: string): ContentReader {
  return {
    tip: (branch = defaultBranch) => branchTip(reads, branch),
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

/** Configuration from the default branch only: a pull request cannot bring its own rules. */
export function configReader(content: ContentReader): ConfigReader {
  return {
    async config() {
      const commit = await content.tip();
      const file = await content.read(CONFIG_PATH, commit);
      if (!file) return { ok: false, commit, faults: [missingConfig()] };
      return { ...parseConfig(file.text, CONFIG_PATH), commit };
    },
    async runbooks(commit) {
      const listed = (await content.list('runbooks/', commit)).filter(({ path }) => RUNBOOK.test(path));
      const read = await Promise.all(
        listed.map(async ({ path, blob }) => ({
          blob,
          parsed: parseRunbook((await content.read(path, commit))?.text ?? '', path),
        })),
      );
      return {
        runbooks: read.flatMap(({ blob, parsed }) => (parsed.ok ? [{ runbook: parsed.value, blob }] : [])),
        faults: read.flatMap(({ parsed }) => (parsed.ok ? [] : parsed.faults)),
      };
    },
  };
}

function missingConfig() {
  return {
    code: 'config_missing' as const,
    file: CONFIG_PATH,
    line: null,
    message: `this repository has no ${CONFIG_PATH}, so Sluice may change nothing here`,
    fix: 'add one on the default branch; the `.github/sluice.yml` of Sluice itself is a working example',
  };
}
