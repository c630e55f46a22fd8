import type { PolicyFacts } from '../../model/gate.ts';
import { known, unknown } from '../../model/known.ts';
import { parseConfig } from '../../schema/config.ts';
import { parsePolicyFiles } from '../../schema/github-policy.ts';
import { type GithubReads, told } from './reads.ts';
import type { TreeEntry } from './trees.ts';

/** GitHub's own order: the first of these that exists is the file. */
const CODEOWNERS_PATHS = ['.github/CODEOWNERS', 'CODEOWNERS', 'docs/CODEOWNERS'];
export const CONFIG_PATH = '.github/sluice.yml';

/** Everything that policy is read from. */
export const POLICY_PATHS: readonly string[] = [CONFIG_PATH, ...CODEOWNERS_PATHS];

const FILES = POLICY_PATHS.map(
  (path, place) => `f${place}: file(path: "${path}") { oid mode type object { ... on Blob { text isTruncated } } }`,
).join(' ');
const AT_COMMIT = `
query($owner: String!, $repo: String!, $commit: GitObjectID!) {
  repository(owner: $owner, name: $repo) { at: object(oid: $commit) { ... on Commit { oid tree { oid } ${FILES} } } }
}`;
const AT_TIP = `
query($owner: String!, $repo: String!) {
  repository(owner: $owner, name: $repo) { defaultBranchRef { at: target { ... on Commit { oid tree { oid } ${FILES} } } } }
}`;

/** Where the policy lies at a commit: entries of sluice.yml and of the CODEOWNERS file that counts; null where there is none. */
export interface PolicyPlaces {
  readonly commit: string;
  /** Object ids of everything that policy is read from, in the order of `POLICY_PATHS`; null where there is no file. */
  readonly ids: readonly (string | null)[];
  readonly config: TreeEntry | null;
  readonly codeowners: { readonly path: string; readonly entry: TreeEntry } | null;
}

/** What a commit holds never changes; so many commits are kept. */
const KEPT = new WeakMap<GithubReads, Map<string, PolicyPlaces>>();
const MOST_KEPT = 200;

/** The places at a commit, or at the tip of the default branch as it is now. */
export async function policyPlaces(reads: GithubReads, commit: string | null): Promise<PolicyPlaces> {
  const kept = KEPT.get(reads) ?? new Map<string, PolicyPlaces>();
  KEPT.set(reads, kept);
  const before = commit === null ? undefined : kept.get(commit);
  if (before) return before;
  const answer = commit === null ? await reads.query(AT_TIP, {}) : await reads.query(AT_COMMIT, { commit });
  const found = parsePolicyFiles(answer);
  reads.trees.learn(found.commit, found.tree);
  for (const entry of found.entries) if (entry?.text != null) reads.blobs.learn(entry.id, entry.text);
  const [config = null, ...owners] = found.entries;
  const place = owners.findIndex((entry) => entry !== null);
  const [entry, path] = [owners[place] ?? null, CODEOWNERS_PATHS[place]];
  const places = {
    commit: found.commit,
    ids: POLICY_PATHS.map((_, at) => found.entries[at]?.id ?? null),
    config,
    codeowners: entry && path !== undefined ? { path, entry } : null,
  };
  kept.set(places.commit, places);
  if (kept.size > MOST_KEPT) kept.delete(kept.keys().next().value ?? '');
  return places;
}

/** CODEOWNERS and .github/sluice.yml as one commit has them. */
export async function policyAt(reads: GithubReads, commit: string): Promise<PolicyFacts> {
  const places = await told(() => policyPlaces(reads, commit));
  if (!places.known) return { commit, codeowners: unknown(places.why), config: unknown(places.why) };
  const { config, codeowners } = places.value;
  const [owners, parsed] = await Promise.all([
    codeowners === null
      ? known(null)
      : told(async () => ({ path: codeowners.path, text: (await textOf(reads, codeowners.entry)) ?? '' })),
    told(async () => {
      const text = config && (await textOf(reads, config));
      if (text === null) throw new Error(`there is no ${CONFIG_PATH}`);
      const read = parseConfig(text, CONFIG_PATH);
      if (read.ok) return read.value;
      throw new Error(read.faults.map((fault) => `${fault.file}:${fault.line ?? 1} ${fault.message}`).join('; '));
    }),
  ]);
  return { commit, codeowners: owners, config: parsed, ...(config === null && { unconfigured: true }) };
}

/** A file's text by its entry; null for no entry. Throws for what is not there and for text that is not UTF-8. */
export async function textOf(reads: GithubReads, entry: TreeEntry | undefined): Promise<string | null> {
  if (!entry || /^0+$/.test(entry.id)) return null;
  if (!/^100(644|755)$/.test(entry.mode)) throw new Error(`${entry.id} is no plain file (mode ${entry.mode})`);
  const bytes = await reads.blobs.of(entry.id);
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
}
