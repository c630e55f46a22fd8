/**
 * What a failed run failed of: one word each, so that a runbook names a kind and not the words of five systems. `code` is the job's own
 * code, `other` is what nothing tells, `none` belongs to a run that succeeded.
 */
export const errorKinds = [
  'executor_oom',
  'container_killed',
  'driver_oom',
  'broadcast_oom',
  'broadcast_timeout',
  'driver_lost',
  'preempted',
  'nodes_lost',
  'fetch_failed',
  'cluster_quota',
  'cluster_stockout',
  'cluster_config',
  'cluster_start',
  'init_script',
  'library',
  'unauthorized',
  'table_missing',
  'path_missing',
  'delta_conflict',
  'timeout',
  'transient',
  'code',
  'other',
  'none',
] as const;

/** A runbook names a kind of failure among its symptoms: `error_kind=delta_conflict`. */
export const KIND_SYMPTOM = 'error_kind=';

export type ErrorKind = (typeof errorKinds)[number];

/** Jobs' termination codes that tell a kind by themselves; RUN_EXECUTION_ERROR, the most common, tells none. */
const codes: Readonly<Record<string, ErrorKind>> = {
  TIMEDOUT: 'timeout',
  INVALID_CLUSTER_REQUEST: 'cluster_config',
  INVALID_RUN_CONFIGURATION: 'cluster_config',
  CLUSTER_ERROR: 'cluster_start',
  LIBRARY_INSTALLATION_ERROR: 'library',
  UNAUTHORIZED_ERROR: 'unauthorized',
  RESOURCE_NOT_FOUND: 'path_missing',
  DRIVER_ERROR: 'driver_lost',
  CLOUD_FAILURE: 'transient',
  INTERNAL_ERROR: 'transient',
  CLUSTER_REQUEST_LIMIT_EXCEEDED: 'transient',
  WORKSPACE_RUN_LIMIT_EXCEEDED: 'transient',
};

/** What a termination code tells without any text; null: nothing. */
export function codeKind(code: string | null): ErrorKind | null {
  return code !== null && Object.hasOwn(codes, code) ? (codes[code] ?? null) : null;
}
