import * as z from 'zod/mini';
import type { NodeType, TaskError } from '../model/job.ts';
import type { Page } from './answer.ts';
import { id, instant, token } from './answer.ts';
import { withoutSecrets } from './redact.ts';

const jobSchema = z.object({
  job_id: id,
  settings: z.object({
    name: z.optional(z.string()),
    deployment: z.optional(z.object({ kind: z.optional(z.string()) })),
    edit_mode: z.optional(z.string()),
  }),
  next_page_token: z.optional(z.string()),
});
const jobsSchema = z.object({
  jobs: z.optional(z.array(z.object({ job_id: id, settings: z.optional(z.object({ name: z.optional(z.string()) })) }))),
  next_page_token: z.optional(z.string()),
});

const outputSchema = z.object({ error: z.optional(z.string()), error_trace: z.optional(z.string()) });
const eventsSchema = z.object({
  events: z.optional(
    z.array(
      z.object({
        timestamp: z.number(),
        type: z.optional(z.string()),
        details: z.optional(
          z.object({ reason: z.optional(z.object({ code: z.optional(z.string()) })), cause: z.optional(z.string()) }),
        ),
      }),
    ),
  ),
  next_page_token: z.optional(z.string()),
});
const nodeTypesSchema = z.object({
  node_types: z.optional(z.array(z.object({ node_type_id: z.string(), memory_mb: z.number(), num_cores: z.number() }))),
});
const clusterSchema = z.object({
  cluster_log_conf: z.optional(z.record(z.string(), z.object({ destination: z.optional(z.string()) }))),
});
const writtenSchema = z.object({ repair_id: z.optional(id), run_id: z.optional(id) });

/** One page of jobs/get without its settings' text, which settings-pages.ts keeps. */
export interface JobPage {
  readonly id: string;
  readonly name: string;
  readonly managedBy: 'bundle' | 'ui-lock' | null;
  readonly next: string | null;
}

export interface ClusterEvent {
  readonly type: string;
  readonly at: string;
  readonly reason: string;
}

export function readJobPage(value: unknown): JobPage | null {
  const read = jobSchema.safeParse(value);
  if (!read.success) return null;
  const { settings } = read.data;
  return {
    id: read.data.job_id,
    name: settings.name ?? '',
    managedBy: heldBy(settings),
    next: token(read.data.next_page_token),
  };
}

/** Jobs of one page of jobs/list as [id, name]. */
export function readJobsPage(value: unknown): Page<readonly [string, string]> | null {
  const read = jobsSchema.safeParse(value);
  if (!read.success) return null;
  const items = (read.data.jobs ?? []).map((job) => [job.job_id, job.settings?.name ?? ''] as const);
  return { items, next: token(read.data.next_page_token) };
}

export function readTaskError(value: unknown): TaskError | null {
  const read = outputSchema.safeParse(value);
  return read.success
    ? { error: withoutSecrets(read.data.error ?? ''), trace: withoutSecrets(read.data.error_trace ?? '') }
    : null;
}

export function readEventsPage(value: unknown): Page<ClusterEvent> | null {
  const read = eventsSchema.safeParse(value);
  if (!read.success) return null;
  const items = (read.data.events ?? []).map((event) => ({
    type: event.type ?? 'unknown',
    at: instant(event.timestamp) ?? '',
    reason: withoutSecrets(event.details?.reason?.code ?? event.details?.cause ?? ''),
  }));
  return { items, next: token(read.data.next_page_token) };
}

export function readNodeTypes(value: unknown): readonly NodeType[] | null {
  const read = nodeTypesSchema.safeParse(value);
  if (!read.success) return null;
  return (read.data.node_types ?? []).map((type) => ({ id: type.node_type_id, memoryMb: type.memory_mb, cores: type.num_cores }));
}

/** Where a cluster's logs go, such as `dbfs:/cluster-logs`; null: nowhere. The first destination named is used. */
export function readLogDestination(value: unknown): { readonly destination: string | null } | null {
  const read = clusterSchema.safeParse(value);
  if (!read.success) return null;
  return { destination: Object.values(read.data.cluster_log_conf ?? {})[0]?.destination ?? null };
}

/** The id that repair or run-now answered with; null when the answer has none. */
export function readWrittenId(value: unknown): string | null {
  const read = writtenSchema.safeParse(value);
  return read.success ? (read.data.repair_id ?? read.data.run_id ?? null) : null;
}

type Settings = z.infer<typeof jobSchema>['settings'];

/** A kind of deployment or edit mode that we do not know still means that somebody else owns the job's settings. */
function heldBy(settings: Settings): 'bundle' | 'ui-lock' | null {
  if (settings.deployment !== undefined) return 'bundle';
  return settings.edit_mode === undefined || settings.edit_mode === 'EDITABLE' ? null : 'ui-lock';
}
