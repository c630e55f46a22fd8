/** How long a workspace takes for what no setting of a job says, in milliseconds. */
export interface Pace {
  /** From the request to cancel a run to its end. */
  readonly cancel: number;
  /** Between two runs of a continuous job. */
  readonly pause: number;
  /** Until a job cluster has started. */
  readonly clusterStart: number;
}

export const usualPace: Pace = { cancel: 10_000, pause: 30_000, clusterStart: 240_000 };

/** For a rehearsal on real time, where somebody waits: a restart takes seconds. */
export const briskPace: Pace = { cancel: 1000, pause: 1000, clusterStart: 3000 };
