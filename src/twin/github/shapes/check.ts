import type { Fields } from '../json.ts';
import type { CheckRun } from '../nouns.ts';
import type { World } from '../world.ts';
import { nodeId } from './account.ts';
import { appShape } from './app.ts';
import { minimalPullShape } from './pull.ts';
import { pageUrl, repositoryUrl } from './repository.ts';

/** One suite for each App and commit, as GitHub makes them by itself. */
export function suiteId(run: CheckRun): number {
  return Number.parseInt(run.sha.slice(0, 7), 16) + run.app.id;
}

export function pullsHeadedBy(world: World, sha: string): readonly Fields[] {
  return [...world.issues.values()].flatMap((issue) =>
    issue.pull?.headSha === sha && issue.state === 'open' ? [minimalPullShape(world, issue, issue.pull)] : [],
  );
}

export function checkShape(world: World, run: CheckRun): Fields {
  const url = `${repositoryUrl(world)}/check-runs/${run.id}`;
  return {
    id: run.id,
    name: run.name,
    node_id: nodeId('CR', run.id),
    head_sha: run.sha,
    external_id: run.externalId,
    url,
    html_url: `${pageUrl(world)}/runs/${run.id}`,
    details_url: run.detailsUrl ?? `${pageUrl(world)}/runs/${run.id}`,
    status: run.status,
    conclusion: run.conclusion,
    started_at: run.startedAt,
    completed_at: run.completedAt,
    output: {
      title: run.title,
      summary: run.summary,
      text: run.text,
      annotations_count: 0,
      annotations_url: `${url}/annotations`,
    },
    check_suite: { id: suiteId(run) },
    app: appShape(world, run.app),
    pull_requests: pullsHeadedBy(world, run.sha),
  };
}
