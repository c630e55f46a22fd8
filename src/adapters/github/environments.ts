import type { EnvironmentReader } from '../../ports.ts';
import { type GithubReads, told } from './reads.ts';

/** An environment is closed when its own policy names the default branch and nothing else. */
export function environmentReader(reads: GithubReads, defaultBranch: string): EnvironmentReader {
  return {
    restricted: (name) =>
      told(async () => {
        const environment = await reads.get('GET /repos/{owner}/{repo}/environments/{environment_name}', {
          environment_name: name,
        });
        if (!environment) throw new Error(`no environment ${name}`);
        const policy = environment.deployment_branch_policy;
        if (!policy) return false;
        if (policy.protected_branches)
          throw new Error(`environment ${name} admits every protected branch; name ${defaultBranch} alone`);
        const listed = await reads.get('GET /repos/{owner}/{repo}/environments/{environment_name}/deployment-branch-policies', {
          environment_name: name,
        });
        const [only, ...others] = listed?.branch_policies ?? [];
        return others.length === 0 && only?.name === defaultBranch && (only.type ?? 'branch') === 'branch';
      }),
  };
}
