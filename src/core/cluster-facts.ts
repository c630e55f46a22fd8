import type { Node } from 'jsonc-parser';
import type { SelectorStep } from '../model/change.ts';
import type { NodeType } from '../model/job.ts';
import type { Outcome } from '../model/reason.ts';
import type { Target } from '../model/target.ts';
import { listAt, nodeAt, numberAt, textAt, textsAt } from './job-settings.ts';
import { refuse } from './refuse.ts';
import { type Runtime, runtimeOf } from './runtime.ts';

/** Where a target's job runs: `base` selects its new_cluster in the settings; null where the settings hold no cluster to edit. */
export interface ClusterFacts {
  readonly base: readonly SelectorStep[] | null;
  readonly serverless: boolean;
  readonly existing: boolean;
  /** The fixed size; null with autoscale. */
  readonly fixedWorkers: number | null;
  readonly autoscale: { readonly min: number; readonly max: number } | null;
  readonly nodeType: string | null;
  readonly node: NodeType | null;
  readonly driver: NodeType | null;
  readonly sparkConf: Readonly<Record<string, string>>;
  readonly photon: boolean;
  /** Null where `spark_version` does not tell. */
  readonly runtime: Runtime | null;
  /** The instance pool that decides the node type. */
  readonly pool: string | null;
  readonly policy: string | null;
  readonly logDestination: string | null;
  /** Keys of all tasks that run on it: an edit reaches every one of them. */
  readonly tasks: readonly string[];
}

/** The part of a target that picks the task and the cluster. */
export type TargetPart = Pick<Target, 'taskKey' | 'clusterKey' | 'streaming'>;

/**
 * The cluster of a task, or the target's one cluster, in the settings at `root`. A cluster that is not there once is `pointer_missing`;
 * several and no word in the target about which is `no_surface`.
 */
export function clusterOf(
  root: Node,
  task: Node | undefined,
  part: TargetPart,
  nodeTypes: readonly NodeType[],
): Outcome<ClusterFacts> {
  const place = clusterPlace(root, task, listAt(root, 'tasks'), part);
  return place.ok ? { ok: true, value: clusterFacts(place.value, nodeTypes) } : place;
}

/** The cluster's node in the settings, the way there, and who runs on it. */
interface ClusterPlace {
  readonly base: readonly SelectorStep[] | null;
  readonly node: Node | undefined;
  readonly existing: boolean;
  readonly tasks: readonly string[];
}

function clusterPlace(root: Node, task: Node | undefined, tasks: readonly Node[], part: TargetPart): Outcome<ClusterPlace> {
  const shared = listAt(root, 'job_clusters');
  const wanted = part.clusterKey ?? textAt(task, 'job_cluster_key');
  if (wanted !== null) {
    const found = shared.filter((one) => textAt(one, 'job_cluster_key') === wanted);
    const [only] = found;
    if (only !== undefined && found.length === 1) return { ok: true, value: sharedPlace(only, tasks) };
    return refuse('pointer_missing', `job_clusters[job_cluster_key=${wanted}]`, 'one job cluster', String(found.length));
  }
  if (nodeAt(task, 'new_cluster') !== undefined && task !== undefined) return { ok: true, value: ownPlace(task) };
  const existing = textAt(task, 'existing_cluster_id') !== null;
  if (task !== undefined) return { ok: true, value: { base: null, node: undefined, existing, tasks: [] } };
  return wholeJob(root, shared, tasks);
}

/** A target that names neither task nor cluster means the one cluster there is. */
function wholeJob(root: Node, shared: readonly Node[], tasks: readonly Node[]): Outcome<ClusterPlace> {
  const own = nodeAt(root, 'new_cluster');
  if (own !== undefined) return { ok: true, value: { base: [{ key: 'new_cluster' }], node: own, existing: false, tasks: [] } };
  const alone = tasks.filter((one) => nodeAt(one, 'new_cluster') !== undefined);
  if (shared.length + alone.length > 1) {
    return refuse('no_surface', 'cluster', 'a task or cluster named in the target', 'several clusters');
  }
  const [[only], [task]] = [shared, alone];
  if (only !== undefined) return { ok: true, value: sharedPlace(only, tasks) };
  if (task !== undefined) return { ok: true, value: ownPlace(task) };
  const existing = tasks.some((one) => textAt(one, 'existing_cluster_id') !== null);
  return { ok: true, value: { base: null, node: undefined, existing, tasks: [] } };
}

function sharedPlace(cluster: Node, tasks: readonly Node[]): ClusterPlace {
  const key = textAt(cluster, 'job_cluster_key') ?? '';
  const base = [{ key: 'job_clusters' }, { where: 'job_cluster_key', equals: key }, { key: 'new_cluster' }];
  const users = tasks.filter((task) => textAt(task, 'job_cluster_key') === key).map((task) => textAt(task, 'task_key') ?? '');
  return { base, node: nodeAt(cluster, 'new_cluster'), existing: false, tasks: users };
}

function ownPlace(task: Node): ClusterPlace {
  const key = textAt(task, 'task_key') ?? '';
  const base = [{ key: 'tasks' }, { where: 'task_key', equals: key }, { key: 'new_cluster' }];
  return { base, node: nodeAt(task, 'new_cluster'), existing: false, tasks: [key] };
}

function clusterFacts({ base, node, existing, tasks }: ClusterPlace, nodeTypes: readonly NodeType[]): ClusterFacts {
  const [min, max] = [numberAt(node, 'autoscale', 'min_workers'), numberAt(node, 'autoscale', 'max_workers')];
  const nodeType = textAt(node, 'node_type_id');
  const typed = (id: string | null): NodeType | null => nodeTypes.find((type) => type.id === id) ?? null;
  return {
    base,
    serverless: node === undefined && !existing,
    existing,
    fixedWorkers: numberAt(node, 'num_workers'),
    autoscale: min === null || max === null ? null : { min, max },
    nodeType,
    node: typed(nodeType),
    driver: typed(textAt(node, 'driver_node_type_id') ?? nodeType),
    sparkConf: textsAt(node, 'spark_conf'),
    photon: textAt(node, 'runtime_engine') === 'PHOTON' || /-photon-/.test(textAt(node, 'spark_version') ?? ''),
    runtime: runtimeOf(textAt(node, 'spark_version')),
    pool: textAt(node, 'instance_pool_id'),
    policy: textAt(node, 'policy_id'),
    logDestination:
      textAt(node, 'cluster_log_conf', 'dbfs', 'destination') ?? textAt(node, 'cluster_log_conf', 'volumes', 'destination'),
    tasks,
  };
}
