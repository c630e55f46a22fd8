import type { Run, StageQuantiles, StageSummary } from '../../model/job.ts';
import { type Known, known, unknown } from '../../model/known.ts';
import type { StageReader } from '../../ports.ts';
import type { ListedApplication, ListedDistributions, ListedStage } from '../../schema/spark-rest.ts';
import { readApplications, readClusterOf, readDistributions, readStageList } from '../../schema/spark-rest.ts';
import { latestOf, type StageAttempt } from './attempts.ts';
import { applicationsOf, type Candidate, ofRun, type StageQuestion } from './choose.ts';
import { askSpark, type SparkConnection } from './rest-call.ts';

const quantiles = '0.0,0.25,0.5,0.75,0.95,1.0';
/** Quantiles are asked for of the longest stages: in one that ran briefly no task stands out. */
const mostSummaries = 60;
const atOnce = 6;
/** So many applications are asked which cluster they ran on. */
const mostAsked = 20;
const statuses: Readonly<Record<string, StageSummary['status']>> = { COMPLETE: 'complete', FAILED: 'failed', ACTIVE: 'active' };

interface Found extends Candidate {
  /** `<id>` or `<id>/<attempt>`, encoded. */
  readonly path: string;
  readonly attempt: string | null;
}

/**
 * Stage quantiles from Spark's monitoring REST API: a live Spark UI or a History Server. The run's application is told by the cluster in
 * its conf or by when it started.
 */
export function createRestStages(connection: SparkConnection): StageReader {
  return { stages: (run, application) => stagesOf(connection, { run, application }) };
}

async function stagesOf(connection: SparkConnection, question: StageQuestion): Promise<Known<readonly StageSummary[]>> {
  const { run } = question;
  const listed = await askSpark(connection, 'applications?limit=500', readApplications);
  if (!listed.known) return listed;
  const all = latestAttempts(listed.value).map(candidateOf);
  const chosen = applicationsOf(question, run === null ? all : await withClusters(connection, run, all));
  if (!chosen.known) return chosen;
  const { applications, only } = chosen.value;
  const found: StageSummary[] = [];
  for (const application of applications) {
    const read = await stagesAt(connection, run, application, only);
    if (!read.known) return read;
    found.push(...read.value);
  }
  return found.length === 0 ? unknown('absent: the Spark application has no stages of the run') : known(found);
}

function candidateOf({ id, name, attempt, started, finished }: ListedApplication): Found {
  const path = [id, attempt].flatMap((part) => (part === null ? [] : [encodeURIComponent(part)])).join('/');
  return { id, name, attempt, path, started, finished, clusterId: null, clusterName: null };
}

/** An application's last attempt: Spark lists the newest first, and numbers them. */
function latestAttempts(all: readonly ListedApplication[]): readonly ListedApplication[] {
  const latest = new Map<string, ListedApplication>();
  for (const one of all) {
    const other = latest.get(one.id);
    if (other === undefined || Number(other.attempt) < Number(one.attempt)) latest.set(one.id, one);
  }
  return [...latest.values()];
}

/** The newest that started before the run's end, each with its cluster; one whose conf cannot be read is told by its time alone. */
async function withClusters(connection: SparkConnection, run: Run, all: readonly Found[]): Promise<readonly Found[]> {
  const end = run.endedAt === null ? Number.POSITIVE_INFINITY : Date.parse(run.endedAt);
  const asked = [...all]
    .filter(({ started }) => (started ?? 0) <= end)
    .sort((one, other) => (other.started ?? 0) - (one.started ?? 0))
    .slice(0, mostAsked);
  const read = await eachAtOnce(asked, (one) => askSpark(connection, `applications/${one.path}/environment`, readClusterOf));
  return all.map((one) => {
    const cluster = read[asked.indexOf(one)];
    return cluster?.known === true ? { ...one, ...cluster.value } : one;
  });
}

