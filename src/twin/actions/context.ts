import type { TwinGithub } from '../github/index.ts';
import type { Json } from '../github/json.ts';
import { fieldsOf, textOf } from '../github/json.ts';
import type { LiveRun } from './run.ts';

/** The `github` context, and with it the variables every step gets. */
export function githubContext(
  twin: TwinGithub,
  run: LiveRun,
  job: string,
  token: string,
  workspace: string,
): Readonly<Record<string, Json>> {
  const { trigger } = run;
  const pull = fieldsOf(trigger.payload.pull_request);
  return {
    event: trigger.payload,
    event_name: trigger.event,
    repository: `${twin.owner}/${twin.repo}`,
    repository_id: String(twin.repositoryId),
    repository_owner: twin.owner,
    ref: trigger.ref,
    ref_name: trigger.ref.replace(/^refs\/(heads|tags|pull)\//, ''),
    ref_type: trigger.ref.startsWith('refs/tags/') ? 'tag' : 'branch',
    head_ref: textOf(fieldsOf(pull.head).ref) ?? '',
    base_ref: textOf(fieldsOf(pull.base).ref) ?? '',
    sha: trigger.sha,
    actor: trigger.actor,
    triggering_actor: trigger.actor,
    token,
    run_id: String(run.id),
    run_number: String(run.id),
    run_attempt: String(run.attempt),
    workflow: run.file.name,
    workflow_ref: `${twin.owner}/${twin.repo}/${run.file.path}@${trigger.ref}`,
    workflow_sha: trigger.sha,
    job,
    workspace,
    api_url: twin.url,
    graphql_url: `${twin.url}/graphql`,
    server_url: twin.url,
  };
}

/** GITHUB_* for a step: the context's texts; the token is in no variable unless the workflow puts it there. */
export function githubVariables(github: Readonly<Record<string, Json>>): Readonly<Record<string, string>> {
  const entries = Object.entries(github).flatMap(([name, value]): [string, string][] =>
    name === 'token' || typeof value !== 'string' ? [] : [[`GITHUB_${name.toUpperCase()}`, value]],
  );
  return Object.fromEntries(entries);
}
