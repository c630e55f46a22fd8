import type { Run } from '../../model/job.ts';
import type { Known } from '../../model/known.ts';
import { known, unknown } from '../../model/known.ts';

/** What is told of an application before its stages are read; null where nobody says. */
export interface Candidate {
  readonly id: string;
  readonly name: string | null;
  /** Milliseconds since 1970. */
  readonly started: number | null;
  readonly finished: boolean;
  readonly clusterId: string | null;
  readonly clusterName: string | null;
}

/** Of which run stages are asked for, and by what id or name its application may be known. */
export interface StageQuestion {
  readonly run: Run | null;
  readonly application: string | null;
}

/** The chosen ones, and whether they are so because nothing else is there. */
export interface Chosen<T> {
  readonly applications: readonly T[];
  readonly only: boolean;
}

/** Clocks of a cluster and of its workspace differ a little. */
const slackMs = 60_000;

/**
 * The applications of a run among those that lie in one place: by the cluster that they say they ran on, else those that started while the
 * run went on, else the only one. More than the run had clusters is somebody else's, and then none is taken. Without a run it is the newest
 * finished one that has the asked id or name, or, where none was asked for, the only name there is.
 */
export function applicationsOf<T extends Candidate>(question: StageQuestion, all: readonly T[]): Known<Chosen<T>> {
  const { run, application } = question;
  if (all.length === 0) return unknown('absent: no Spark application is there');
  const asked = all.filter(({ id, name }) => id === application || name === application);
  if (run === null && application !== null && asked.length === 0)
    return unknown(`absent: none of the Spark applications there (${all.length}) is ${application.slice(0, 100)}`);
  return run === null ? newestOf(asked.length > 0 ? asked : all) : ofTheRun(run, asked.length > 0 ? asked : all);
}

function ofTheRun<T extends Candidate>(run: Run, all: readonly T[]): Known<Chosen<T>> {
  const clusters = new Set(run.tasks.flatMap((task) => task.clusterId ?? []));
  const byCluster = all.filter(({ clusterId }) => clusterId !== null && clusters.has(clusterId));
  if (byCluster.length > 0) return known({ applications: byCluster, only: false });
  const byRun = all.filter(({ clusterName }) => clusterName?.startsWith(`job-${run.jobId}-run-${run.id}-`));
  if (byRun.length > 0) return known({ applications: byRun, only: false });
  const others = all.filter(({ clusterId }) => clusterId === null || clusters.size === 0);
  const during = others.filter(({ started }) => startedDuring(run, started));
  if (during.length > Math.max(1, clusters.size))
    return unknown(
      `unreadable: ${during.length} Spark applications started during the run (${during
        .map(({ id }) => id)
        .join(', ')
        .slice(0, 200)})`,
    );
  if (during.length > 0) return known({ applications: during, only: false });
  if (all.length === 1 && others.length === 1) return known({ applications: others, only: true });
  return unknown(
    `absent: none of the Spark applications there (${all.length}) started during run ${run.id} or ran on its clusters`,
  );
}

function newestOf<T extends Candidate>(all: readonly T[]): Known<Chosen<T>> {
  const names = new Set(all.map(({ id, name }) => name ?? id));
  if (names.size > 1)
    return unknown(
      `unreadable: ${all.length} Spark applications are there (${[...names].join(', ').slice(0, 200)}); without a workspace the alert must name one by a label application_id or application_name`,
    );
  const finished = all.filter((one) => one.finished);
  const from = finished.length > 0 ? finished : all;
  const latest = Math.max(...from.map(({ started }) => started ?? 0));
  const newest = from.filter(({ started }) => (started ?? 0) === latest);
  if (newest.length === 1) return known({ applications: newest, only: false });
  return unknown(`unreadable: ${newest.length} Spark applications are there, and none is the newest`);
}

function startedDuring(run: Run, started: number | null): boolean {
  if (started === null) return false;
  return started >= Date.parse(run.startedAt) - slackMs && (run.endedAt === null || started <= Date.parse(run.endedAt) + slackMs);
}

/**
 * The run's among an application's stages: one that did not start while the run went on served other runs too. Of the only application,
 * which somebody named, all are taken where none is of the run's time.
 */
export function ofRun<T extends { readonly submitted: number | null }>(
  run: Run | null,
  started: number | null,
  stages: readonly T[],
  only: boolean,
): readonly T[] {
  if (run === null || startedDuring(run, started)) return stages;
  const own = stages.filter(({ submitted }) => submitted === null || startedDuring(run, submitted));
  return only && own.length === 0 ? stages : own;
}
