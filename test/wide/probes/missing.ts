import { mainOf, type Probe, status } from '../probe.ts';

const QUERY = '{ repository(owner: "acme", name: "pipelines") { defaultBranchRef { name target { oid } } } }';

/** What the rehearsal needs of GitHub and the other emulator has not. */
export const MISSING: readonly Probe[] = [
  {
    what: 'GraphQL answers, as far as its subset goes',
    ask: async (side) => {
      const told = await side.app.graphql<{ repository: { defaultBranchRef: { name: string; target: { oid: string } } } }>(QUERY);
      const { name, target } = told.repository.defaultBranchRef;
      return [name, target.oid === (await mainOf(side))];
    },
    expected: ['main', true],
    emulateIsWrong: 'has no GraphQL',
  },
  {
    what: 'a commit has statuses, and one combined',
    ask: async (side) => {
      const sha = await mainOf(side);
      await side.app.rest.repos.createCommitStatus({ ...side.at, sha, state: 'success', context: 'lint' });
      const { data } = await side.app.rest.repos.getCombinedStatusForRef({ ...side.at, ref: sha });
      return [data.state, data.statuses.map((one) => one.context)];
    },
    expected: ['success', ['lint']],
    emulateIsWrong: 'has no commit statuses',
  },
  {
    what: 'a deployment is made and told how it went',
    ask: async ({ app, at }) => {
      const made = await app.rest.repos.createDeployment({ ...at, ref: 'main', environment: 'prod', required_contexts: [] });
      const id = 'id' in made.data ? made.data.id : 0;
      await app.rest.repos.createDeploymentStatus({ ...at, deployment_id: id, state: 'success' });
      const { data } = await app.rest.repos.listDeploymentStatuses({ ...at, deployment_id: id });
      return [made.status, data.map((one) => one.state)];
    },
    expected: [201, ['success']],
    emulateIsWrong: 'has no deployments',
  },
  {
    what: 'an environment says which branches it admits',
    ask: async ({ app, at }) => {
      const { data } = await app.rest.repos.listDeploymentBranchPolicies({ ...at, environment_name: 'prod' });
      return data.branch_policies.map((one) => one.name);
    },
    expected: ['main'],
    emulateIsWrong: 'has no environments',
  },
  {
    what: 'a repository is woken by an event of its own',
    ask: ({ app, at }) => status(app.rest.repos.createDispatchEvent({ ...at, event_type: 'wake' })),
    expected: 204,
    emulateIsWrong: 'has no repository_dispatch',
  },
  {
    what: 'every answer has an id to ask GitHub’s support about',
    ask: async ({ app, at }) => (await app.rest.repos.get(at)).headers['x-github-request-id'] !== undefined,
    expected: true,
    emulateIsWrong: 'sends no x-github-request-id',
  },
];