async function stagesAt(
  connection: SparkConnection,
  run: Run | null,
  { id, attempt, path, started }: Found,
  only: boolean,
): Promise<Known<readonly StageSummary[]>> {
  const base = `applications/${path}/stages`;
  const listed = await stageList(connection, base);
  if (!listed.known) return listed;
  const own = ofRun(
    run,
    started,
    listed.value.filter(({ status }) => Object.hasOwn(statuses, status)),
    only,
  );
  const longest = [...own].sort((one, other) => other.runMs - one.runMs);
  const source = `Spark REST of ${id}${attempt === null ? '' : ` attempt ${attempt}`}${only ? ', the only one there' : ''}`;
  const brief = longest.slice(mostSummaries).map((stage) => attemptOf(stage, stage.distributions, source, null));
  const read = await eachAtOnce(longest.slice(0, mostSummaries), async (stage) => {
    if (stage.tasks === 0 || complete(stage.distributions)) return attemptOf(stage, stage.distributions, source, null);
    const asked = await askSpark(
      connection,
      `${base}/${stage.stageId}/${stage.attempt}/taskSummary?quantiles=${quantiles}`,
      readDistributions,
    );
    const without = asked.known && !complete(asked.value) ? 'the answer has no quantiles of its tasks' : null;
    return attemptOf(stage, asked.known ? asked.value : null, source, asked.known ? without : asked.why);
  });
  return known(latestOf([...read, ...brief]).map(({ summary }) => summary));
}

/** Since Spark 3.1 the list can bring the quantiles; where that is refused or takes too long, each stage is asked by itself. */
async function stageList(connection: SparkConnection, base: string): Promise<Known<readonly ListedStage[]>> {
  const whole = await askSpark(connection, `${base}?details=false&withSummaries=true&quantiles=${quantiles}`, readStageList);
  return whole.known || whole.why.startsWith('missing') ? whole : askSpark(connection, base, readStageList);
}

function complete(read: ListedDistributions | null): boolean {
  return read?.taskMs?.length === quantiles.split(',').length;
}

function attemptOf(
  stage: ListedStage,
  distributions: ListedDistributions | null,
  source: string,
  lost: string | null,
): StageAttempt {
  const { submitted, completed, failure, planned } = stage;
  const peak = distributions?.peakExecutionMemoryBytes?.at(-1);
  const summary: StageSummary = {
    stageId: stage.stageId,
    attempt: stage.attempt,
    name: stage.name,
    status: statuses[stage.status] ?? 'unknown',
    tasks: stage.tasks,
    failedTasks: stage.failedTasks,
    durationMs: submitted === null || completed === null ? 0 : Math.max(0, completed - submitted),
    taskMs: quantilesOf(distributions?.taskMs),
    shuffleReadBytes: quantilesOf(distributions?.shuffleReadBytes),
    inputBytes: quantilesOf(distributions?.inputBytes),
    totalShuffleReadBytes: stage.shuffleReadBytes,
    totalShuffleWriteBytes: stage.shuffleWriteBytes,
    totalInputBytes: stage.inputBytes,
    memorySpilledBytes: stage.memorySpilledBytes,
    diskSpilledBytes: stage.diskSpilledBytes,
    gcMs: stage.gcMs ?? Number.NaN,
    runMs: stage.runMs,
    ...(peak === undefined ? {} : { peakExecutionMemoryBytes: peak }),
    ...(failure === null ? {} : { failure }),
    source,
    ...(lost === null ? {} : { partial: `stage ${stage.stageId}: ${lost}` }),
  };
  return { submitted, planned, summary };
}

function quantilesOf(values: readonly number[] | null | undefined): StageQuantiles {
  const [min = 0, p25 = 0, median = 0, p75 = 0, p95 = 0, max = 0] = values ?? [];
  return { min, p25, median, p75, p95, max };
}

/** A server that answers for a whole team is not asked for everything at the same moment. */
async function eachAtOnce<T, R>(items: readonly T[], act: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let at = 0; at < items.length; at += atOnce) results.push(...(await Promise.all(items.slice(at, at + atOnce).map(act))));
  return results;
}
