import type { Bundle, BundleFile } from '../../src/core/bundle/bundle.ts';
import { parseSelector } from '../../src/core/selector.ts';
import type { SelectorStep } from '../../src/model/change.ts';

export const ROOT = 'jobs/bundle/databricks.yml';
export const JOB = 'jobs/bundle/resources/ledger.yml';
/** From the job's settings. */
export const WORKERS = 'job_clusters[job_cluster_key=main].new_cluster.num_workers';
export const IN_JOB = 'resources.jobs.ledger';

/** A text with `${var.x}` in it, where this file's own templates would read one. */
export const use = (name: string) => `\${var.${name}}`;

/** The job's file: one cluster with so many workers, and more lines at the job's and at the file's level. */
export function jobFile(workers: string, job = '', file = ''): BundleFile {
  const cluster = `new_cluster: {node_type_id: m5.xlarge, spark_conf: {spark.sql.shuffle.partitions: "320"}}`;
  const text = `resources:
  jobs:
    ledger:
      name: ledger-rollup
${job}      tasks: [{task_key: rollup, job_cluster_key: main}]
      job_clusters:
        - job_cluster_key: main
          new_cluster:
            node_type_id: m5.2xlarge
            num_workers: ${workers}
        - job_cluster_key: side
          ${cluster}
${file}`;
  return { path: JOB, text };
}

/** The bundle's root: its variables and what its targets say, each as YAML in one line. */
export function rootFile(variables: string, prod = '{}', dev = '{}', rest = ''): BundleFile {
  return {
    path: ROOT,
    text: `bundle: {name: finance}\nvariables: ${variables}\ntargets:\n  dev: ${dev}\n  prod: ${prod}\n${rest}`,
  };
}

/** What a target says of the cluster's workers. */
export const override = (workers: string) =>
  `{resources: {jobs: {ledger: {job_clusters: [{job_cluster_key: main, new_cluster: {num_workers: ${workers}}}]}}}}`;

export function bundleIn(...files: readonly BundleFile[]): Bundle {
  return { resource: 'ledger', bundleTarget: 'prod', files, names: null };
}

export function stepsOf(selector: string): readonly SelectorStep[] {
  const steps = parseSelector(selector);
  if (!steps.ok) throw new Error(selector);
  return steps.value;
}
