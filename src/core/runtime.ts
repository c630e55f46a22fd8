/** What a cluster runs: a Databricks runtime and the Spark in it, each as [major, minor]. */
export interface Runtime {
  readonly databricks: Version;
  readonly spark: Version;
}

export type Version = readonly [major: number, minor: number];

/** The first runtime of each Spark line (Databricks, "Databricks Runtime release notes versions and compatibility"). */
const FIRST_WITH: readonly (readonly [databricks: Version, spark: Version])[] = [
  [
    [17, 0],
    [4, 0],
  ],
  [
    [14, 0],
    [3, 5],
  ],
  [
    [13, 0],
    [3, 4],
  ],
  [
    [11, 0],
    [3, 3],
  ],
  [
    [10, 0],
    [3, 2],
  ],
  [
    [8, 0],
    [3, 1],
  ],
  [
    [7, 0],
    [3, 0],
  ],
  [
    [5, 0],
    [2, 4],
  ],
];

/** The runtime that a cluster's `spark_version` names; null for custom images, `auto:…` and whatever else does not say a version. */
export function runtimeOf(sparkVersion: string | null): Runtime | null {
  const found = /^(\d{1,3})\.(\d{1,3})\.x-/.exec(sparkVersion ?? '');
  if (found === null) return null;
  const databricks: Version = [Number(found[1]), Number(found[2])];
  const line = FIRST_WITH.find(([first]) => isAtLeast(databricks, first));
  return line ? { databricks, spark: line[1] } : null;
}

export function isAtLeast([major, minor]: Version, [least, than]: Version): boolean {
  return major > least || (major === least && minor >= than);
}
