import * as z from 'zod/mini';
import type { Run, StageQuantiles, StageSummary } from '../../model/job.ts';
import { type Known, known, unknown } from '../../model/known.ts';
import type { StageReader } from '../../ports.ts';

const Application = z.object({
  id: z.string(),
  attempts: z.array(z.object({ attemptId: z.optional(z.string()), startTime: z.string() })),
});
const Stage = z.object({
  status: z.string(),
  stageId: z.number(),
  attemptId: z.number(),
  name: z.string(),
  numTasks: z.number(),
  numFailedTasks: z._default(z.number(), 0),
  submissionTime: z.optional(z.string()),
  completionTime: z.optional(z.string()),
  executorRunTime: z._default(z.number(), 0),
  jvmGcTime: z._default(z.number(), 0),
  memoryBytesSpilled: z._default(z.number(), 0),
  diskBytesSpilled: z._default(z.number(), 0),
  inputBytes: z._default(z.number(), 0),
  shuffleReadBytes: z._default(z.number(), 0),
  shuffleWriteBytes: z._default(z.number(), 0),
});
const Distribution = z.array(z.number());
const TaskSummary = z.object({
  duration: z.optional(Distribution),
  executorRunTime: z.optional(Distribution),
  inputMetrics: z.optional(z.object({ bytesRead: z.optional(Distribution) })),
  shuffleReadMetrics: z.optional(z.object({ readBytes: z.optional(Distribution) })),
});

type StageAnswer = z.infer<typeof Stage>;

const QUANTILES = '0,0.25,0.5,0.75,0.95,1';
/** A run with more stages is told by its longest ones: a stage that ran briefly explains nothing. */
const MOST_STAGES = 60;
const STATUS: Readonly<Record<string, StageSummary['status']>> = { COMPLETE: 'complete', FAILED: 'failed', ACTIVE: 'active' };

/**
 * Stage quantiles from Spark's monitoring REST API: a live Spark UI or a History Server. An application belongs to a run when it started
 * while the run went on; more of them than the run had clusters is somebody else's, and then nothing is told.
 */
export function createRestStages(address: string): StageReader {
  const base = `${address.replace(/\/+$/, '')}/api/v1/applications`;
  return {
    async stages(run) {
      try {
        return await stagesOf(base, run);
      } catch (error) {
        return unknown(`unreadable: ${error instanceof z.core.$ZodError ? 'not the answer of Spark' : messageOf(error)}`);
      }
    },
  };
}

async function stagesOf(base: string, run: Run): Promise<Known<readonly StageSummary[]>> {
  const applications = z.array(Application).parse(await ask(`${base}?limit=500`));
  const paths = applications.flatMap(({ id, attempts }) =>
    attempts
      .filter(({ startTime }) => startedDuring(run, startTime))
      .map(({ attemptId }) =>
        [id, attemptId].flatMap((part) => (part === undefined ? [] : [encodeURIComponent(part)])).join('/'),
      ),
  );
  const clusters = new Set(run.tasks.flatMap((task) => task.clusterId ?? [])).size;
  if (paths.length === 0) return unknown('absent: no Spark application started during the run');
  if (paths.length > Math.max(1, clusters))
    return unknown(`unreadable: ${paths.length} Spark applications started during the run`);
  const found = await Promise.all(paths.map((path) => stagesAt(`${base}/${path}/stages`)));
  return known(found.flat());
}

function startedDuring(run: Run, startTime: string): boolean {
  const at = sparkTime(startTime);
  return at >= Date.parse(run.startedAt) && (run.endedAt === null || at <= Date.parse(run.endedAt));
}

async function stagesAt(url: string): Promise<readonly StageSummary[]> {
  const all = z.array(Stage).parse(await ask(url));
  const latest = new Map<number, StageAnswer>();
  for (const stage of all)
    if (Object.hasOwn(STATUS, stage.status) && (latest.get(stage.stageId)?.attemptId ?? -1) < stage.attemptId)
      latest.set(stage.stageId, stage);
  const longest = [...latest.values()].sort((one, other) => other.executorRunTime - one.executorRunTime).slice(0, MOST_STAGES);
  const read = await Promise.all(longest.map((stage) => summaryAt(url, stage)));
  return read.sort((one, other) => one.stageId - other.stageId);
}

async function summaryAt(url: string, stage: StageAnswer): Promise<StageSummary> {
  const answer = await ask(`${url}/${stage.stageId}/${stage.attemptId}/taskSummary?quantiles=${QUANTILES}`, null);
  // A stage of which no task succeeded has no quantiles: Spark answers 404.
  const tasks = answer === null ? {} : TaskSummary.parse(answer);
  return {
    stageId: stage.stageId,
    attempt: stage.attemptId,
    name: stage.name,
    status: STATUS[stage.status] ?? 'unknown',
    tasks: stage.numTasks,
    failedTasks: stage.numFailedTasks,
    durationMs:
      stage.submissionTime && stage.completionTime ? sparkTime(stage.completionTime) - sparkTime(stage.submissionTime) : 0,
    taskMs: quantilesOf(tasks.duration ?? tasks.executorRunTime),
    shuffleReadBytes: quantilesOf(tasks.shuffleReadMetrics?.readBytes),
    inputBytes: quantilesOf(tasks.inputMetrics?.bytesRead),
    totalShuffleReadBytes: stage.shuffleReadBytes,
    totalShuffleWriteBytes: stage.shuffleWriteBytes,
    totalInputBytes: stage.inputBytes,
    memorySpilledBytes: stage.memoryBytesSpilled,
    diskSpilledBytes: stage.diskBytesSpilled,
    gcMs: stage.jvmGcTime,
    runMs: stage.executorRunTime,
  };
}

function quantilesOf(values: readonly number[] = []): StageQuantiles {
  const [min = 0, p25 = 0, median = 0, p75 = 0, p95 = 0, max = 0] = values;
  return { min, p25, median, p75, p95, max };
}

/** Spark writes `2026-11-20T02:00:00.000GMT`. */
function sparkTime(text: string): number {
  return Date.parse(text.replace(/GMT$/, 'Z'));
}

async function ask(url: string, missing?: null): Promise<unknown> {
  const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(15_000) });
  if (response.status === 404 && missing === null) return null;
  if (!response.ok) throw new Error(`${response.status} from ${new URL(url).pathname}`);
  return response.json();
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : 'no answer';
}
