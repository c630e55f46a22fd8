import type { PolicyFacts } from '../../model/gate.ts';
import { unknown } from '../../model/known.ts';
import { parseConfig } from '../../schema/config.ts';
import { type GithubReads, told } from './reads.ts';
import { type TreeEntry, treeOf } from './trees.ts';

/** GitHub's own order: the first of these that exists is the file. */
const CODEOWNERS_PATHS = ['.github/CODEOWNERS', 'CODEOWNERS', 'docs/CODEOWNERS'];
export const CONFIG_PATH = '.github/sluice.yml';

/** CODEOWNERS and .github/sluice.yml as one commit has them. */
export async function policyAt(reads: GithubReads, commit: string): Promise<PolicyFacts> {
  const tree = await told(() => treeOf(reads, commit));
  if (!tree.known) return { commit, codeowners: unknown(tree.why), config: unknown(tree.why) };
  const path = CODEOWNERS_PATHS.find((one) => tree.value.has(one));
  const [codeowners, config] = await Promise.all([
    told(async () => (path ? { path, text: (await textOf(reads, tree.value.get(path))) ?? '' } : null)),
    told(async () => {
      const text = await textOf(reads, tree.value.get(CONFIG_PATH));
      if (text === null) throw new Error(`there is no ${CONFIG_PATH}`);
      const parsed = parseConfig(text, CONFIG_PATH);
      if (parsed.ok) return parsed.value;
      throw new Error(parsed.faults.map((fault) => `${fault.file}:${fault.line ?? 1} ${fault.message}`).join('; '));
    }),
  ]);
  return { commit, codeowners, config };
}

/** A file's text by its entry; null for no entry. Throws for links, submodules and text that is not UTF-8. */
export async function textOf(reads: GithubReads, entry: TreeEntry | undefined): Promise<string | null> {
  if (!entry || /^0+$/.test(entry.id)) return null;
  const blob = await reads.get('GET /repos/{owner}/{repo}/git/blobs/{file_sha}', { file_sha: entry.id });
  if (!blob) throw new Error(`no blob ${entry.id}`);
  const bytes = Buffer.from(blob.content, blob.encoding === 'base64' ? 'base64' : 'utf8');
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
}
