import type { FollowUpFacts } from '../../model/gate.ts';
import { type Known, known, unknown } from '../../model/known.ts';
import type { EditReasonCode, Outcome } from '../../model/reason.ts';
import type { Target } from '../../model/target.ts';
import { formatOf } from '../edit/root.ts';
import { readTree } from '../edit/text.ts';
import type { TreeNode } from '../edit/tree.ts';

export interface BundleFile {
  readonly path: string;
  readonly text: string;
}

/** A target's part of a bundle: its job by resource key, the bundle target that is deployed, and the files that say what it holds. */
export interface Bundle {
  readonly resource: string;
  readonly bundleTarget: string;
  readonly files: readonly BundleFile[];
  /** Every file in the bundle's folder, by path from the repository's root; null: nobody has listed them. */
  readonly names: readonly string[] | null;
}

/** The bundle of a target by its files; null for a target of another kind. */
export function bundleOf({ kind, job }: Target, files: readonly BundleFile[], names: Bundle['names'] = null): Bundle | null {
  if (kind !== 'bundle' || job?.by !== 'bundle') return null;
  return { resource: job.resource, bundleTarget: job.bundleTarget, files, names };
}

/**
 * The bundle as a change leaves it: its own texts where it touches a file, else the base's. Unknown where one of the target's files was not
 * read, or the other files' names; a file that is not there says nothing. Null for a target of another kind.
 */
export function mergedBundle(target: Target, { blobs, beside }: Pick<FollowUpFacts, 'blobs' | 'beside'>): Known<Bundle> | null {
  if (bundleOf(target, []) === null) return null;
  if (!beside.known) return beside;
  const files: BundleFile[] = [];
  for (const path of target.files) {
    const own = blobs.find((blob) => blob.path === path)?.after;
    if (own?.known === false) return unknown(`${path}: ${own.why}`);
    const text = own ? own.value : beside.value.files.find((file) => file.path === path)?.text;
    if (text === undefined) return unknown(`${path} was not read`);
    if (text !== null) files.push({ path, text });
  }
  const bundle = bundleOf(target, files, beside.value.names);
  return bundle && known(bundle);
}

/** What the bundle's own tool reads of these files, each as far as it can be read; notebooks and conf files are none of it. */
export function documentsIn(
  files: readonly BundleFile[],
): readonly { readonly path: string; readonly root: Outcome<TreeNode, EditReasonCode> }[] {
  return files.flatMap(({ path, text }) => {
    const format = formatOf(path);
    return format === 'yaml' || format === 'json' ? [{ path, root: readTree(format, text) }] : [];
  });
}
