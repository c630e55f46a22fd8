import type { RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js';
import type { ServerNotification, ServerRequest } from '@modelcontextprotocol/sdk/types.js';
import type { Known } from '../../model/known.ts';
import type { InvestigationReads, Metrics, StageReader, WorkspaceReader } from '../../ports.ts';

/** What is needed of one call of a tool as the library knows it. */
export type Call = Pick<RequestHandlerExtra<ServerRequest, ServerNotification>, '_meta' | 'sendNotification'>;

/** Says how far a call is; our own words only. */
export type Tell = (what: string) => void;

/** Clients give up on a call that is silent for a minute. */
const SILENT_MS = 5_000;

/** Tells the client what has been read, and that it is still being read; nothing where it did not ask to be told. */
export function progressOf({ _meta, sendNotification }: Call): { readonly tell: Tell; end(): void } {
  const progressToken = _meta?.progressToken;
  if (progressToken === undefined) return { tell: () => {}, end: () => {} };
  let [progress, ended] = [0, false];
  const tell = (message: string) => {
    if (ended) return;
    progress += 1;
    // A client that is gone does not hear the answer either.
    sendNotification({ method: 'notifications/progress', params: { progressToken, progress, message } }).catch(() => {});
  };
  const beat = setInterval(() => tell('still reading'), SILENT_MS);
  return {
    tell,
    end() {
      ended = true;
      clearInterval(beat);
    },
  };
}

/** The same reads, each told when it has been answered. */
export function toldReads({ metrics, workspace, stages }: InvestigationReads, tell: Tell): InvestigationReads {
  return {
    metrics: metrics && toldMetrics(metrics, tell),
    workspace: workspace && toldWorkspace(workspace, tell),
    stages: stages && toldStages(stages, tell),
  };
}

function toldMetrics(metrics: Metrics, tell: Tell): Metrics {
  const heard = after('Prometheus: a query', tell);
  return { instant: (...asked) => heard(metrics.instant(...asked)), range: (...asked) => heard(metrics.range(...asked)) };
}

function toldWorkspace(workspace: WorkspaceReader, tell: Tell): WorkspaceReader {
  const { details } = workspace;
  const heard = <T>(what: string, read: Promise<Known<T>>) => after(`Databricks: ${what}`, tell)(read);
  return {
    ...workspace,
    job: (id) => heard('settings', workspace.job(id)),
    jobsNamed: (name) => heard('jobs by name', workspace.jobsNamed(name)),
    runs: (...asked) => heard('runs', workspace.runs(...asked)),
    run: (id) => heard('a run', workspace.run(id)),
    details: {
      taskError: (id) => heard('a task’s error', details.taskError(id)),
      clusterEvents: (id) => heard('cluster events', details.clusterEvents(id)),
      nodeTypes: () => heard('node types', details.nodeTypes()),
    },
  };
}

function toldStages(stages: StageReader, tell: Tell): StageReader {
  const heard = after('Spark: stages', tell);
  return { stages: (...asked) => heard(stages.stages(...asked)) };
}

function after(what: string, tell: Tell): <T>(read: Promise<Known<T>>) => Promise<Known<T>> {
  return async (read) => {
    const fact = await read;
    tell(fact.known ? `${what} read` : `${what} not read`);
    return fact;
  };
}
