import { readCommit } from './github/git/commit.ts';
import { readRef } from './github/git/refs.ts';
import { openRepository, type Repository } from './github/git/repository.ts';
import { entryAt } from './github/git/tree.ts';

/** The text of a file on the default branch, as a job or a pipeline that checks the repository out would find it; null: none. */
export function fileOnMain(gitDir: string, path: string): string | null {
  const repository = openRepository(gitDir);
  const tip = readRef(repository, 'refs/heads/main');
  return tip === null ? null : fileAt(repository, tip, path);
}

export function fileAt(repository: Repository, commit: string, path: string): string | null {
  const entry = entryAt(repository, readCommit(repository, commit)?.tree ?? '', path);
  return entry === null ? null : (repository.read(entry.sha)?.content.toString() ?? null);
}
