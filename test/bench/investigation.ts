import { performance } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import { investigate } from '../../src/flow/investigate.ts';
import type { InvestigationReads } from '../../src/ports.ts';
import type { WorkloadName } from '../../src/twin/pipeline/workloads.ts';
import { inputOf, startRehearsal } from '../support/rehearsal.ts';
import { atMost, inMs, median, type Row } from './measure.ts';

const WORKLOADS = ['lag', 'skew', 'oom'] as const satisfies readonly WorkloadName[];
const ROUNDS = 15;
/** As long as a call to a system in the same region takes; the twin itself answers in a few milliseconds. */
const DISTANCE_MS = 150;

/** From the signal to the plan by the engine, over HTTP to the twin: alone, and with the distance of a real system before each read. */
export async function investigationRows(): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const name of WORKLOADS) {
    const near = await measured(name, 0);
    const far = await measured(name, DISTANCE_MS);
    const note = ` (${inMs(far.total)}; slowest read ${inMs(far.slowest)})`;
    rows.push(
      atMost(`investigation → plan, ${name}, p50 of ${ROUNDS}`, near.total, 400, ' ms', ` (slowest read ${inMs(near.slowest)})`),
      atMost(`  … with ${DISTANCE_MS} ms before each read`, far.total / far.slowest, 1.3, ' × its slowest read', note),
    );
  }
  return rows;
}

async function measured(name: WorkloadName, distance: number): Promise<{ readonly total: number; readonly slowest: number }> {
  const { plant, reads, clock } = await startRehearsal([name]);
  try {
    const [totals, slowests]: [number[], number[]] = [[], []];
    for (let round = -2; round < ROUNDS; round++) {
      const taken: number[] = [];
      const input = inputOf(name, plant);
      const begun = performance.now();
      const { plan } = await investigate(input, observed(reads, distance, taken), clock);
      if (plan?.kind !== 'change') throw new Error(`${name}: no change was planned`);
      if (round < 0) continue;
      totals.push(performance.now() - begun);
      slowests.push(Math.max(...taken));
    }
    return { total: median(totals), slowest: median(slowests) };
  } finally {
    await plant.close();
  }
}

/** The same ports; each read takes `distance` longer, and `taken` hears how long it was. */
function observed(reads: InvestigationReads, distance: number, taken: number[]): InvestigationReads {
  const { metrics, workspace, stages } = reads;
  const timed =
    <In extends readonly unknown[], Out>(read: (...given: In) => Promise<Out>) =>
    async (...given: In): Promise<Out> => {
      const begun = performance.now();
      if (distance > 0) await wait(distance);
      const answer = await read(...given);
      taken.push(performance.now() - begun);
      return answer;
    };
  return {
    metrics: metrics && { instant: timed(metrics.instant), range: timed(metrics.range) },
    workspace: workspace && {
      ...workspace,
      job: timed(workspace.job),
      jobsNamed: timed(workspace.jobsNamed),
      runs: timed(workspace.runs),
      run: timed(workspace.run),
      details: {
        taskError: timed(workspace.details.taskError),
        clusterEvents: timed(workspace.details.clusterEvents),
        nodeTypes: timed(workspace.details.nodeTypes),
      },
    },
    stages: stages && { stages: timed(stages.stages) },
  };
}
