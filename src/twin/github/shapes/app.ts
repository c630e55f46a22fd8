import type { Fields } from '../json.ts';
import type { Permissions, SeedApp } from '../seed.ts';
import { ACTIONS_APP, type World } from '../world.ts';
import { nodeId, ownerShape } from './account.ts';

const EVENTS = ['check_run', 'deployment', 'issue_comment', 'issues', 'pull_request', 'push'] as const;

export function appShape(world: World, app: SeedApp): Fields {
  return {
    id: app.id,
    client_id: `Iv1.${app.id}`,
    slug: app.slug,
    node_id: nodeId('A', app.id),
    owner: ownerShape(world),
    name: app.id === ACTIONS_APP.id ? 'GitHub Actions' : app.slug,
    description: '',
    external_url: `${world.url}/external/${app.slug}`,
    html_url: `${world.url}/apps/${app.slug}`,
    created_at: world.createdAt,
    updated_at: world.createdAt,
    permissions: { ...app.permissions, metadata: 'read' },
    events: EVENTS,
  };
}

export function viaApp(world: World, app: SeedApp | null): Fields | null {
  return app === null ? null : appShape(world, app);
}

export function installationShape(world: World, app: SeedApp): Fields {
  const url = `${world.url}/app/installations/${app.installationId}`;
  return {
    id: app.installationId,
    account: ownerShape(world),
    repository_selection: 'all',
    access_tokens_url: `${url}/access_tokens`,
    repositories_url: `${world.url}/installation/repositories`,
    html_url: `${world.url}/organizations/${world.owner}/settings/installations/${app.installationId}`,
    app_id: app.id,
    client_id: `Iv1.${app.id}`,
    app_slug: app.slug,
    target_id: 9000,
    target_type: world.seed.ownerType ?? 'Organization',
    permissions: allPermissions(app.permissions),
    events: EVENTS,
    created_at: world.createdAt,
    updated_at: world.createdAt,
    single_file_name: null,
    has_multiple_single_files: false,
    single_file_paths: [],
    suspended_by: null,
    suspended_at: null,
  };
}

export function allPermissions(permissions: Permissions): Permissions {
  return { ...permissions, metadata: 'read' };
}
