import type { Limits } from '../model/config.ts';
import type { Diagnosis } from '../model/diagnosis.ts';
import type { Evidence } from '../model/evidence.ts';
import type { Job, Run } from '../model/job.ts';
import type { Known } from '../model/known.ts';
import type { Runbook } from '../model/runbook.ts';
import type { Target } from '../model/target.ts';
import type { JobFacts } from './job-facts.ts';

/** Everything a plan is made from; gathered by flow/investigate.ts, or by a test. */
export interface PlanInputs {
  readonly runbook: Runbook;
  /** Blob id of the runbook's file, for the record. */
  readonly blob: string | null;
  readonly diagnosis: Diagnosis;
  readonly evidence: readonly Evidence[];
  readonly target: Target;
  /** The live job where it could be read; null when the target has none. */
  readonly live: Known<Job> | null;
  /** Facts of the live job, or of the file where there is no live job. */
  readonly job: Known<JobFacts>;
  /** The workspace's node types, which tell cores and memory: why not, where they could not be read. */
  readonly nodeTypes: Known<unknown>;
  /** The target's files at the base, as they are. */
  readonly files: readonly { readonly path: string; readonly text: string }[];
  readonly parameters: Readonly<Record<string, string>>;
  readonly limits: Limits;
  /** The latest run that succeeded or failed. */
  readonly latestRun: Run | null;
  /** Seconds of a usual successful run, else of the latest; null when no run is known. */
  readonly runSeconds: number | null;
  /** Values of the verification's checks as read now, by the check's name. */
  readonly baseline: Readonly<Record<string, number | null>>;
}
