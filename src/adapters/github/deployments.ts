import type { Octokit } from '@octokit/core';
import type { DeploymentReporter } from '../../ports.ts';
import type { Repository } from './reads.ts';

/** GitHub Deployments report what was done; they are never read back as proof of anything. */
export function deploymentReporter(octokit: Octokit, repository: Repository): DeploymentReporter {
  return {
    async create(sha, environment, description) {
      const { data } = await octokit.request('POST /repos/{owner}/{repo}/deployments', {
        ...repository,
        ref: sha,
        environment,
        description,
        auto_merge: false,
        required_contexts: [],
      });
      if (!('id' in data)) throw new Error('GitHub made no deployment');
      return Number(data.id);
    },
    async status(id, state, description) {
      await octokit.request('POST /repos/{owner}/{repo}/deployments/{deployment_id}/statuses', {
        ...repository,
        deployment_id: id,
        state,
        description,
      });
    },
  };
}
