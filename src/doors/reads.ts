import type { Connection } from '../adapters/databricks/call.ts';
import { createWorkspaceLogs } from '../adapters/databricks/event-logs.ts';
import { createWorkspaceReader } from '../adapters/databricks/reader.ts';
import { createMetrics, type MetricsConnection } from '../adapters/prometheus/metrics.ts';
import { createEventLogStages } from '../adapters/spark/event-log.ts';
import { createLogFolder } from '../adapters/spark/log-folder.ts';
import { createRestStages } from '../adapters/spark/rest.ts';
import type { StageSummary } from '../model/job.ts';
import { type Known, unknown } from '../model/known.ts';
import type { InvestigationReads, StageReader } from '../ports.ts';
import type { ConfiguredSpark } from '../schema/settings.ts';

/** What an investigation, a verification and the MCP tools read through: none of these clients has a method that writes. */
export function readsOf(
  workspace: Connection | null,
  metrics: MetricsConnection | null,
  spark: ConfiguredSpark | null = null,
): InvestigationReads {
  return {
    metrics: metrics ? createMetrics(metrics) : null,
    workspace: workspace ? createWorkspaceReader(workspace) : null,
    stages: stagesFrom([
      ...(workspace ? [createEventLogStages(createWorkspaceLogs(workspace))] : []),
      ...(spark ? [sparkStages(spark)] : []),
    ]),
  };
}

/** An address is Spark's REST API; anything else is a folder of event logs. */
export function sparkStages({ at, headers }: ConfiguredSpark): StageReader {
  return /^https?:\/\//i.test(at) ? createRestStages({ url: at, headers }) : createEventLogStages(createLogFolder(at));
}

/** The first source that knows all of the run's stages, else the first that knows some; where none does, each says why. */
function stagesFrom(sources: readonly StageReader[]): StageReader | null {
  const [first, ...others] = sources;
  if (first === undefined || others.length === 0) return first ?? null;
  return {
    stages: async (run, application) => {
      const found = await first.stages(run, application);
      if (isWhole(found)) return found;
      const instead = await stagesFrom(others)?.stages(run, application);
      if (instead === undefined || isWhole(instead)) return instead ?? found;
      if (found.known || instead.known) return found.known ? found : instead;
      // What is absent here and unreadable there is not absent.
      return found.why.startsWith('absent') ? unknown(`${instead.why}; ${found.why}`) : unknown(`${found.why}; ${instead.why}`);
    },
  };
}

/** A part of the stages decides nothing: another source may have the whole, such as a History Server while logs are still delivered. */
function isWhole(stages: Known<readonly StageSummary[]>): boolean {
  return stages.known && stages.value.every(({ partial }) => partial === undefined);
}
