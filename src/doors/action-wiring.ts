import { createAppAuth } from '@octokit/auth-app';
import { Octokit } from '@octokit/core';
import { clockOf } from '../adapters/clock/clock.ts';
import { createWorkspaceWriter } from '../adapters/databricks/writer.ts';
import { rolloutLog, rolloutReader } from '../adapters/github/checks.ts';
import { configReader, contentReader } from '../adapters/github/contents.ts';
import { deploymentReporter } from '../adapters/github/deployments.ts';
import { environmentReader } from '../adapters/github/environments.ts';
import { gateFactReader } from '../adapters/github/gate-facts.ts';
import { mergedChangeReader } from '../adapters/github/merged-changes.ts';
import { type GithubReads, githubReads, type Repository } from '../adapters/github/reads.ts';
import type { Acting, ApplyPorts } from '../flow/apply-report.ts';
import { type ConfiguredWorkspace, parseHeaders } from '../schema/settings.ts';
import type { ActionInputs } from './action-inputs.ts';
import { readsOf } from './reads.ts';

/** Every port of the apply job. The writing client exists only outside a dry run. */
export async function actionPorts(inputs: ActionInputs): Promise<ApplyPorts> {
  const at = { owner: inputs.owner, repo: inputs.repo };
  const own = new Octokit({ auth: inputs.githubToken, baseUrl: inputs.apiUrl });
  const applyApp = inputs.applyAppId && inputs.applyAppKey ? await applyAppClient(inputs, at) : null;
  // The apply App reads teams, which the job's own token cannot; without it a team owner is team_unreadable.
  const reads = githubReads(applyApp ?? own, at);
  const repository = await reads.get('GET /repos/{owner}/{repo}', {});
  if (!repository) throw new Error(`the repository ${at.owner}/${at.repo} cannot be read with this token`);
  const branch = repository.default_branch;
  const content = contentReader(reads, branch);
  const connection = { name: inputs.workspace, host: inputs.databricksHost, token: inputs.databricksToken };
  const connected = inputs.databricksHost !== '' && inputs.databricksToken !== '';
  const metrics = inputs.prometheusUrl ? { url: inputs.prometheusUrl, headers: parseHeaders(inputs.prometheusHeaders) } : null;
  const [here, elsewhere] = [readsOf(connected ? connection : null, metrics), readsOf(null, metrics)];
  return {
    clock: clockOf(inputs.twinClock),
    facts: gateFactReader(reads, { id: Number(repository.id), defaultBranch: branch }),
    content,
    config: configReader(content),
    merged: mergedChangeReader(reads, branch),
    environment: environmentReader(reads, branch),
    log: applyApp ? rolloutReader(reads, Number(inputs.applyAppId)) : null,
    acting: inputs.dryRun
      ? 'dry_run'
      : applyApp
        ? acting(own, applyApp, reads, connected ? connection : null, inputs)
        : 'intent_unavailable',
    reads: (name) => (name === inputs.workspace ? here : elsewhere),
    ours: inputs.serverBotId ? [Number(inputs.serverBotId)] : [],
  };
}

/** Everything that writes; a dry run never comes here. */
function acting(
  own: Octokit,
  applyApp: Octokit,
  reads: GithubReads,
  connection: ConfiguredWorkspace | null,
  inputs: ActionInputs,
): Acting {
  return {
    log: rolloutLog(applyApp, reads, Number(inputs.applyAppId)),
    deployments: deploymentReporter(own, reads.repository),
    writer: connection ? createWorkspaceWriter(connection) : null,
  };
}

/** A client of the apply App's installation here; its key lies only in the environment of this job. */
async function applyAppClient(inputs: ActionInputs, at: Repository): Promise<Octokit> {
  const auth = { appId: inputs.applyAppId, privateKey: inputs.applyAppKey.replaceAll('\\n', '\n') };
  const app = new Octokit({ authStrategy: createAppAuth, auth, baseUrl: inputs.apiUrl });
  const { data } = await app.request('GET /repos/{owner}/{repo}/installation', { ...at });
  return new Octokit({ authStrategy: createAppAuth, auth: { ...auth, installationId: data.id }, baseUrl: inputs.apiUrl });
}
