import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import * as z from 'zod';
import type { StageQuantiles, StageSummary } from '../../model/job.ts';
import { unknown } from '../../model/known.ts';
import { plainText } from '../../schema/outside-text.ts';
import { answering, bound, boundShape, evidenceOf, evidenceShape, READING, unreadFact } from './answer.ts';
import type { Tell } from './progress.ts';
import { failureOf, longest, readBytes, runId, stagesRead, workspace } from './shapes.ts';
import { type McpWorld, readsFrom, workspaceNamed } from './sources.ts';

const input = z.strictObject({
  run_id: runId,
  workspace,
  most: z.number().int().min(1).max(30).default(10).describe('how many stages, those with most task time first'),
});

const quantiles = z.array(z.number()).describe('at 0, 0.25, 0.5, 0.75, 0.95 and 1');
const output = z.strictObject({
  ...{ workspace: z.string(), run_id: z.string() },
  stages: z.array(
    z.strictObject({
      ...{ stage_id: z.number(), attempt: z.number(), name: z.string(), status: z.string() },
      ...{
        tasks: z.number(),
        failed_tasks: z.number(),
        duration_ms: z.number(),
        run_ms: z.number(),
        gc_ms: z.number().nullable(),
      },
      ...{ task_ms: quantiles, read_bytes: quantiles, read_from: z.enum(['shuffle', 'files']) },
      ...{ memory_spilled_bytes: z.number(), disk_spilled_bytes: z.number(), failure: z.string().nullable() },
    }),
  ),
  ...{ stages_total: z.number(), evidence: evidenceShape, ...boundShape },
});

/** `get_stages`: the Spark stages of one run, with all quantiles: skew and spill are in no metric of Spark's. */
export function registerGetStages(server: McpServer, world: McpWorld): void {
  server.registerTool(
    'get_stages',
    {
      title: 'Read a run’s stages',
      description:
        'Reads the Spark stages of one run (event logs or REST API): task time and bytes read in quantiles, spill, garbage collection. Only reads; unread is absent, not "no skew".',
      inputSchema: input,
      outputSchema: output,
      annotations: READING,
    },
    (asked, call) => answering(call, (tell) => getStages(asked, world, tell)),
  );
}

async function getStages({ run_id: id, workspace: name, most }: z.infer<typeof input>, world: McpWorld, tell: Tell) {
  const configured = await workspaceNamed(world, name);
  const reads = readsFrom({ workspace: configured, spark: world.spark }, tell);
  const run = reads.workspace ? await reads.workspace.run(id) : unknown('absent: no workspace');
  if (!run.known) throw unreadFact(run.why, `run ${id}`);
  const { all, reading, hint } = stagesRead(
    reads.stages ? await reads.stages.stages(run.value, null) : unknown('absent: no source of stage data is configured'),
  );
  return {
    ...{ workspace: configured.name, run_id: id, stages: longest(all, most).map(stageOf), stages_total: all.length },
    evidence: evidenceOf({ run, stages: reading }),
    ...bound(all.length > most && `Only ${most} of ${all.length} stages are shown: most takes up to 30.`, hint),
  };
}

function stageOf(stage: StageSummary) {
  return {
    ...{ stage_id: stage.stageId, attempt: stage.attempt, name: plainText(stage.name, 200), status: stage.status },
    ...{ tasks: stage.tasks, failed_tasks: stage.failedTasks, duration_ms: stage.durationMs },
    ...{
      run_ms: stage.runMs,
      gc_ms: Number.isFinite(stage.gcMs) ? stage.gcMs : null,
      task_ms: listed(stage.taskMs),
      read_bytes: listed(readBytes(stage)),
    },
    read_from: stage.totalShuffleReadBytes > 0 ? ('shuffle' as const) : ('files' as const),
    ...{ memory_spilled_bytes: stage.memorySpilledBytes, disk_spilled_bytes: stage.diskSpilledBytes, failure: failureOf(stage) },
  };
}

function listed({ min, p25, median, p75, p95, max }: StageQuantiles): readonly number[] {
  return [min, p25, median, p75, p95, max];
}
