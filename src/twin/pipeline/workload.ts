import type { SmallSide } from './broadcast.ts';
import type { StageWork } from './stage.ts';

/** What a batch job's data is at a time: bytes to scan, bytes shuffled, the share of one hot key. */
export interface BatchInput {
  readonly scanBytes: number;
  readonly shuffleBytes: number;
  readonly hotShare: number;
  /** Absent where no side of the join is small enough to be broadcast. */
  readonly smallSide?: SmallSide;
}

/** A batch workload: scan, shuffle, write; a pure function of time says how much there is to do. */
export interface BatchWorkload {
  readonly kind: 'batch';
  readonly taskKey: string;
  readonly operation: 'join' | 'aggregate';
  readonly scan: StageWork;
  readonly shuffle: StageWork;
  readonly input: (at: Date) => BatchInput;
}

/** A streaming workload: records a second produced to each partition, and records a second that one core can read. */
export interface StreamWorkload {
  readonly kind: 'stream';
  readonly source: 'kafka' | 'kinesis';
  readonly taskKey: string;
  readonly topic: string;
  readonly group: string;
  readonly partitions: number;
  readonly bytesPerRecord: number;
  readonly recordsPerCore: number;
  readonly triggerSeconds: number;
  readonly produced: (at: Date, partition: number) => number;
}

/** When the twin starts runs of a job by itself; times are UTC. */
export type Schedule =
  | { readonly kind: 'every'; readonly minutes: number; readonly offsetMinutes: number }
  | { readonly kind: 'daily'; readonly hour: number; readonly minute: number }
  | { readonly kind: 'continuous' }
  | { readonly kind: 'none' };

/** The alert that people would have on this workload: what Alertmanager would send, without times. */
export interface WorkloadAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** A job with its data: everything that the twin needs to know to rehearse it. */
export interface Workload {
  readonly name: string;
  readonly jobId: string;
  /** Raw JSON text of JobSettings as it is at the start. */
  readonly settings: string;
  /** A file of the repository whose Spark settings each run takes over at its start: its job reads them from its own checkout. */
  readonly confFile?: string;
  readonly schedule: Schedule;
  /** How long before the start of the rehearsal the job has been running. */
  readonly historyHours: number;
  readonly work: BatchWorkload | StreamWorkload;
  readonly alert: WorkloadAlert;
}
