import type { Fields } from '../json.ts';
import { notFound } from '../refusal.ts';
import { type Answer, type Call, needs, ok, paged, param, REPO, type Route } from '../route.ts';
import { nodeId } from '../shapes/account.ts';
import { pageUrl, repositoryUrl } from '../shapes/repository.ts';
import type { World } from '../world.ts';

const ALL = `${REPO}/environments`;
const ONE = `${ALL}/{environment_name}`;
const READ = needs('read', 'actions:read');

export const ENVIRONMENT_ROUTES: readonly Route[] = [
  { method: 'GET', path: ALL, need: READ, run: environments },
  { method: 'GET', path: ONE, need: READ, run: environment },
  { method: 'GET', path: `${ONE}/deployment-branch-policies`, need: READ, run: policies },
];

function environmentShape(world: World, name: string): Fields {
  const index = (world.seed.environments ?? []).findIndex((one) => one.name === name);
  const found = world.seed.environments?.[index];
  if (found === undefined) throw notFound();
  const id = 800 + index;
  const rules = found.branches === null ? [] : [{ id: id + 100, node_id: nodeId('GA', id), type: 'branch_policy' }];
  const policy = found.branches === null ? null : { protected_branches: false, custom_branch_policies: true };
  return {
    id,
    node_id: nodeId('EN', id),
    name,
    url: `${repositoryUrl(world)}/environments/${encodeURIComponent(name)}`,
    html_url: `${pageUrl(world)}/deployments/activity_log?environments_filter=${encodeURIComponent(name)}`,
    created_at: world.createdAt,
    updated_at: world.createdAt,
    can_admins_bypass: false,
    protection_rules: rules,
    deployment_branch_policy: policy,
  };
}

function environments(call: Call): Answer {
  const all = call.world.seed.environments ?? [];
  const wrap = (page: Fields['environments']) => ({ total_count: all.length, environments: page ?? [] });
  return paged(call, all, (one) => environmentShape(call.world, one.name), wrap);
}

function environment(call: Call): Answer {
  return ok(environmentShape(call.world, param(call, 'environment_name')));
}

function policies(call: Call): Answer {
  const found = call.world.seed.environments?.find((one) => one.name === param(call, 'environment_name'));
  if (found === undefined) throw notFound();
  const branches = found.branches ?? [];
  const shaped = branches.map((name, index) => ({ id: 900 + index, node_id: nodeId('GBP', name), name, type: 'branch' }));
  return paged(
    call,
    shaped,
    (one) => one,
    (branch_policies) => ({ total_count: branches.length, branch_policies }),
  );
}
