import type { WorkspaceDetails } from '../../ports.ts';
import { readEventsPage, readNodeTypes, readTaskError } from '../../schema/databricks.ts';
import type { Connection } from './call.ts';
import { readOne, readPages } from './read.ts';

/** The newest events are the ones that tell why a cluster died; older ones than these are not read. */
const mostEvents = 500;

/** What explains a run: its tasks' errors, its cluster's events and what machines there are. */
export function workspaceDetails(connection: Connection): WorkspaceDetails {
  return {
    taskError: (taskRunId) =>
      readOne(connection, { method: 'GET', path: '/api/2.2/jobs/runs/get-output', query: { run_id: taskRunId } }, readTaskError),
    clusterEvents: (clusterId) =>
      readPages((token) => {
        const body = JSON.stringify({ cluster_id: clusterId, order: 'DESC', page_size: mostEvents, page_token: token });
        return readOne(connection, { method: 'POST', path: '/api/2.1/clusters/events', body }, readEventsPage);
      }, mostEvents),
    nodeTypes: () => readOne(connection, { method: 'GET', path: '/api/2.1/clusters/list-node-types' }, readNodeTypes),
  };
}
