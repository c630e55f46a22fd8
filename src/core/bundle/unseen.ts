import type { TreeNode } from '../edit/tree.ts';
import { type Bundle, documentsIn } from './bundle.ts';

/** Keys under which a bundle names Python code that may read its variables. */
const CODE = ['python', 'pydabs'];

/**
 * What may use a variable of the bundle without being among the target's files, in words; null: nothing. Without a list of names, files that
 * an include takes in are not asked about.
 */
export function unseenIn(bundle: Bundle): string | null {
  const documents = documentsIn(bundle.files).flatMap(({ path, root }) => (root.ok ? [{ path, root: root.value }] : []));
  if (!documents.some(({ root }) => root.members.some(({ key }) => key === 'bundle')))
    return 'the file that names the bundle is not one of them';
  return (
    documents.map(({ path, root }) => codeIn(path, root) ?? includedBy(path, root, bundle)).find((one) => one !== null) ?? null
  );
}

function codeIn(path: string, root: TreeNode): string | null {
  const experimental = root.members.find(({ key }) => key === 'experimental')?.value.members ?? [];
  const code = [...root.members, ...experimental].find(({ key }) => CODE.includes(key));
  return code ? `${code.key} in ${path}, whose code may read it` : null;
}

function includedBy(path: string, root: TreeNode, { files, names }: Bundle): string | null {
  if (root.merges) return `${path} takes keys from an anchor`;
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  for (const { value } of root.members.filter(({ key }) => key === 'include')) {
    const odd = value.kind !== 'list' || value.items.some(({ kind, text }) => kind !== 'scalar' || /\.\.|\$\{|\\|^\//.test(text));
    if (odd) return `${path} includes files that cannot be told from it`;
    const takesIn = value.items.map(({ text }) => patternOf(folder + joined(text)));
    const other = names?.find(
      (name) => takesIn.some((pattern) => pattern.test(name)) && !files.some((file) => file.path === name),
    );
    if (other !== undefined) return `${path} includes ${other}: name it in the target’s files, too`;
  }
  return null;
}

/** As the bundle's own tool joins it to its folder: `./` and a second slash lead nowhere. What leads out or escapes a letter is refused before. */
function joined(glob: string): string {
  return glob
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/');
}

/** A star is taken to reach into folders, too: of a file too many people are told, of one too few nobody is. */
function patternOf(glob: string): RegExp {
  const parts = glob.split(/\[[^\]]*\]|\{[^}]*\}|[*?]+/);
  return new RegExp(`^${parts.map((part) => part.replace(/[\\^$.+()|[\]{}]/g, '\\$&')).join('.*')}$`);
}
