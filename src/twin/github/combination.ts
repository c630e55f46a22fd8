import { mergeCommit, rebaseCommits, squashCommit } from './git/combine.ts';
import type { Account, Issue, Pull } from './nouns.ts';
import { githubSignature, signatureOf } from './signatures.ts';
import type { World } from './world.ts';

const METHODS = { merge: mergeCommit, squash: squashCommit, rebase: rebaseCommits } as const;

export interface Wanted {
  readonly base: string;
  readonly method: keyof typeof METHODS;
  readonly by: Account;
  readonly title: string | null;
  readonly words: string | null;
}

/**
 * A pull request's head brought onto a commit; null on a conflict. GitHub commits, the merging account is the author; who wrote a squashed
 * change stays its author.
 */
export function combine(
  world: World,
  { issue, pull }: { readonly issue: Issue; readonly pull: Pull },
  { base, method, by, title, words }: Wanted,
): string | null {
  const at = world.now();
  const author = signatureOf(method === 'squash' ? issue.author : by, at);
  const plain =
    method === 'squash'
      ? `${issue.title} (#${issue.number})`
      : `Merge pull request #${issue.number} from ${world.owner}/${pull.headRef}`;
  const rest = words ?? (method === 'squash' ? '' : issue.title);
  const message = `${title ?? plain}${rest === '' ? '' : `\n\n${rest}`}`;
  return METHODS[method](world.git, { base, head: pull.headSha, author, committer: githubSignature(at), message });
}
