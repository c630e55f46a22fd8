import { createHash } from 'node:crypto';
import { inverseOf, planDigest, recordPath, recordText } from '../../src/core/record.ts';
import type { Config } from '../../src/model/config.ts';
import type {
  ChangeFacts,
  CommentFact,
  FollowUpFacts,
  GateFacts,
  Person,
  PullFacts,
  PushFact,
  TreeEntryChange,
} from '../../src/model/gate.ts';
import { known } from '../../src/model/known.ts';
import type { LiveFacts } from '../../src/model/live-facts.ts';
import type { CheckFact, ProtectionFacts } from '../../src/model/protection.ts';
import type { ChangeRecord } from '../../src/model/record.ts';

export const HEAD = `${'a'.repeat(39)}1`;
export const BASE = 'b'.repeat(40);
export const MERGE = 'c'.repeat(40);
/** What git writes where there is no commit or object. */
export const NONE = '0'.repeat(40);
export const REPOSITORY = 4711;
export const SERVER_APP = 700;
export const JOB_FILE = 'jobs/orders-nightly.json';

export const bot: Person = { id: 900, login: 'sluice[bot]', type: 'Bot' };
export const olga: Person = { id: 1, login: 'olga', type: 'User' };
export const omar: Person = { id: 2, login: 'omar', type: 'User' };
export const wendy: Person = { id: 3, login: 'wendy', type: 'User' };

export const BEFORE =
  '{\n  "name": "orders-nightly",\n  "job_clusters": [{"job_cluster_key": "main", "new_cluster": {"num_workers": 4, "spark_conf": {"spark.sql.shuffle.partitions": "200"}}}]\n}\n';
export const AFTER = BEFORE.replace('"200"', '"800"');

const config: Config = {
  mode: 'execute',
  investigate: 'auto',
  merge: 'auto',
  door: 'app',
  targets: [
    {
      name: 'orders',
      line: 3,
      match: [{ label: 'job_name', op: '=', value: 'orders-nightly' }],
      files: [JOB_FILE],
      kind: 'job-json',
      appliedBy: 'sluice',
      workspace: 'prod',
      job: { by: 'id', id: '42' },
      taskKey: null,
      clusterKey: 'main',
      rerun: 'repair',
      streaming: false,
    },
  ],
  identityLabels: ['job_name'],
  windows: [],
  incidentRisk: null,
  freezes: [],
  limits: { incidentsPerHour: 20, maxWorkers: 16, percentPerStep: 400, paths: [], keys: [] },
  approvals: { owners: { low: 1, medium: 1, high: 2 }, requireSha: false, expireAfterHours: 72, breakGlass: [] },
  protection: 'advisory',
  rollback: 'auto',
  reopenWithinHours: 24,
  proposalTtlHours: 24,
  deployWithinMinutes: 60,
  verifyWaitMinutes: 10,
};

export function configOf(change: Partial<Config> = {}): Config {
  return { ...config, ...change };
}

const bareRecord: Omit<ChangeRecord, 'plan_digest'> = {
  schema: 1,
  incident: 7,
  sequence: 1,
  kind: 'change',
  undoes: null,
  target: 'orders',
  target_kind: 'job-json',
  repository_id: REPOSITORY,
  workspace: 'prod',
  host: 'https://prod.example.test',
  job_id: '42',
  runbook: { id: 'databricks-job-oom', blob: 'f'.repeat(40) },
  risk: 'low',
  base_settings_digest: null,
  changes: [
    {
      file: JOB_FILE,
      selector: 'job_clusters[job_cluster_key=main].new_cluster.spark_conf["spark.sql.shuffle.partitions"]',
      old: '"200"',
      new: '"800"',
      reason: 'more partitions',
      evidence: ['E1'],
    },
  ],
  action: null,
  inverse: [],
  baseline: { failed: 1 },
  verification: {
    kind: 'batch',
    checks: [
      {
        name: 'failed',
        source: 'databricks',
        query: 'run_failed',
        unit: '0 or 1',
        expect: 'after == 0.0',
        worse: 'after > before',
      },
    ],
    settle_minutes: 0,
    within_minutes: 600,
  },
  rerun: null,
  expires_at: '2026-11-24T03:00:00.000Z',
};

/** A record whose derived fields fit what is given; `forge` overrides them afterwards. */
export function record(change: Partial<ChangeRecord> = {}, forge: Partial<ChangeRecord> = {}): ChangeRecord {
  const bare = { ...bareRecord, ...change };
  const derived = { ...bare, inverse: inverseOf(bare.changes) };
  return { ...derived, plan_digest: planDigest(derived), ...forge };
}

export function blobId(text: string): string {
  return createHash('sha1')
    .update(`blob ${Buffer.byteLength(text)}\0${text}`)
    .digest('hex');
}

export function deltaOf(
  files: readonly { readonly path: string; readonly before: string | null; readonly after: string | null }[],
): TreeEntryChange[] {
  return files.map(({ path, before, after }) => ({
    path,
    oldMode: before === null ? '000000' : '100644',
    oldId: before === null ? NONE : blobId(before),
    newMode: after === null ? '000000' : '100644',
    newId: after === null ? NONE : blobId(after),
  }));
}

