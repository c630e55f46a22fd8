import type { Octokit } from '@octokit/core';
import type { Waker } from '../../ports.ts';
import type { Repository } from './reads.ts';

export function waker(octokit: Octokit, repository: Repository): Waker {
  return {
    wake: async () => {
      await octokit.request('POST /repos/{owner}/{repo}/dispatches', { ...repository, event_type: 'sluice' });
    },
  };
}
