import type { Job, Run } from '../../model/job.ts';
import type { Known } from '../../model/known.ts';
import { known, unknown } from '../../model/known.ts';
import type { WorkspaceReader } from '../../ports.ts';
import { readJobPage, readJobsPage } from '../../schema/databricks.ts';
import { readRunPage, readRunsPage } from '../../schema/databricks-run.ts';
import { joinSettingsPages, settingsText } from '../../schema/settings-pages.ts';
import { workspaceOrigin } from './address.ts';
import type { Connection } from './call.ts';
import { workspaceDetails } from './details.ts';
import { readOne, readPages, readText, understood } from './read.ts';

/** runs/list documents its limit as below 25. */
const runsAtOnce = 24;
const digits = /^\d{1,19}$/;

/** Databricks for everybody who only looks: no writing method exists on it (laws 2 and 8). Throws on a host that is not https. */
export function createWorkspaceReader(connection: Connection): WorkspaceReader {
  return {
    name: connection.name,
    host: workspaceOrigin(connection.host),
    job: (id) => readJob(connection, id),
    jobsNamed: (name) => readJobsNamed(connection, name),
    runs: (jobId, limit) => readRuns(connection, jobId, limit),
    run: (runId) => readRun(connection, runId),
    details: workspaceDetails(connection),
  };
}

/** All pages of one job. Its settings' text is joined from the answers' own text, so that ids and numbers keep their lexemes. */
async function readJob(connection: Connection, id: string): Promise<Known<Job>> {
  if (!digits.test(id)) return unknown('refused: a job id is a number');
  const pages = await readPages(async (token) => {
    const call = { method: 'GET', path: '/api/2.2/jobs/get', query: { job_id: id, page_token: token } } as const;
    const text = await readText(connection, call);
    if (!text.known) return text;
    const page = understood(text.value, readJobPage);
    return page.known ? known({ items: [{ ...page.value, text: text.value }], next: page.value.next }) : page;
  });
  if (!pages.known) return pages;
  const [first] = pages.value;
  if (first === undefined || pages.value.some((page) => page.id !== id))
    return unknown('unreadable: the answer is about another job');
  const texts = pages.value.map((page) => settingsText(page.text) ?? '');
  const joined = joinSettingsPages(texts);
  if (!joined.ok) return unknown(joined.why.startsWith('changed') ? joined.why : `unreadable: ${joined.why}`);
  return known({ id, name: first.name, settings: joined.text, managedBy: first.managedBy });
}

/** The API's filter ignores case; a job is named exactly, so the names are compared again. */
async function readJobsNamed(connection: Connection, name: string): Promise<Known<readonly string[]>> {
  const jobs = await readPages((token) =>
    readOne(
      connection,
      { method: 'GET', path: '/api/2.2/jobs/list', query: { name, limit: '100', page_token: token } },
      readJobsPage,
    ),
  );
  return jobs.known ? known(jobs.value.filter(([, found]) => found === name).map(([id]) => id)) : jobs;
}

async function readRuns(connection: Connection, jobId: string, limit: number): Promise<Known<readonly Run[]>> {
  if (!digits.test(jobId)) return unknown('refused: a job id is a number');
  const size = String(Math.min(runsAtOnce, Math.max(1, limit)));
  const query = { job_id: jobId, limit: size, expand_tasks: 'true' };
  const runs = await readPages(
    (token) =>
      readOne(
        connection,
        { method: 'GET', path: '/api/2.2/jobs/runs/list', query: { ...query, page_token: token } },
        readRunsPage,
      ),
    limit,
  );
  if (!runs.known) return runs;
  const newestFirst = [...runs.value].sort((one, other) => other.startedAt.localeCompare(one.startedAt));
  return known(newestFirst.slice(0, limit));
}

/** One run with all its tasks and repairs. */
async function readRun(connection: Connection, runId: string): Promise<Known<Run>> {
  if (!digits.test(runId)) return unknown('refused: a run id is a number');
  const pages = await readPages((token) => {
    const query = { run_id: runId, include_history: 'true', page_token: token };
    return readOne(connection, { method: 'GET', path: '/api/2.2/jobs/runs/get', query }, readRunPage);
  });
  if (!pages.known) return pages;
  const [first] = pages.value;
  if (first === undefined || first.id !== runId) return unknown('unreadable: the answer is about another run');
  const tasks = pages.value.flatMap((page) => page.tasks);
  const repairs = new Map(pages.value.flatMap((page) => page.repairs).map((repair) => [repair.id, repair]));
  return known({ ...first, tasks, repairs: [...repairs.values()] });
}
