/** How a label must look for a target to match: equal to a text, or wholly matching a regular expression. */
export type LabelMatcher =
  | { readonly label: string; readonly op: '='; readonly value: string }
  | { readonly label: string; readonly op: '=~'; readonly value: string };

export type TargetKind = 'job-json' | 'bundle' | 'spark-conf' | 'file';

/** Which Databricks job a target stands for: its id (int64 as text), its exact unique name, or a bundle's resource key. */
export type JobReference =
  | { readonly by: 'id'; readonly id: string }
  | { readonly by: 'name'; readonly name: string }
  | { readonly by: 'bundle'; readonly resource: string; readonly bundleTarget: string };

/** One thing that Sluice may change, as written under `targets` in .github/sluice.yml. */
export interface Target {
  readonly name: string;
  /** Line of this target in the config file, for explanations. */
  readonly line: number;
  readonly match: readonly LabelMatcher[];
  readonly files: readonly string[];
  readonly kind: TargetKind;
  readonly appliedBy: 'sluice' | 'pipeline' | 'merge';
  readonly workspace: string | null;
  readonly job: JobReference | null;
  readonly taskKey: string | null;
  readonly clusterKey: string | null;
  readonly rerun: 'never' | 'repair' | 'run-now';
  /** True for a job whose runs do not end by themselves; it is verified after `settle`, not by its next run. */
  readonly streaming: boolean;
}