export function approval(change: Partial<CommentFact> = {}): CommentFact {
  return {
    id: 50,
    author: olga,
    body: `/approve ${HEAD}`,
    createdAt: '2026-11-23T03:30:00Z',
    lastEditedAt: null,
    includesCreatedEdit: false,
    createdViaEmail: false,
    viaApp: false,
    former: known([]),
    ...change,
  };
}

/** The push that made the branch: our App's, twenty minutes before the approval. */
export function pushFact(change: Partial<PushFact> = {}): PushFact {
  return { actor: bot, before: NONE, after: HEAD, at: '2026-11-23T03:10:00Z', mergesBase: false, ...change };
}

/** A check run of a workflow that passed. */
export function checkFact(change: Partial<CheckFact> = {}): CheckFact {
  return {
    name: 'build',
    kind: 'run',
    appId: 15368,
    writer: 'github-actions',
    required: true,
    standing: 'passed',
    said: 'success',
    ...change,
  };
}

export interface World {
  readonly pull: Partial<PullFacts>;
  readonly record: ChangeRecord | null;
  readonly recordText: string | null;
  readonly before: string;
  readonly after: string;
  readonly extra: readonly TreeEntryChange[];
  readonly comments: readonly CommentFact[];
  readonly codeowners: string;
  readonly config: Partial<Config>;
  readonly change: Partial<ChangeFacts>;
  readonly protection: Partial<ProtectionFacts>;
  readonly followUp: Partial<FollowUpFacts>;
  readonly live: Partial<LiveFacts>;
  readonly moment: 'open' | 'apply';
}

/** A sound, approved proposal; each test changes one fact of it. */
export function facts(world: Partial<World> = {}): GateFacts {
  const own = world.record === undefined ? record() : world.record;
  const text = world.recordText ?? (own ? recordText(own) : '');
  const path = own ? recordPath(own.incident, own.sequence) : '';
  const [before, after] = [world.before ?? BEFORE, world.after ?? AFTER];
  const files = [{ path: JOB_FILE, before, after }, ...(own ? [{ path, before: null, after: text }] : [])];
  const delta = [...deltaOf(files), ...(world.extra ?? [])];
  const policy = {
    commit: BASE,
    codeowners: known({ path: '.github/CODEOWNERS', text: world.codeowners ?? '* @omar\n/jobs/ @olga @acme/data\n' }),
    config: known({ ...config, ...world.config }),
  };
  const apply = world.moment === 'apply';
  const pull: PullFacts = {
    number: 12,
    author: bot,
    state: apply ? 'closed' : 'open',
    baseRef: 'main',
    headRef: 'sluice/7-1',
    baseRepositoryId: REPOSITORY,
    headRepositoryId: REPOSITORY,
    headSha: HEAD,
    mergedAt: apply ? '2026-11-23T03:40:00Z' : null,
    mergeSha: apply ? MERGE : null,
    ...world.pull,
  };
  return {
    question: apply ? { moment: 'apply', merge: MERGE } : { moment: 'open', pull: 12 },
    change: {
      repository: { id: REPOSITORY, defaultBranch: 'main' },
      pull: known(pull),
      pushed: false,
      delta: known(delta),
      merge: apply ? known({ parents: [BASE, HEAD], delta }) : null,
      moved: apply ? null : known([]),
      commits: known([{ sha: HEAD, parents: [BASE], people: [bot, bot], mergesBase: false }]),
      comments: known(world.comments ?? [approval()]),
      timeline: known([]),
      pushes: known([pushFact()]),
      protection: apply
        ? null
        : known({
            review: null,
            conflicts: false,
            behind: false,
            strict: false,
            queue: null,
            rules: [],
            checks: [],
            ...world.protection,
          }),
      policies: apply ? [policy, { ...policy, commit: MERGE }] : [policy],
      ...world.change,
    },
    followUp: {
      blobs: files.map((file) => ({ path: file.path, before: known(file.before), after: known(file.after) })),
      record: known(own ? { path, text, record: own } : null),
      people: {
        olga: known({ person: olga, permission: 'write' }),
        omar: known({ person: omar, permission: 'admin' }),
        wendy: known({ person: wendy, permission: 'write' }),
      },
      teams: { 'acme/data': known({ members: [omar], isSecret: false, permission: 'write' }) },
      undone: known(null),
      beside: known({ files: [], names: [] }),
      ancestors: known([]),
      ...world.followUp,
    },
    live: {
      now: '2026-11-23T04:00:00.000Z',
      targets: [BASE, ...(apply ? [MERGE] : [])].map((commit) => ({
        commit,
        host: known('https://prod.example.test'),
        jobId: known('42'),
      })),
      recovered: known(false),
      superseded: known(false),
      policy: [],
      ours: [bot.id],
      appId: SERVER_APP,
      asked: known({ shapers: [], askers: [] }),
      ...world.live,
    },
  };
}
