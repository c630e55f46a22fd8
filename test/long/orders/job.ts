import { readFileSync } from 'node:fs';
import { recordPath } from '../../../src/core/record.ts';

export const JOB_FILE = 'jobs/orders-nightly.json';
export const JOB_TEXT = readFileSync(JOB_FILE, 'utf8');
export const RECORD_FILE = recordPath(1, 1);
export const SELECTOR = 'job_clusters[job_cluster_key=main].new_cluster.spark_conf["spark.sql.shuffle.partitions"]';

/** The job file with another number of partitions. */
export function withPartitions(text: string, partitions: string): string {
  return text.replace(/("spark\.sql\.shuffle\.partitions": )"\d+"/, `$1"${partitions}"`);
}
