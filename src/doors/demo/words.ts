import type { Run } from '../../twin/actions/runner.ts';
import type { TwinWrite } from '../../twin/databricks/server.ts';

/** Where the change stands after a run of the Action, by the decision that it gave out. */
const DECISIONS: Readonly<Record<string, string>> = {
  'awaiting-run': 'the change is in force; nothing has shown yet whether it helps',
  waiting: 'merged, and the team’s own pipeline has not deployed it yet',
  verified: 'the change helped',
  'rolled-back': 'the change did not help; the job has its old settings again',
  'rollback-due': 'the change did not help; a pull request has to take it back',
  inconclusive: 'nobody can tell whether the change helped',
  applied: 'the change is in force',
  refused: 'it may not go on',
  'dry-run': 'looked at, and nothing written',
};

const WRITES: Readonly<Record<string, string>> = {
  'jobs/reset': 'the Action writes the job’s settings to Databricks',
  'jobs/run-now': 'the Action starts a run in Databricks',
  'jobs/runs/repair': 'the Action repairs the failed run in Databricks',
  'jobs/runs/cancel': 'the Action stops the active run of the stream in Databricks: its next run has the new settings',
};

/** What a run of the Action said for itself: a sentence, and the codes that it gave out or its own words when it failed. */
export function runWords(run: Run): readonly [string, string] {
  const { decision, 'reason-codes': codes } = run.outputs;
  const by = `the Action, on ${run.event}`;
  if (!decision) return [`${by}: it failed`, [run.state, run.reason, run.stdout, run.stderr].filter(Boolean).join('\n')];
  return [`${by}: ${DECISIONS[decision] ?? decision}`, codes ? `${decision} (${codes})` : decision];
}

export function writeWords({ path, jobId }: TwinWrite): readonly [string, string] {
  const call = path.replace(/^\/api\/[\d.]+\//, '');
  return [WRITES[call] ?? 'the Action writes to Databricks', `${call}${jobId ? ` of job ${jobId}` : ''}`];
}

/** Twin time that went by, in whole hours where it is long. */
export function passed(minutes: number): string {
  if (minutes >= 120 && minutes % 60 === 0) return `${minutes / 60} hours pass`;
  return minutes === 1 ? 'a minute passes' : `${minutes} minutes pass`;
}
