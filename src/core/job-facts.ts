import type { Node } from 'jsonc-parser';
import type { NodeType } from '../model/job.ts';
import type { Outcome } from '../model/reason.ts';
import type { ClusterFacts, TargetPart } from './cluster-facts.ts';
import { clusterOf } from './cluster-facts.ts';
import type { Facts, Vocabulary } from './expression.ts';
import { listAt, nodeAt, numberAt, settingsTree, textAt } from './job-settings.ts';

export interface JobFacts {
  readonly name: string;
  /** Its runs do not end by themselves: continuous, a streaming backlog rule, or the target says so. */
  readonly streaming: boolean;
  /** Databricks starts its next run by itself. */
  readonly continuous: boolean;
  readonly taskKey: string | null;
  readonly maxRetries: number | null;
  /** After which Databricks ends a run, by its task or its job, whichever is shorter; 0: never. */
  readonly timeoutSeconds: number | null;
  readonly parameters: Readonly<Record<string, string>>;
  readonly cluster: ClusterFacts;
}

const gib = 1024;
/** Spark's own default of spark.sql.shuffle.partitions. */
const defaultPartitions = 200;

/**
 * Job settings (the JSON text of jobs/get's `settings`, of {job_id, settings} or {job_id, new_settings}) as facts about the target's
 * task and cluster. Several clusters and no word in the target about which: `no_surface`. Unknown node types stay null.
 */
export function jobFacts(settings: string, part: TargetPart, nodeTypes: readonly NodeType[]): Outcome<JobFacts> {
  const whole = settingsTree(settings);
  if (whole === null) {
    return {
      ok: false,
      reason: { code: 'parse_failed', subject: 'settings', expected: 'a JSON object', observed: 'something else' },
    };
  }
  const root = rootOf(whole);
  const task = taskOf(listAt(root, 'tasks'), part.taskKey);
  if (part.taskKey !== null && task === undefined) {
    const subject = `tasks[task_key=${part.taskKey}]`;
    return { ok: false, reason: { code: 'pointer_missing', subject, expected: 'one task', observed: 'none' } };
  }
  const cluster = clusterOf(root, task, part, nodeTypes);
  if (!cluster.ok) return cluster;
  return {
    ok: true,
    value: {
      name: textAt(root, 'name') ?? '',
      streaming: part.streaming || nodeAt(root, 'continuous') !== undefined || hasBacklogRule(root),
      continuous: isContinuous(root),
      taskKey: textAt(task, 'task_key') ?? part.taskKey,
      maxRetries: numberAt(task, 'max_retries'),
      timeoutSeconds: timeoutOf(root, task),
      parameters: parametersOf(root),
      cluster: cluster.value,
    },
  };
}

/** Whether Databricks starts the next run of a job with these settings by itself; what cannot be read does not. */
export function startsByItself(settings: string): boolean {
  const whole = settingsTree(settings);
  return whole !== null && isContinuous(rootOf(whole));
}

/** Databricks takes a missing pause_status for UNPAUSED. */
function isContinuous(root: Node): boolean {
  const { type } = nodeAt(root, 'continuous') ?? { type: 'null' };
  return type === 'object' && (textAt(root, 'continuous', 'pause_status') ?? 'UNPAUSED') === 'UNPAUSED';
}

function rootOf(whole: Node): Node {
  return nodeAt(whole, 'settings') ?? nodeAt(whole, 'new_settings') ?? whole;
}

/** The task that the target names, or the only one. */
function taskOf(tasks: readonly Node[], taskKey: string | null): Node | undefined {
  if (taskKey === null) return tasks.length === 1 ? tasks[0] : undefined;
  return tasks.find((one) => textAt(one, 'task_key') === taskKey);
}

/** 0, like nothing, is no timeout. */
function timeoutOf(root: Node, task: Node | undefined): number {
  const set = [root, task].map((node) => numberAt(node, 'timeout_seconds') ?? 0).filter((seconds) => seconds > 0);
  return set.length === 0 ? 0 : Math.min(...set);
}

