import type { WorkspaceWriter, WriteAnswer } from '../../ports.ts';
import { readWrittenId } from '../../schema/databricks.ts';
import { jsonTree, readExactJson } from '../../schema/exact-json.ts';
import type { Answer, Connection } from './call.ts';
import { callWorkspace } from './call.ts';

const digits = /^\d{1,19}$/;

/**
 * Databricks for `apply` alone (law 2). Nothing is ever sent twice from here: a broken wire, a 5xx or a timeout is `sure: false`,
 * and the caller reads the live facts before it acts again. Ids go into the body as the digits they are.
 */
export function createWorkspaceWriter(connection: Connection): WorkspaceWriter {
  return {
    reset: async (jobId, settings) => {
      if (!digits.test(jobId)) return refused('a job id is a number');
      const tree = jsonTree(settings);
      if (!tree.ok || tree.root.type !== 'object') return refused('the settings are not a JSON object');
      return write(connection, 'reset', `{"job_id":${jobId},"new_settings":${settings}}`);
    },
    repair: async (runId, latestRepairId) => {
      if (!digits.test(runId) || !digits.test(latestRepairId ?? '0')) return refused('a run id is a number');
      const latest = latestRepairId === null ? '' : `,"latest_repair_id":${latestRepairId}`;
      return write(connection, 'runs/repair', `{"run_id":${runId},"rerun_all_failed_tasks":true${latest}}`);
    },
    cancel: async (runId) => {
      if (!digits.test(runId)) return refused('a run id is a number');
      return write(connection, 'runs/cancel', `{"run_id":${runId}}`);
    },
    runNow: async (jobId, token, parameters) => {
      if (!digits.test(jobId)) return refused('a job id is a number');
      if (token.length === 0 || token.length > 64) return refused('an idempotency token has 1 to 64 characters');
      const rest = `"idempotency_token":${JSON.stringify(token)},"job_parameters":${JSON.stringify(parameters)}`;
      return write(connection, 'run-now', `{"job_id":${jobId},${rest}}`);
    },
  };
}

async function write(connection: Connection, what: string, body: string): Promise<WriteAnswer> {
  return meaning(await callWorkspace(connection, { method: 'POST', path: `/api/2.2/jobs/${what}`, body, safe: false }));
}

function meaning(answer: Answer): WriteAnswer {
  if (answer.kind === 'unsent') return refused(answer.why);
  if (answer.kind === 'lost') return { done: false, sure: false, why: answer.why };
  if (answer.kind === 'fault') return { done: false, sure: answer.status < 500, why: answer.fault.text };
  const json = readExactJson(answer.text.trim() === '' ? '{}' : answer.text);
  // A 200 with something else than JSON is a proxy's or a login page's: the write may not have reached the service.
  return json.ok ? { done: true, id: readWrittenId(json.value) } : { done: false, sure: false, why: 'the answer is not JSON' };
}

function refused(why: string): WriteAnswer {
  return { done: false, sure: true, why };
}
