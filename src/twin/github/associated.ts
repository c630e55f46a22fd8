import { isAncestor } from './git/history.ts';
import type { Issue } from './nouns.ts';
import type { World } from './world.ts';

/** The merged pull request that brought a commit to the default branch, else the open ones that hold it. */
export function pullsWith(world: World, sha: string): readonly Issue[] {
  return [...world.issues.values()].filter(({ pull }) => {
    if (pull === null) return false;
    if (pull.merge?.sha === sha) return true;
    return isAncestor(world.git, sha, pull.headSha) && !isAncestor(world.git, sha, pull.baseSha);
  });
}
