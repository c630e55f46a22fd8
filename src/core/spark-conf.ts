import type { Outcome } from '../model/reason.ts';
import type { RemedyEdit } from '../model/runbook.ts';
import type { JobFacts } from './job-facts.ts';
import { refuse } from './refuse.ts';
import { isNodeType, optionRange } from './setting-value.ts';
import { effectiveConf, idleBecause } from './spark-conf-effect.ts';
import type { SparkKey } from './spark-conf-table.ts';
import { readerOptions, refusedSparkKeys, serverlessKeys, sparkKeys } from './spark-conf-table.ts';
import { isWrongWay, measure, rangeOf, typed } from './spark-value.ts';

/** What the file will hold: conf and parameters are texts, cluster fields keep their own type. */
export type NewValue = string | number;

type Verdict = Outcome<NewValue, 'key_forbidden' | 'type_mismatch' | 'no_surface' | 'no_effect' | 'limit_exceeded'>;

const CPUS = 'spark.task.cpus';
const CORES = 'spark.executor.cores';

/** Fields of a job cluster that a proposal may set. */
export const clusterFields: ReadonlySet<string> = new Set([
  'num_workers',
  'autoscale.min_workers',
  'autoscale.max_workers',
  'node_type_id',
]);

/**
 * Whether an edit can do anything for this job, and the value as it is written. Refused are keys that are not on the allow-list, values of
 * another type or out of range, values already in force (`no_effect`: AQE on, spark.memory.fraction 0.6), and edits that cannot
 * reach the job: serverless and existing clusters (`no_surface`), options pinned in a checkpoint, AQE in a stream, Photon (`no_effect`).
 */
export function judgeEdit(edit: RemedyEdit, value: number | string | boolean, job: JobFacts): Verdict {
  if (edit.surface === 'spark-conf') return judgeConf(edit.key, value, job);
  if (edit.surface === 'cluster') return judgeCluster(edit.field, value, job);
  if (edit.surface === 'parameter') return judgeParameter(edit.name, value, job);
  return typeof value === 'boolean'
    ? refuse('type_mismatch', edit.pointer, 'a number or a text', String(value))
    : { ok: true, value };
}

/** Why a key may never be written; null when it is on the allow-list. `sluice check` and the gate ask this too. */
export function keyForbidden(key: string): string | null {
  const refused = refusedSparkKeys.find(([pattern]) =>
    pattern.endsWith('*') ? key.startsWith(pattern.slice(0, -1)) : key === pattern,
  );
  if (refused !== undefined) return refused[1];
  return Object.hasOwn(sparkKeys, key) ? null : 'is not on the allow-list';
}

function judgeConf(key: string, value: number | string | boolean, job: JobFacts): Verdict {
  const why = keyForbidden(key);
  const known = sparkKeys[key];
  if (why !== null || known === undefined) return refuse('key_forbidden', key, 'a key on the allow-list', `${key} ${why}`);
  if (job.cluster.serverless) return refuse('no_surface', key, 'a cluster with spark_conf', onServerless(key));
  if (job.cluster.base === null)
    return refuse('no_surface', key, 'a cluster of the job', 'an existing cluster that others share');
  const text = typed(known, value);
  if (text === null) return refuse('type_mismatch', key, rangeOf(known), String(value));
  const idle = idleBecause(key, text, job);
  if (idle !== null) return refuse('no_effect', key, idle.expected, idle.observed);
  const startable = judgeCores(key, Number(text), job);
  return startable.ok ? judgeDirection(key, known, text, effectiveConf(key, job)) : startable;
}

/** No executor starts that is larger than its node, and no task that is larger than its executor. What is not known (NaN) refuses nothing. */
function judgeCores(key: string, value: number, job: JobFacts): Outcome<number, 'limit_exceeded'> {
  const set = (other: string) => Number(effectiveConf(other, job) ?? Number.NaN);
  const { node, nodeType } = job.cluster;
  if (key !== CPUS && key !== CORES) return { ok: true, value };
  if (node !== null && value > node.cores)
    return refuse('limit_exceeded', key, `at most the ${node.cores} cores of ${nodeType}`, String(value));
  if (key === CPUS && value > set(CORES)) return refuse('limit_exceeded', key, `at most ${CORES}, ${set(CORES)}`, String(value));
  if (key === CORES && value < set(CPUS)) return refuse('limit_exceeded', key, `at least ${CPUS}, ${set(CPUS)}`, String(value));
  return { ok: true, value };
}

