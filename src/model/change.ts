/** One step inside a document. A natural key picks the one array element whose field has that value; an index is refused. */
export type SelectorStep = { readonly key: string } | { readonly where: string; readonly equals: string };

/**
 * One value in one file. Lexemes are the exact source text of the value's token (`"400"`, `8`), so that int64 and 1.0 survive;
 * null is "not there": old null adds the key, new null removes it.
 */
export interface Change {
  readonly file: string;
  /** `job_clusters[job_cluster_key=main].new_cluster.spark_conf["spark.sql.shuffle.partitions"]`; for a .conf file the key itself. */
  readonly selector: string;
  readonly old: string | null;
  readonly new: string | null;
}

/** A change with why it is made. */
export interface ReasonedChange extends Change {
  readonly reason: string;
  readonly evidence: readonly string[];
}

/** What an `action` plan asks Databricks to do. */
export type JobAction =
  | { readonly do: 'repair'; readonly runId: string }
  | { readonly do: 'run-now'; readonly parameters: Readonly<Record<string, string>> }
  | { readonly do: 'cancel'; readonly runId: string };
