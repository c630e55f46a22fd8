import { type Changed, changedPaths } from './changes.ts';
import { simplePatch } from './patch.ts';
import type { Repository } from './repository.ts';

export interface FileChange {
  readonly path: string;
  readonly previous: string | null;
  readonly status: 'added' | 'removed' | 'modified' | 'renamed' | 'changed';
  readonly sha: string | null;
  readonly additions: number;
  readonly deletions: number;
  /** From the first hunk on; null for binary files and pure renames. */
  readonly patch: string | null;
}

const EMPTY_TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';
const known = new WeakMap<Repository, Map<string, readonly FileChange[]>>();

/** What changed between two commits or trees, with renames found as GitHub shows them. */
export function diffFiles(repository: Repository, from: string | null, to: string): readonly FileChange[] {
  const answers = known.get(repository) ?? new Map<string, readonly FileChange[]>();
  known.set(repository, answers);
  const key = `${from} ${to}`;
  const found = answers.get(key) ?? simpleDiff(repository, from, to) ?? askGit(repository, from, to);
  answers.set(key, found);
  return found;
}

/** Without git, where only plain files changed, none can have been renamed, and each patch has one shortest form; else null. */
function simpleDiff(repository: Repository, from: string | null, to: string): readonly FileChange[] | null {
  const changes = changedPaths(repository, from, to);
  const plain = ({ before, after }: Changed) => [before, after].every((one) => one === null || /^100(644|755)$/.test(one.mode));
  const moved = changes.some(({ before }) => before === null) && changes.some(({ after }) => after === null);
  if (moved || !changes.every(plain)) return null;
  const content = (entry: Changed['before']) => (entry === null ? null : repository.read(entry.sha)?.content) ?? Buffer.alloc(0);
  const files: FileChange[] = [];
  for (const { path, before, after } of changes) {
    const patch = simplePatch(content(before), content(after));
    if (patch === undefined) return null;
    const status = before === null ? 'added' : after === null ? 'removed' : 'modified';
    files.push({ path, previous: null, status, sha: after?.sha ?? null, ...counted(patch) });
  }
  return files;
}

function askGit(repository: Repository, from: string | null, to: string): readonly FileChange[] {
  const range = ['--full-index', '--abbrev=40', '-M', '--no-color', from ?? EMPTY_TREE, to];
  const text = repository.ask(['-c', 'core.quotePath=false', 'diff', '--raw', '--patch', ...range]);
  const raw = text.split('\n').filter((line) => line.startsWith(':'));
  const patches = text.split(/^(?=diff --git )/m).slice(1);
  return raw.map((line, index) => fileChange(line, patches[index] ?? ''));
}

function fileChange(line: string, patch: string): FileChange {
  const [head = '', first = '', second] = line.split('\t');
  const [, , , sha = '', letter = ''] = head.split(' ');
  const start = patch.search(/^@@ /m);
  return {
    path: second ?? first,
    previous: second === undefined ? null : first,
    status: statusOf(letter),
    sha: letter === 'D' ? null : sha,
    ...counted(start < 0 ? null : patch.slice(start).replace(/\n$/, '')),
  };
}

function counted(patch: string | null): Pick<FileChange, 'patch' | 'additions' | 'deletions'> {
  const count = (sign: string) => (patch ?? '').split('\n').filter((row) => row.startsWith(sign)).length;
  return { additions: count('+'), deletions: count('-'), patch };
}

function statusOf(letter: string): FileChange['status'] {
  const found = { A: 'added', D: 'removed', M: 'modified', R: 'renamed' } as const;
  return letter[0] === 'A' || letter[0] === 'D' || letter[0] === 'M' || letter[0] === 'R' ? found[letter[0]] : 'changed';
}