function onServerless(key: string): string {
  return serverlessKeys.includes(key)
    ? 'serverless compute has none; its code may set this key (spark.conf.set)'
    : 'serverless compute has none, and refuses this key from code, too';
}

function judgeDirection(key: string, known: SparkKey, text: string, current: string | null): Verdict {
  const [next, now] = [measure(known, text), current === null ? null : measure(known, current)];
  if (text === current || (next !== null && next === now)) return refuse('no_effect', key, `another value than ${current}`, text);
  return current !== null && isWrongWay(known, current, text)
    ? refuse('key_forbidden', key, `only ${known.only} from ${current}`, text)
    : { ok: true, value: text };
}

function judgeCluster(field: string, value: number | string | boolean, job: JobFacts): Verdict {
  const { cluster } = job;
  if (!clusterFields.has(field)) return refuse('key_forbidden', field, [...clusterFields].join(', '), field);
  if (cluster.base === null)
    return refuse('no_surface', field, 'a cluster of the job', cluster.serverless ? 'serverless compute' : 'an existing cluster');
  if (field === 'node_type_id') return judgeNodeType(value, job);
  if (cluster.sparkConf['spark.databricks.cluster.profile'] === 'singleNode')
    return refuse('no_surface', field, 'a cluster with workers', 'a single node: its driver does all the work');
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 1)
    return refuse('type_mismatch', field, 'a whole number from 1', String(value));
  if (field === 'num_workers' && cluster.autoscale !== null)
    return refuse('no_surface', field, 'a fixed size', 'the cluster autoscales');
  if (field !== 'num_workers' && cluster.autoscale === null)
    return refuse('no_surface', field, 'autoscale', 'the cluster has a fixed size');
  const now =
    field === 'num_workers'
      ? cluster.fixedWorkers
      : field === 'autoscale.min_workers'
        ? cluster.autoscale?.min
        : cluster.autoscale?.max;
  if (value === now) return refuse('no_effect', field, `another value than ${now}`, String(value));
  if (field === 'autoscale.min_workers' && value > (cluster.autoscale?.max ?? value))
    return refuse('type_mismatch', field, 'at most max_workers', String(value));
  if (field === 'autoscale.max_workers' && value < (cluster.autoscale?.min ?? value))
    return refuse('type_mismatch', field, 'at least min_workers', String(value));
  return { ok: true, value };
}

function judgeNodeType(value: number | string | boolean, { cluster }: JobFacts): Verdict {
  if (typeof value !== 'string' || !isNodeType(value))
    return refuse('type_mismatch', 'node_type_id', 'a node type id', String(value));
  if (cluster.pool !== null)
    return refuse('no_surface', 'node_type_id', 'a cluster without an instance pool', `pool ${cluster.pool} decides the type`);
  if (value === cluster.nodeType) return refuse('no_effect', 'node_type_id', `another type than ${value}`, value);
  return { ok: true, value };
}

function judgeParameter(name: string, value: number | string | boolean, job: JobFacts): Verdict {
  const option = Object.hasOwn(readerOptions, name) ? readerOptions[name] : undefined;
  if (option === undefined) return refuse('key_forbidden', name, Object.keys(readerOptions).join(', '), name);
  const now = job.parameters[name];
  if (now === undefined) return refuse('no_surface', name, 'a job parameter of this name', 'none: the option is set in the code');
  if (typeof value !== 'number' || value < option.min || value > option.max || (option.integer && !Number.isInteger(value))) {
    return refuse('type_mismatch', name, optionRange(option), String(value));
  }
  return Number(now) === value
    ? refuse('no_effect', name, `another value than ${now}`, String(value))
    : { ok: true, value: String(value) };
}
