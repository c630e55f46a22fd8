import type { Connection } from '../adapters/databricks/call.ts';
import { createWorkspaceLogs } from '../adapters/databricks/event-logs.ts';
import { createWorkspaceReader } from '../adapters/databricks/reader.ts';
import { createMetrics } from '../adapters/prometheus/metrics.ts';
import { createEventLogStages } from '../adapters/spark/event-log.ts';
import type { InvestigationReads } from '../ports.ts';
import type { ConfiguredMetrics } from '../schema/settings.ts';

/** What an investigation, a verification and the MCP tools read through: none of these clients has a method that writes. */
export function readsOf(
  workspace: Connection | null,
  metrics: Pick<ConfiguredMetrics, 'url' | 'headers'> | null,
): InvestigationReads {
  return {
    metrics: metrics ? createMetrics({ url: metrics.url, headers: metrics.headers }) : null,
    workspace: workspace ? createWorkspaceReader(workspace) : null,
    stages: workspace ? createEventLogStages(createWorkspaceLogs(workspace)) : null,
  };
}
