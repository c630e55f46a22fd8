import type { Json, Plain } from '../pipeline/json.ts';
import { isObject, Lexeme, listAt, member, numberAt, parseJson, textAt } from '../pipeline/json.ts';
import type { NodeType } from '../pipeline/node-types.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import type { ClusterUse, Run } from '../pipeline/run.ts';
import { clustersOf } from '../pipeline/run.ts';
import type { Answer } from './answer.ts';
import { invalid, ok } from './answer.ts';
import { offsetOf, tokenFor } from './paging.ts';
import type { Call } from './request.ts';
import { bodyOf } from './request.ts';

function findCluster(pipeline: Pipeline, clusterId: string): { readonly run: Run; readonly use: ClusterUse } {
  for (const run of pipeline.runs()) {
    const use = clustersOf(run).find(({ cluster }) => cluster.clusterId === clusterId);
    if (use !== undefined) return { run, use };
  }
  throw invalid(`Cluster ${clusterId} does not exist`);
}

export function getCluster(pipeline: Pipeline, call: Call): Answer {
  const now = pipeline.now().getTime();
  const { run, use } = findCluster(pipeline, call.query.get('cluster_id') ?? '');
  const spec = specOf(use);
  return ok({
    ...(isObject(spec) ? Object.fromEntries(spec) : {}),
    cluster_id: use.cluster.clusterId,
    spark_context_id: new Lexeme(use.cluster.sparkContextId),
    cluster_name: `job-${run.jobId}-run-${run.runId}-${use.cluster.shape.clusterKey ?? 'task'}`,
    cluster_source: 'JOB',
    start_time: use.cluster.created,
    ...stateOf(use, now),
  });
}

function specOf(use: ClusterUse): Json | undefined {
  const settings = parseJson(use.attempts[0]?.settings ?? '{}');
  const task = listAt(settings, 'tasks').find((one) => textAt(one, 'task_key') === use.attempts[0]?.taskKey);
  const shared = listAt(settings, 'job_clusters').find(
    (one) => textAt(one, 'job_cluster_key') === textAt(task, 'job_cluster_key'),
  );
  return member(task, 'new_cluster') ?? member(shared, 'new_cluster');
}

function endReason(use: ClusterUse): { readonly code: string; readonly type: string } {
  const told = use.cluster.events?.find(({ type, reason }) => type === 'TERMINATING' && reason !== null)?.reason;
  if (told) return told;
  const refused = use.attempts.some((attempt) => attempt.failure?.code === 'INVALID_CLUSTER_REQUEST');
  return refused ? { code: 'INVALID_ARGUMENT', type: 'CLIENT_ERROR' } : { code: 'JOB_FINISHED', type: 'SUCCESS' };
}

function stateOf(use: ClusterUse, now: number): { readonly [key: string]: Plain } {
  if (use.end !== null && use.end <= now) {
    return { state: 'TERMINATED', state_message: '', terminated_time: use.end, termination_reason: endReason(use) };
  }
  return use.cluster.start <= now
    ? { state: 'RUNNING', state_message: '' }
    : { state: 'PENDING', state_message: 'Starting Spark' };
}

/** POST clusters/events: what happened to the cluster, newest first unless asked otherwise. */
export function clusterEvents(pipeline: Pipeline, call: Call): Answer {
  const body = bodyOf(call);
  const clusterId = textAt(body, 'cluster_id');
  if (clusterId === undefined) throw invalid('cluster_id is required');
  const { use } = findCluster(pipeline, clusterId);
  const size = numberAt(body, 'page_size') ?? numberAt(body, 'limit') ?? 50;
  if (size < 0 || size > 500) throw invalid('page_size must be between 0 and 500');
  const wanted = listAt(body, 'event_types').map(String);
  const from = numberAt(body, 'start_time') ?? 0;
  const to = numberAt(body, 'end_time') ?? Number.POSITIVE_INFINITY;
  const events = eventsOf(use, pipeline.now().getTime())
    .filter((event) => event.timestamp >= from && event.timestamp <= to && (wanted.length === 0 || wanted.includes(event.type)))
    .sort((left, right) =>
      textAt(body, 'order') === 'ASC' ? left.timestamp - right.timestamp : right.timestamp - left.timestamp,
    );
  const offset = offsetOf(textAt(body, 'page_token'));
  const limit = size === 0 ? 50 : size;
  const page = events.slice(offset, offset + limit).map((event) => ({ cluster_id: clusterId, ...event }));
  const more = offset + limit < events.length;
  return ok({
    events: page.length === 0 ? undefined : page,
    next_page_token: more ? tokenFor(offset + limit) : undefined,
    total_count: events.length,
  });
}

type ClusterEvent = { readonly timestamp: number; readonly type: string; readonly details: { readonly [key: string]: Plain } };

function eventsOf(use: ClusterUse, now: number): readonly ClusterEvent[] {
  const { cluster, end } = use;
  const workers = cluster.shape.workers.max;
  const events: ClusterEvent[] = [
    { timestamp: cluster.created, type: 'CREATING', details: { cluster_size: { num_workers: workers }, user: 'job' } },
    { timestamp: cluster.start - 5000, type: 'RUNNING', details: { current_num_workers: workers, target_num_workers: workers } },
    { timestamp: cluster.start, type: 'DRIVER_HEALTHY', details: {} },
    ...(end === null ? [] : [{ timestamp: end, type: 'TERMINATING', details: { reason: endReason(use) } }]),
    ...(cluster.events ?? [])
      .filter(({ type }) => type !== 'TERMINATING')
      .map(({ at, type, reason }) => ({ timestamp: at, type, details: reason === null ? {} : { reason } })),
  ];
  return events.filter((event) => event.timestamp <= now);
}

export function listNodeTypes(nodeTypes: readonly NodeType[]): Answer {
  return ok({
    node_types: nodeTypes.map((type) => ({
      node_type_id: type.nodeTypeId,
      instance_type_id: type.nodeTypeId,
      memory_mb: type.memoryMb,
      num_cores: type.cores,
      num_gpus: 0,
      description: type.nodeTypeId,
      category: 'Memory Optimized',
      is_deprecated: false,
    })),
  });
}
