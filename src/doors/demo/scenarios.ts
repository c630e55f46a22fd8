import type { WorkloadName } from '../../twin/pipeline/workloads.ts';

/** How a scenario must end; the demo's exit code says whether it did. */
export interface Ending {
  readonly incident: 'open' | 'closed' | 'not_planned';
  readonly merged: boolean;
  readonly writes: number;
  readonly verdict: 'improved' | 'worse' | 'unchanged' | null;
  readonly rollbackProposed: boolean;
  /** Settings afterwards compared with before. */
  readonly settings: 'changed' | 'as before';
  /** While nothing could be judged yet, the issue said when to expect it. */
  readonly awaited: boolean;
}

export interface Scenario {
  readonly name: string;
  readonly tells: string;
  readonly workload: WorkloadName;
  /** Who says `/approve <sha>`, in order. */
  readonly approvers: readonly string[];
  /** Minutes of twin time that pass before somebody approves. */
  readonly thinkingMinutes: number;
  /** Minutes between two looks at a pipeline that has to show whether the change helped; 45 unless given. */
  readonly lookAgainMinutes?: number;
  readonly files?: Readonly<Record<string, string | null>>;
  readonly ending: Ending;
}

const fixed: Ending = {
  incident: 'closed',
  merged: true,
  writes: 1,
  verdict: 'improved',
  rollbackProposed: false,
  settings: 'changed',
  awaited: true,
};
const untouched: Ending = {
  incident: 'open',
  merged: false,
  writes: 0,
  verdict: null,
  rollbackProposed: false,
  settings: 'as before',
  awaited: false,
};

export const SCENARIOS: readonly Scenario[] = [
  {
    name: 'kafka-lag',
    tells: 'A Kafka consumer falls behind because it has too few cores; workers are added and the lag drains.',
    workload: 'lag',
    approvers: ['olga'],
    thinkingMinutes: 4,
    ending: fixed,
  },
  {
    name: 'spark-skew',
    tells: 'One customer owns too many rows of a join; AQE is allowed to split its partition again.',
    workload: 'skew',
    approvers: ['olga'],
    thinkingMinutes: 4,
    ending: fixed,
  },
  {
    name: 'databricks-oom',
    tells: 'A nightly join runs out of memory on twice its data; smaller shuffle partitions fit again.',
    workload: 'oom',
    approvers: ['olga'],
    thinkingMinutes: 4,
    ending: fixed,
  },
  {
    name: 'bad-fix',
    tells: 'The approved remedy does not help; the inverse that was approved with it goes back in by itself.',
    workload: 'bad',
    approvers: ['olga'],
    thinkingMinutes: 4,
    ending: {
      incident: 'open',
      merged: true,
      writes: 2,
      verdict: 'unchanged',
      rollbackProposed: true,
      settings: 'as before',
      awaited: true,
    },
  },
  {
    name: 'not-owner',
    tells: 'Somebody with write access, but no owner, says /approve: nothing moves, and the answer says why.',
    workload: 'oom',
    approvers: ['wendy'],
    thinkingMinutes: 4,
    ending: untouched,
  },
  {
    name: 'healthy',
    tells: 'The alert fired on a blip that is over: no change, and the issue is closed with the evidence.',
    workload: 'healthy',
    approvers: [],
    thinkingMinutes: 0,
    ending: { ...untouched, incident: 'not_planned' },
  },
  {
    name: 'nightly',
    tells: 'The job must not run twice, and its next run is 23 hours away: nothing waits in between, and the next night judges.',
    workload: 'nightly',
    approvers: ['olga'],
    thinkingMinutes: 4,
    lookAgainMinutes: 360,
    ending: fixed,
  },
  {
    name: 'bundle-deploy',
    tells:
      'The job belongs to a bundle: its own pipeline deploys what was merged; Sluice waits for it, writes nothing and verifies.',
    workload: 'bundle',
    approvers: ['olga'],
    thinkingMinutes: 4,
    lookAgainMinutes: 120,
    ending: { ...fixed, writes: 0 },
  },
  {
    name: 'conf-merge',
    tells:
      'The job takes its Spark settings from a file at each run: the merge is the apply, and the next run shows that it helped.',
    workload: 'conf',
    approvers: ['olga'],
    thinkingMinutes: 4,
    lookAgainMinutes: 180,
    ending: { ...fixed, writes: 0, settings: 'as before' },
  },
];

/** What `npm run demo` shows without a name. */
export const SHOWN_FIRST = ['kafka-lag', 'spark-skew', 'databricks-oom'];
