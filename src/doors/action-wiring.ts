import { getIDToken, setSecret } from '@actions/core';
import { createAppAuth } from '@octokit/auth-app';
import { Octokit } from '@octokit/core';
import { clockOf } from '../adapters/clock/clock.ts';
import { workspaceOrigin } from '../adapters/databricks/address.ts';
import type { Connection } from '../adapters/databricks/call.ts';
import { federatedToken } from '../adapters/databricks/federation.ts';
import { createWorkspaceWriter } from '../adapters/databricks/writer.ts';
import { rolloutLog, rolloutReader } from '../adapters/github/checks.ts';
import { contentReader, policyReader } from '../adapters/github/contents.ts';
import { deploymentReporter } from '../adapters/github/deployments.ts';
import { environmentReader } from '../adapters/github/environments.ts';
import { gateFactReader } from '../adapters/github/gate-facts.ts';
import { mergedChangeReader } from '../adapters/github/merged-changes.ts';
import { type GithubReads, githubReads, type Repository } from '../adapters/github/reads.ts';
import type { Acting, ApplyPorts } from '../flow/apply-report.ts';
import type { RolloutLog } from '../ports.ts';
import type { ActionInputs } from './action-inputs.ts';
import { readsOf } from './reads.ts';

/** Every port of the apply job. The writing client exists only outside a dry run. */
export async function actionPorts(inputs: ActionInputs): Promise<ApplyPorts> {
  const at = { owner: inputs.owner, repo: inputs.repo };
  const own = new Octokit({ auth: inputs.githubToken, baseUrl: inputs.apiUrl });
  const granted = inputs.applyAppId && inputs.applyAppKey ? await applyAppClient(inputs, at) : null;
  const applyApp = granted?.client ?? null;
  // The apply App reads teams, which the job's own token cannot; without it a team owner is team_unreadable.
  const reads = githubReads(applyApp ?? own, at);
  const repository = granted?.repository ?? (await reads.get('GET /repos/{owner}/{repo}', {}));
  if (!repository) throw new Error(`the repository ${at.owner}/${at.repo} cannot be read with this token`);
  const branch = repository.default_branch;
  const content = contentReader(reads);
  const clock = clockOf(inputs.twinClock);
  const connection = connectionOf(inputs);
  // What may write the log reads it too, so that it is asked for once.
  const log = applyApp && !inputs.dryRun ? rolloutLog(applyApp, reads, Number(inputs.applyAppId)) : null;
  const [here, elsewhere] = [readsOf(connection, inputs.metrics, inputs.spark), readsOf(null, inputs.metrics)];
  return {
    clock,
    facts: gateFactReader(reads, { id: Number(repository.id), defaultBranch: branch }),
    content,
    config: policyReader(reads),
    merged: mergedChangeReader(reads, clock),
    environment: environmentReader(reads, branch),
    log: log ?? (applyApp ? rolloutReader(reads, Number(inputs.applyAppId)) : null),
    acting: inputs.dryRun ? 'dry_run' : log ? acting(own, log, reads, connection) : 'intent_unavailable',
    reads: (name) => (name === inputs.workspace ? here : elsewhere),
    ours: inputs.serverBotId ? [Number(inputs.serverBotId)] : [],
    // Checks decide nothing once a change is merged.
    appId: null,
  };
}

/**
 * The workspace with its credential: the job's own identity, exchanged, where a service principal is named; else a token. Null where neither
 * is given. A dry run reads with the same, through clients that cannot write.
 */
function connectionOf(inputs: ActionInputs): Connection | null {
  const { workspace: name, databricksHost: host, databricksToken, databricksClientId: clientId } = inputs;
  if (host === '' || (databricksToken === '' && clientId === '')) return null;
  const audience = inputs.databricksAudience || `${workspaceOrigin(host)}/oidc/v1/token`;
  const exchanged = { host, clientId, identity: () => getIDToken(audience), now: Date.now, granted: setSecret };
  return { name, host, token: clientId === '' ? databricksToken : federatedToken(exchanged) };
}

/** Everything that writes; a dry run never comes here. */
function acting(own: Octokit, log: RolloutLog, reads: GithubReads, connection: Connection | null): Acting {
  return {
    log,
    deployments: deploymentReporter(own, reads.repository),
    writer: connection ? createWorkspaceWriter(connection) : null,
  };
}

/**
 * A client of the apply App for this repository alone; the App's key lies only in the environment of this job. The token lives for an
 * hour, longer than any attempt.
 */
async function applyAppClient(inputs: ActionInputs, at: Repository) {
  const auth = { appId: inputs.applyAppId, privateKey: inputs.applyAppKey.replaceAll('\\n', '\n') };
  const app = new Octokit({ authStrategy: createAppAuth, auth, baseUrl: inputs.apiUrl });
  const { data: installation } = await app.request('GET /repos/{owner}/{repo}/installation', { ...at });
  const { data: grant } = await app.request('POST /app/installations/{installation_id}/access_tokens', {
    installation_id: installation.id,
    repositories: [at.repo],
  });
  setSecret(grant.token);
  return {
    client: new Octokit({ auth: grant.token, baseUrl: inputs.apiUrl }),
    repository: grant.repositories?.find((one) => one.full_name.toLowerCase() === `${at.owner}/${at.repo}`.toLowerCase()),
  };
}
