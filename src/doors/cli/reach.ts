import type { Known } from '../../model/known.ts';
import type { InvestigationReads, Metrics, StageReader, WorkspaceReader } from '../../ports.ts';
import { Refused } from './answer.ts';

/** What one system answered while it was read: whether it ever gave a fact, and why it last did not. */
interface Heard {
  readonly name: string;
  readonly fix: string;
  answered: boolean;
  lost: string | null;
}

/**
 * The same reads, listened to. An investigation goes on when a read fails; a person who named a system wants to know when none of it
 * could be reached. `confirm` refuses (3) in that case.
 */
export function listenTo(reads: InvestigationReads): { readonly reads: InvestigationReads; confirm(): void } {
  const metrics: Heard = {
    name: 'Prometheus',
    fix: 'Check --prometheus and SLUICE_PROMETHEUS_HEADERS.',
    answered: false,
    lost: null,
  };
  const workspace: Heard = { name: 'Databricks', fix: 'Check --databricks and DATABRICKS_TOKEN.', answered: false, lost: null };
  const spark: Heard = { name: 'Spark', fix: 'Check --spark and SLUICE_SPARK_HEADERS.', answered: false, lost: null };
  return {
    reads: {
      ...reads,
      metrics: reads.metrics && heardMetrics(reads.metrics, metrics),
      workspace: reads.workspace && heardWorkspace(reads.workspace, workspace),
      stages: reads.stages && heardStages(reads.stages, spark),
    },
    confirm() {
      for (const { name, fix, answered, lost } of [metrics, workspace, spark])
        if (!answered && lost !== null) throw new Refused(3, codeOf(lost), `${name} gave no answer: ${lost}`, { fix });
    },
  };
}

function codeOf(lost: string): string {
  return lost.startsWith('forbidden') ? 'workspace_forbidden' : 'unreachable';
}

function listen<T>(heard: Heard, asked: Promise<Known<T>>, lost = /^(?:unreachable|forbidden|unreadable)/): Promise<Known<T>> {
  return asked.then((answer) => {
    // A refused query or a job that is not there was answered by a system that is there.
    if (answer.known || !lost.test(answer.why)) heard.answered = true;
    else heard.lost = answer.why;
    return answer;
  });
}

function heardMetrics(metrics: Metrics, heard: Heard): Metrics {
  return {
    instant: (...asked) => listen(heard, metrics.instant(...asked)),
    range: (...asked) => listen(heard, metrics.range(...asked)),
  };
}

/** Stages that are unreadable may be the wrong application's: that is for the evidence to say. */
function heardStages(stages: StageReader, heard: Heard): StageReader {
  return { stages: (...asked) => listen(heard, stages.stages(...asked), /^(?:unreachable|forbidden)/) };
}

function heardWorkspace(workspace: WorkspaceReader, heard: Heard): WorkspaceReader {
  const { details } = workspace;
  return {
    ...workspace,
    job: (id) => listen(heard, workspace.job(id)),
    jobsNamed: (name) => listen(heard, workspace.jobsNamed(name)),
    runs: (jobId, limit) => listen(heard, workspace.runs(jobId, limit)),
    run: (runId) => listen(heard, workspace.run(runId)),
    details: {
      taskError: (runId) => listen(heard, details.taskError(runId)),
      clusterEvents: (clusterId) => listen(heard, details.clusterEvents(clusterId)),
      nodeTypes: () => listen(heard, details.nodeTypes()),
    },
  };
}
