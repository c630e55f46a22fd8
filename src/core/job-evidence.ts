import type { Known } from '../model/known.ts';
import type { Runbook } from '../model/runbook.ts';
import type { UnnumberedEvidence } from './gathered.ts';
import { factsOfJob, type JobFacts } from './job-facts.ts';

/** How long a usual run takes, as evidence names it: the cost of a step rests on it and on the workers. */
export const USUAL_RUN = 'job.usual_run_seconds';

/** Where the facts of a job come from: `query` is the call or the file, `at` the ISO instant at which it was read. */
export interface JobSource {
  readonly source: 'databricks' | 'git';
  readonly query: string;
  readonly at: string;
}

/**
 * Facts of the job that the runbook's rules and remedies or the cost of a step name, as evidence: a number from the settings is cited like
 * any other (law 9). What is not set, or not known, is no evidence of anything.
 */
export function jobEvidence(
  runbook: Pick<Runbook, 'diagnose' | 'remedies'>,
  job: Known<JobFacts>,
  runSeconds: number | null,
  { source, query, at }: JobSource,
): readonly UnnumberedEvidence[] {
  if (!job.known) return [];
  const { streaming, parameters, cluster } = job.value;
  const common = { points: [], note: '', at };
  const settings = settingsNamed(runbook, job.value, { parameters, spark_conf: cluster.sparkConf });
  const usual =
    streaming || runSeconds === null
      ? []
      : [
          {
            ...{ name: USUAL_RUN, query: 'jobs/runs/list: median of the last 5 successful runs, else the latest run' },
            ...{ window: 'runs before the alert', unit: 's', value: runSeconds, quality: 'fresh' as const },
            ...{ source: 'databricks' as const, ...common },
          },
        ];
  return [
    ...settings.map(({ name, value, unit }) => ({
      ...{
        name,
        query: `${query}: ${name}`,
        window: 'settings as read',
        unit,
        value,
        quality: 'fresh' as const,
        source,
        ...common,
      },
    })),
    ...usual,
  ];
}

type Texts = Readonly<Record<string, string>>;

function settingsNamed(
  { diagnose, remedies }: Pick<Runbook, 'diagnose' | 'remedies'>,
  job: JobFacts,
  maps: { readonly parameters: Texts; readonly spark_conf: Texts },
) {
  const texts = [
    ...diagnose.map((rule) => rule.when),
    ...remedies.flatMap(({ when, cost, step }) => [when, cost, step.do === 'repair' ? null : (step.value ?? null)]),
  ].filter((text) => text !== null);
  const all = ['job.workers', ...texts].join('\n');
  const facts = factsOfJob(job);
  const names = [...new Set(all.match(/\b(?:job|task)\.[a-z_]+\b/g))].sort();
  // typeof null is 'object', too: unknown, as a map is no single value.
  const plain = names.flatMap((name) => {
    const value = Object.hasOwn(facts, name) ? facts[name] : undefined;
    return value === undefined || typeof value === 'object' ? [] : [{ name, value, unit: UNITS[name] ?? '' }];
  });
  const looked = [...all.matchAll(/\bjob\.(parameters|spark_conf)\["([^"\\]+)"\]/g)].flatMap(([name, map, key = '']) => {
    const texts = map === 'parameters' ? maps.parameters : maps.spark_conf;
    const value = Object.hasOwn(texts, key) ? texts[key] : undefined;
    return value === undefined ? [] : [[name, { name, value, unit: '' }] as const];
  });
  return [...plain, ...new Map(looked).values()];
}

/** Memory as the workspace's node type list tells it, in GiB. */
const UNITS: Readonly<Record<string, string>> = {
  'job.workers': 'workers',
  'job.autoscale_min': 'workers',
  'job.autoscale_max': 'workers',
  'job.node_memory_gb': 'GiB',
  'job.driver_memory_gb': 'GiB',
  'job.node_cores': 'cores',
  'job.cores': 'cores',
  'job.shuffle_partitions': 'partitions',
  'job.timeout_seconds': 's',
};
