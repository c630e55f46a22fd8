import { digitsAt } from '../pipeline/json.ts';
import type { NodeType } from '../pipeline/node-types.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import type { Answer } from './answer.ts';
import { Refusal } from './answer.ts';
import { clusterEvents, getCluster, listNodeTypes } from './clusters.ts';
import type { FileStore } from './files.ts';
import { listDbfs, readDbfs, readDirectory, readFile } from './files.ts';
import type { JobStore } from './jobs.ts';
import { createJob, deleteJob, getJob, listJobs, resetJob, updateJob } from './jobs.ts';
import type { Call } from './request.ts';
import { bodyOf } from './request.ts';
import { cancelAllRuns, cancelRun, getOutput, getRun, listRuns, repairRun, runNow } from './runs.ts';

/** What the routes read and change. */
export interface World {
  readonly jobs: JobStore;
  readonly pipeline: Pipeline;
  readonly files: FileStore;
  readonly nodeTypes: readonly NodeType[];
  readonly clock: () => Date;
}

type Route = (call: Call, world: World) => Answer;

/** Jobs are served under 2.1 and 2.2, clusters under 2.0 and 2.1, as clients of every age call them. */
const routes: Readonly<Record<string, Route>> = {
  'GET jobs/get': (call, { jobs }) => getJob(jobs, call),
  'GET jobs/list': (call, { jobs }) => listJobs(jobs, call),
  'POST jobs/create': (call, { jobs }) => createJob(jobs, call, newJobId(jobs)),
  'POST jobs/reset': (call, { jobs }) => resetJob(jobs, call),
  'POST jobs/update': (call, { jobs }) => updateJob(jobs, call),
  'POST jobs/delete': (call, { jobs }) => deleteJob(jobs, call),
  'POST jobs/run-now': (call, { jobs, pipeline }) => runNow(pipeline, jobs, call),
  'GET jobs/runs/get': (call, { pipeline }) => getRun(pipeline, call),
  'GET jobs/runs/list': (call, { pipeline }) => listRuns(pipeline, call),
  'GET jobs/runs/get-output': (call, { pipeline }) => getOutput(pipeline, call),
  'POST jobs/runs/repair': (call, { pipeline }) => repairRun(pipeline, call),
  'POST jobs/runs/cancel': (call, { pipeline }) => cancelRun(pipeline, call),
  'POST jobs/runs/cancel-all': (call, { jobs, pipeline }) => cancelAllRuns(pipeline, jobs, call),
  'GET clusters/get': (call, { pipeline }) => getCluster(pipeline, call),
  'POST clusters/events': (call, { pipeline }) => clusterEvents(pipeline, call),
  'GET clusters/list-node-types': (_, { nodeTypes }) => listNodeTypes(nodeTypes),
  'GET dbfs/read': (call, { files }) => readDbfs(files, call),
  'GET dbfs/list': (call, { files }) => listDbfs(files, call),
};

export function answerCall(call: Call, world: World): Answer {
  const route = routes[routeName(call)];
  if (route !== undefined) return route(call, world);
  const file = /^\/api\/2\.0\/fs\/(files|directories)(\/.+)$/.exec(call.path);
  const path = decodeURIComponent(file?.[2] ?? '');
  if (call.method === 'GET' && file !== null)
    return file[1] === 'files' ? readFile(world.files, path) : readDirectory(world.files, path);
  throw new Refusal(404, 'ENDPOINT_NOT_FOUND', `No API found for '${call.method} ${call.path}'`);
}

function routeName(call: Call): string {
  const found = /^\/api\/(2\.[012])\/(.+)$/.exec(call.path);
  const [version, name = ''] = [found?.[1], found?.[2]];
  const served = name.startsWith('jobs/')
    ? version !== '2.0'
    : name.startsWith('clusters/')
      ? version !== '2.2'
      : version === '2.0';
  return served ? `${call.method} ${name}` : 'none';
}

/** Every POST changes something, save the one that only asks for events. */
export function isWrite(call: Call): boolean {
  return call.method !== 'GET' && !call.path.endsWith('/clusters/events');
}

/** The job that a write was about: named in its body, or owner of the run named there. */
export function jobTouched(call: Call, world: World): string | null {
  const body = bodyOf(call);
  const runId = digitsAt(body, 'run_id');
  return digitsAt(body, 'job_id') ?? (runId === undefined ? null : (world.pipeline.run(runId)?.jobId ?? null));
}

function newJobId(jobs: JobStore): string {
  const last = jobs
    .all()
    .reduce((most, job) => (BigInt(job.jobId) > most ? BigInt(job.jobId) : most), 1_000_000_000_000_000_001n);
  return String(last + 2n);
}