function parametersOf(root: Node): Readonly<Record<string, string>> {
  const entries = listAt(root, 'parameters').map((one) => {
    const value = textAt(one, 'default') ?? String(numberAt(one, 'default') ?? '');
    return [textAt(one, 'name') ?? '', value] as const;
  });
  return Object.fromEntries(entries);
}

/** A job of which nothing is known but that it has a cluster; no key is set. */
export const unknownJob: JobFacts = {
  ...{ name: '', streaming: false, continuous: false, taskKey: null, maxRetries: null, timeoutSeconds: null, parameters: {} },
  cluster: {
    ...{ base: [], serverless: false, existing: false, photon: false, sparkConf: {}, tasks: [], logDestination: null },
    ...{ fixedWorkers: null, autoscale: null, nodeType: null, node: null, driver: null, policy: null, pool: null, runtime: null },
  },
};

/** Facts of a job that is only known by its spark-defaults.conf: `key value` or `key=value` a line, the last one wins. */
export function confFacts(text: string, part: TargetPart): JobFacts {
  const lines = text.split(/\r?\n/).map((line) => /^\s*([^#\s=][^\s=]*)(?:\s*=\s*|\s+)(.*?)\s*$/.exec(line));
  const sparkConf = Object.fromEntries(lines.flatMap((found) => (found === null ? [] : [[found[1] ?? '', found[2] ?? '']])));
  return { ...unknownJob, streaming: part.streaming, taskKey: part.taskKey, cluster: { ...unknownJob.cluster, sparkConf } };
}

/** Names for expressions over a job. Everything is null (unknown) when the settings could not be read. */
export const jobVocabulary: Vocabulary = {
  'job.workers': 'double',
  'job.autoscale_min': 'double',
  'job.autoscale_max': 'double',
  'job.autoscales': 'bool',
  'job.node_type': 'string',
  'job.node_memory_gb': 'double',
  'job.node_cores': 'double',
  'job.cores': 'double',
  'job.driver_memory_gb': 'double',
  'job.shuffle_partitions': 'double',
  'job.spark_conf': 'texts',
  'job.parameters': 'texts',
  'job.serverless': 'bool',
  'job.streaming': 'bool',
  'job.photon': 'bool',
  'job.timeout_seconds': 'double',
  'task.key': 'string',
  'task.max_retries': 'double',
};

/** `job.workers` is the fixed size, or the most that autoscale may start; memory in GiB as the node type list says. */
export function factsOfJob(job: JobFacts): Facts {
  const { cluster } = job;
  const workers = cluster.fixedWorkers ?? cluster.autoscale?.max ?? null;
  const cores = cluster.node?.cores ?? null;
  return {
    'job.workers': workers,
    'job.autoscale_min': cluster.autoscale?.min ?? null,
    'job.autoscale_max': cluster.autoscale?.max ?? null,
    'job.autoscales': cluster.autoscale !== null,
    'job.node_type': cluster.nodeType,
    'job.node_memory_gb': cluster.node === null ? null : cluster.node.memoryMb / gib,
    'job.node_cores': cores,
    'job.cores': workers === null || cores === null ? null : workers * cores,
    'job.driver_memory_gb': cluster.driver === null ? null : cluster.driver.memoryMb / gib,
    'job.shuffle_partitions': partitions(cluster.sparkConf['spark.sql.shuffle.partitions']),
    'job.spark_conf': cluster.sparkConf,
    'job.parameters': job.parameters,
    'job.serverless': cluster.serverless,
    'job.streaming': job.streaming,
    'job.photon': cluster.photon,
    'job.timeout_seconds': job.timeoutSeconds,
    'task.key': job.taskKey,
    'task.max_retries': job.maxRetries,
  };
}

/** `auto` is Databricks' own choice at run time: no number is known. */
function partitions(text: string | undefined): number | null {
  if (text === undefined) return defaultPartitions;
  return /^\d+$/.test(text) ? Number(text) : null;
}

function hasBacklogRule(root: Node): boolean {
  return listAt(root, 'health', 'rules').some((rule) => (textAt(rule, 'metric') ?? '').startsWith('STREAMING_BACKLOG'));
}
