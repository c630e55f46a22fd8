import { isObject, type Json, type JsonObject, listAt, member, parseJson, writeJson } from './json.ts';
import type { LiveJobs } from './pipeline.ts';
import type { Workload } from './workload.ts';

/** The repository's files as they are now; null where there is none of that path. */
export type RepositoryFiles = (path: string) => string | null;

/**
 * Jobs as runs see them: one whose code takes its Spark settings from a file runs with what that file says at its start. Only `spark.sql.*`
 * can be set by a session that is up; the rest of the file is for clusters that start with it.
 */
export function takingConf(jobs: LiveJobs, workloads: readonly Workload[], files: RepositoryFiles = () => null): LiveJobs {
  return {
    nodeTypes: jobs.nodeTypes,
    settingsText: (jobId) => {
      const settings = jobs.settingsText(jobId);
      const path = workloads.find((one) => one.jobId === jobId)?.confFile;
      const conf = path === undefined ? null : files(path);
      return settings === undefined || conf === null ? settings : withConf(settings, sessionConf(conf));
    },
  };
}

function sessionConf(text: string): readonly (readonly [string, string])[] {
  return text.split('\n').flatMap((line) => {
    const [, key, value] = /^\s*(spark\.sql\.[\w.]+)\s+(\S+)\s*$/.exec(line) ?? [];
    return key === undefined || value === undefined ? [] : [[key, value] as const];
  });
}

function withConf(settings: string, conf: readonly (readonly [string, string])[]): string {
  const job = parseJson(settings);
  if (!isObject(job)) return settings;
  const clusters = listAt(job, 'job_clusters').map((entry) => {
    const cluster = member(entry, 'new_cluster');
    if (!isObject(entry) || !isObject(cluster)) return entry;
    const old = member(cluster, 'spark_conf');
    return changed(entry, 'new_cluster', changed(cluster, 'spark_conf', new Map([...(isObject(old) ? old : []), ...conf])));
  });
  return writeJson(changed(job, 'job_clusters', clusters));
}

function changed(object: JsonObject, key: string, value: Json): JsonObject {
  return new Map([...object, [key, value]]);
}
