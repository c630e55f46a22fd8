import type { JobShape } from './job.ts';
import type { NodeType } from './node-types.ts';
import type { Capacity, StreamState } from './stream.ts';
import { capacityOf, stepStream, streamTask } from './stream.ts';
import type { StreamWorkload, Workload } from './workload.ts';

/** Milliseconds between two states that are kept, and between two scrapes. */
export const sampleEvery = 15_000;

/** A stream's state at every scrape since its history began. */
export interface StreamHistory {
  readonly workload: Workload;
  readonly work: StreamWorkload;
  /** The state at the last step at or before this instant; undefined before the history. */
  at(millis: number): StreamMoment | undefined;
  /** Moves on to this tick under the settings of the run that is up, if any. */
  step(tick: number, job: JobShape | null, nodes: readonly NodeType[]): void;
}

export interface StreamMoment {
  readonly state: StreamState;
  readonly running: boolean;
  readonly capacity: Capacity | null;
  /** Records a second written to each partition. */
  readonly rates: readonly number[];
}

export function createStreamHistory(workload: Workload, since: number): StreamHistory | undefined {
  const { work } = workload;
  if (work.kind !== 'stream') return undefined;
  const first = Math.ceil(since / sampleEvery) * sampleEvery;
  const zero = Array.from({ length: work.partitions }, (_, partition) => 1_000_000 + partition * 1000);
  const moments: StreamMoment[] = [];
  return {
    workload,
    work,
    at: (millis) => moments[Math.min(Math.floor((millis - first) / sampleEvery), moments.length - 1)],
    step: (tick, job, nodes) => {
      if (tick < first) return;
      const rates = zero.map((_, partition) => work.produced(new Date(tick), partition));
      const last = moments.at(-1)?.state ?? { produced: zero, consumed: zero };
      const capacity = job === null ? null : capacityIn(job, work, nodes);
      moments.push({
        state: stepStream(last, rates, capacity, sampleEvery / 1000, work.triggerSeconds / 2),
        running: capacity !== null,
        capacity,
        rates,
      });
    },
  };
}

function capacityIn(job: JobShape, work: StreamWorkload, nodes: readonly NodeType[]): Capacity | null {
  const task = streamTask(job, work);
  const node = nodes.find((type) => type.nodeTypeId === task?.cluster?.nodeTypeId);
  return task === undefined || node === undefined ? null : capacityOf(work, task, node);
}

export function lagOf(moment: StreamMoment): readonly number[] {
  return moment.state.produced.map((produced, partition) =>
    Math.max(0, produced - (moment.state.consumed[partition] ?? produced)),
  );
}
