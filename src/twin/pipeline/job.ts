import type { Json } from './json.ts';
import { digitsAt, isObject, Lexeme, listAt, member, numberAt, parseJson, textAt } from './json.ts';

/** The cluster that a task of the job gets; `workers` is the fixed number, or the autoscale bounds. */
export interface ClusterShape {
  readonly nodeTypeId: string;
  readonly workers: { readonly min: number; readonly max: number };
  readonly sparkConf: ReadonlyMap<string, string>;
  readonly sparkVersion: string;
  readonly logDestination: string | null;
  readonly clusterKey: string | null;
}

export interface TaskShape {
  readonly taskKey: string;
  readonly dependsOn: readonly string[];
  readonly cluster: ClusterShape | null;
  readonly parameters: ReadonlyMap<string, string>;
}

/** The part of JobSettings that changes how a run behaves. */
export interface JobShape {
  readonly name: string;
  readonly tasks: readonly TaskShape[];
  readonly continuous: boolean;
  readonly maxConcurrentRuns: number;
  readonly queued: boolean;
  readonly timeoutSeconds: number;
}

/** What was read last: a stream reads its run's settings every 15 s of twin time. */
const known = new Map<string, JobShape>();
const MOST_KNOWN = 100;

/** Reads a run's behaviour out of the job's settings; `parameters` are those given to this run, over the job's own. */
export function readJob(settingsText: string, parameters: ReadonlyMap<string, string> = new Map()): JobShape {
  if (parameters.size > 0) return readSettings(settingsText, parameters);
  const found = known.get(settingsText) ?? readSettings(settingsText, parameters);
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(settingsText, found);
  return found;
}

function readSettings(settingsText: string, parameters: ReadonlyMap<string, string>): JobShape {
  const settings = parseJson(settingsText);
  const clusters = new Map(listAt(settings, 'job_clusters').map((entry) => [textAt(entry, 'job_cluster_key') ?? '', entry]));
  const jobParameters = new Map(
    listAt(settings, 'parameters').map((entry) => [textAt(entry, 'name') ?? '', textAt(entry, 'default') ?? '']),
  );
  return {
    name: textAt(settings, 'name') ?? 'Untitled',
    tasks: listAt(settings, 'tasks').map((task) => readTask(task, clusters, new Map([...jobParameters, ...parameters]))),
    continuous: isObject(member(settings, 'continuous')) && textAt(settings, 'continuous', 'pause_status') !== 'PAUSED',
    maxConcurrentRuns: numberAt(settings, 'max_concurrent_runs') ?? 1,
    queued: member(settings, 'queue', 'enabled') === true,
    timeoutSeconds: numberAt(settings, 'timeout_seconds') ?? 0,
  };
}

function readTask(task: Json, clusters: ReadonlyMap<string, Json>, jobParameters: ReadonlyMap<string, string>): TaskShape {
  const clusterKey = textAt(task, 'job_cluster_key');
  const cluster = clusterKey === undefined ? member(task, 'new_cluster') : member(clusters.get(clusterKey), 'new_cluster');
  const own = taskSources.flatMap((source) =>
    textMembers(member(task, source, 'base_parameters') ?? member(task, source, 'parameters')),
  );
  return {
    taskKey: textAt(task, 'task_key') ?? '',
    dependsOn: listAt(task, 'depends_on').map((entry) => textAt(entry, 'task_key') ?? ''),
    cluster: cluster === undefined ? null : readCluster(cluster, clusterKey ?? null),
    // Job parameters are pushed down and win over a task's own of the same name, as on Databricks.
    parameters: new Map([...own, ...jobParameters]),
  };
}

const taskSources = ['notebook_task', 'python_wheel_task', 'spark_python_task', 'spark_jar_task'] as const;

function readCluster(cluster: Json, clusterKey: string | null): ClusterShape {
  const fixed = count(member(cluster, 'num_workers')) ?? 0;
  const autoscale = member(cluster, 'autoscale');
  return {
    nodeTypeId: textAt(cluster, 'node_type_id') ?? '',
    workers:
      autoscale === undefined
        ? { min: fixed, max: fixed }
        : { min: count(member(autoscale, 'min_workers')) ?? 1, max: count(member(autoscale, 'max_workers')) ?? 1 },
    sparkConf: new Map(textMembers(member(cluster, 'spark_conf'))),
    sparkVersion: textAt(cluster, 'spark_version') ?? '',
    logDestination:
      textAt(cluster, 'cluster_log_conf', 'dbfs', 'destination') ??
      textAt(cluster, 'cluster_log_conf', 'volumes', 'destination') ??
      null,
    clusterKey,
  };
}

function count(value: Json | undefined): number | undefined {
  const digits = digitsAt(value);
  return digits === undefined ? undefined : Number(digits);
}

function textMembers(value: Json | undefined): (readonly [string, string])[] {
  if (!isObject(value)) return [];
  return [...value].map(([key, entry]) => [key, entry instanceof Lexeme ? entry.text : String(entry)] as const);
}
