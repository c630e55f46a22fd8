import { defaultNodeTypes } from '../../../src/twin/pipeline/node-types.ts';
import type { Pipeline } from '../../../src/twin/pipeline/pipeline.ts';
import { createPipeline } from '../../../src/twin/pipeline/pipeline.ts';
import type { Run } from '../../../src/twin/pipeline/run.ts';
import type { WorkloadName } from '../../../src/twin/pipeline/workloads.ts';
import { jobIds, workload } from '../../../src/twin/pipeline/workloads.ts';

export const start = new Date('2026-11-20T03:00:00Z');

export interface Rehearsal {
  readonly pipeline: Pipeline;
  readonly jobId: string;
  /** Runs the job once with its settings changed by `edit`, to the end. */
  runWith(edit: (cluster: ClusterEdit) => void): Run;
  lagAt(minutes: number): number;
}

export interface ClusterEdit {
  node_type_id: string;
  num_workers?: number;
  autoscale?: { min_workers: number; max_workers: number };
  spark_conf: Record<string, string>;
  parameters: Record<string, string>;
}

interface Settings {
  readonly parameters?: readonly { readonly name: string; readonly default: string }[];
  readonly job_clusters: readonly [{ readonly job_cluster_key: string; readonly new_cluster: ClusterEdit }];
}

export function rehearse(name: WorkloadName): Rehearsal {
  const seeded = workload(name, start);
  const pipeline = createPipeline({ workloads: [seeded], start });
  const jobId = jobIds[name];
  let settings = seeded.settings;
  pipeline.attach({ settingsText: () => settings, nodeTypes: defaultNodeTypes });
  return {
    pipeline,
    jobId,
    runWith: (edit) => {
      settings = edited(settings, edit);
      const runId = pipeline.restart(jobId);
      pipeline.advanceTo(new Date(pipeline.now().getTime() + 4 * 3_600_000));
      const run = pipeline.run(runId);
      if (run === undefined) throw new Error('the run is gone');
      return run;
    },
    lagAt: (minutes) => {
      const moment = pipeline.streams()[0]?.at(start.getTime() + minutes * 60_000);
      if (moment === undefined) throw new Error('no such moment');
      return moment.state.produced.reduce(
        (sum, produced, partition) => sum + produced - (moment.state.consumed[partition] ?? 0),
        0,
      );
    },
  };
}

export function edited(text: string, edit: (cluster: ClusterEdit) => void): string {
  const settings: Settings = JSON.parse(text);
  const [entry] = settings.job_clusters;
  const cluster = {
    ...entry.new_cluster,
    parameters: Object.fromEntries((settings.parameters ?? []).map((one) => [one.name, one.default])),
  };
  edit(cluster);
  const { parameters, ...rest } = cluster;
  const list = Object.entries(parameters).map(([name, value]) => ({ name, default: value }));
  return JSON.stringify({
    ...settings,
    ...(settings.parameters === undefined ? {} : { parameters: list }),
    job_clusters: [{ ...entry, new_cluster: rest }],
  });
}
