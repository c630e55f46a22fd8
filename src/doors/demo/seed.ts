import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GithubSeed } from '../../twin/github/index.ts';
import type { BranchRules } from '../../twin/github/seed.ts';
import { projectRoot } from '../root.ts';

/** The project's own folder: its jobs, runbooks and workflows are what the rehearsed repository holds. */
const ROOT = projectRoot();
const SEEDED = ['.github/sluice.yml', '.github/CODEOWNERS', '.github/workflows/sluice.yml', '.github/workflows/rollout.yml'];
const SEEDED_FOLDERS = ['jobs', 'runbooks'];
export const SERVER_APP = { id: 7, bot: 'sluice[bot]' };
export const APPLY_APP = { id: 8 };

/** The people of the rehearsal and their tokens. */
export const PEOPLE = { olga: 'token-of-olga', omar: 'token-of-omar', wendy: 'token-of-wendy' } as const;

/** The rehearsed repository: olga and omar are on call for the jobs, wendy may write but owns nothing. */
export function seedOf(
  serverKey: string,
  applyKey: string,
  changed: Readonly<Record<string, string | null>>,
  branchRules: readonly BranchRules[],
): GithubSeed {
  const reading = { members: 'read', metadata: 'read', actions: 'read' } as const;
  const conversation = { contents: 'read', issues: 'read', pull_requests: 'read', checks: 'write' } as const;
  const writing = { contents: 'write', issues: 'write', pull_requests: 'write', checks: 'write' } as const;
  return {
    owner: 'acme',
    repo: 'pipelines',
    files: seededFiles(changed),
    users: [
      { login: 'olga', id: 101, token: PEOPLE.olga, permission: 'write' },
      { login: 'omar', id: 102, token: PEOPLE.omar, permission: 'admin' },
      { login: 'wendy', id: 103, token: PEOPLE.wendy, permission: 'write' },
    ],
    teams: [{ slug: 'data-oncall', members: [{ login: 'olga' }, { login: 'omar' }], permission: 'push' }],
    apps: [
      {
        id: SERVER_APP.id,
        slug: 'sluice',
        publicKey: serverKey,
        installationId: 1007,
        permissions: { ...reading, ...writing, deployments: 'read', statuses: 'read', merge_queues: 'write' },
      },
      {
        id: APPLY_APP.id,
        slug: 'sluice-apply',
        publicKey: applyKey,
        installationId: 1008,
        permissions: { ...reading, ...conversation },
      },
    ],
    environments: [{ name: 'prod', branches: ['main'] }],
    branchRules,
  };
}

function seededFiles(changed: Readonly<Record<string, string | null>>): Readonly<Record<string, string>> {
  const folders = SEEDED_FOLDERS.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length + 1)),
  );
  const own = [...SEEDED, ...folders].map((path) => [path, readFileSync(join(ROOT, path), 'utf8')] as const);
  const merged: Readonly<Record<string, string | null>> = { ...Object.fromEntries(own), ...changed };
  return Object.fromEntries(Object.entries(merged).flatMap(([path, text]) => (text === null ? [] : [[path, text] as const])));
}
