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

/** What changed between two commits or trees, with renames found as GitHub shows them. */
export function diffFiles(repository: Repository, from: string | null, to: string): readonly FileChange[] {
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
  const hunks = start < 0 ? null : patch.slice(start).replace(/\n$/, '');
  const count = (sign: string) => (hunks ?? '').split('\n').filter((row) => row.startsWith(sign)).length;
  return {
    path: second ?? first,
    previous: second === undefined ? null : first,
    status: statusOf(letter),
    sha: letter === 'D' ? null : sha,
    additions: count('+'),
    deletions: count('-'),
    patch: hunks,
  };
}

function statusOf(letter: string): FileChange['status'] {
  const found = { A: 'added', D: 'removed', M: 'modified', R: 'renamed' } as const;
  return letter[0] === 'A' || letter[0] === 'D' || letter[0] === 'M' || letter[0] === 'R' ? found[letter[0]] : 'changed';
}
