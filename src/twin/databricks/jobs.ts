import type { Json, JsonObject, Plain } from '../pipeline/json.ts';
import { isList, isObject, Lexeme, listAt, member, textAt, writeJson } from '../pipeline/json.ts';
import type { Answer } from './answer.ts';
import { invalid, ok } from './answer.ts';
import { offsetOf, pageOf, tokenFor } from './paging.ts';
import type { Call } from './request.ts';
import { bodyOf, countInQuery, idInBody, idInQuery } from './request.ts';
import { keyedArrays, resetSettings, storedSettings, updatedSettings } from './settings.ts';

/** A job as the workspace keeps it. */
export interface StoredJob {
  readonly jobId: string;
  readonly created: number;
  readonly creator: string;
  readonly settings: JsonObject;
}

/** The workspace's jobs; the Jobs API endpoints that do not run anything. */
export interface JobStore {
  all(): readonly StoredJob[];
  find(jobId: string): StoredJob;
  settingsText(jobId: string): string | undefined;
  put(jobId: string, settings: JsonObject, creator: string): void;
  remove(jobId: string): void;
}

/** Arrays over this length are paged on read since API 2.2. */
const pageLength = 100;

export function createJobStore(clock: () => Date, changed: (jobId: string) => void): JobStore {
  const jobs = new Map<string, StoredJob>();
  return {
    all: () => [...jobs.values()],
    find: (jobId) => {
      const job = jobs.get(jobId);
      if (job === undefined) throw invalid(`Job ${jobId} does not exist.`);
      return job;
    },
    settingsText: (jobId) => {
      const job = jobs.get(jobId);
      return job === undefined ? undefined : writeJson(job.settings);
    },
    remove: (jobId) => void jobs.delete(jobId),
    put: (jobId, settings, creator) => {
      const old = jobs.get(jobId);
      jobs.set(jobId, { jobId, created: old?.created ?? clock().getTime(), creator: old?.creator ?? creator, settings });
      changed(jobId);
    },
  };
}

export function getJob(store: JobStore, call: Call): Answer {
  const job = store.find(idInQuery(call, 'job_id'));
  const offset = offsetOf(call.query.get('page_token'));
  const lists = Object.keys(keyedArrays);
  const more = lists.some((name) => listAt(job.settings, name).length > offset + pageLength);
  return ok({
    ...described(job, pagedSettings(job.settings, offset)),
    has_more: more ? true : undefined,
    next_page_token: more ? tokenFor(offset + pageLength) : undefined,
  });
}

export function listJobs(store: JobStore, call: Call): Answer {
  const limit = countInQuery(call, 'limit', { min: 1, max: 100, unset: 20 });
  const name = call.query.get('name')?.toLowerCase();
  const expand = call.query.get('expand_tasks') === 'true';
  const offset = call.query.has('page_token')
    ? offsetOf(call.query.get('page_token'))
    : countInQuery(call, 'offset', { min: 0, max: 1000, unset: 0 });
  const found = store.all().filter((job) => name === undefined || (textAt(job.settings, 'name') ?? '').toLowerCase() === name);
  const rows = found.map((job) => {
    const long = Object.keys(keyedArrays).some((list) => listAt(job.settings, list).length > pageLength);
    const shown = expand
      ? pagedSettings(job.settings, 0)
      : new Map([...job.settings].filter(([key]) => keyedArrays[key] === undefined));
    return { ...described(job, shown), has_more: expand && long ? true : undefined };
  });
  return ok(pageOf('jobs', rows, offset, limit));
}

export function createJob(store: JobStore, call: Call, jobId: string): Answer {
  const sent = bodyOf(call);
  if (!isObject(sent)) throw invalid('settings are required');
  const { access_control_list: _, ...rest } = Object.fromEntries(sent);
  const settings = new Map(Object.entries(rest));
  // Queueing is on by default for jobs created through 2.2, and off through 2.1.
  if (!settings.has('queue') && call.path.startsWith('/api/2.2/')) settings.set('queue', new Map([['enabled', true]]));
  store.put(jobId, storedSettings(settings), 'twin@example.com');
  return ok({ job_id: new Lexeme(jobId) });
}

export function resetJob(store: JobStore, call: Call): Answer {
  const body = bodyOf(call);
  const job = store.find(idInBody(body, 'job_id'));
  const sent = member(body, 'new_settings');
  if (!isObject(sent)) throw invalid('new_settings is required');
  store.put(job.jobId, resetSettings(job.settings, sent), job.creator);
  return ok({});
}

export function updateJob(store: JobStore, call: Call): Answer {
  const body = bodyOf(call);
  const job = store.find(idInBody(body, 'job_id'));
  const sent = member(body, 'new_settings') ?? new Map<string, Json>();
  if (!isObject(sent)) throw invalid('new_settings must be an object');
  const removals = listAt(body, 'fields_to_remove').map(String);
  store.put(job.jobId, updatedSettings(job.settings, sent, removals), job.creator);
  return ok({});
}

export function deleteJob(store: JobStore, call: Call): Answer {
  store.remove(store.find(idInBody(bodyOf(call), 'job_id')).jobId);
  return ok({});
}

function described(job: StoredJob, settings: JsonObject): { readonly [key: string]: Plain } {
  return {
    job_id: new Lexeme(job.jobId),
    creator_user_name: job.creator,
    run_as_user_name:
      textAt(job.settings, 'run_as', 'service_principal_name') ?? textAt(job.settings, 'run_as', 'user_name') ?? job.creator,
    run_as_owner: true,
    settings,
    created_time: job.created,
  };
}

/** One page of every keyed array; on later pages an array that has no more elements is left out. */
function pagedSettings(settings: JsonObject, offset: number): JsonObject {
  const members = [...settings].map(([key, value]): readonly [string, Json] => {
    const paged = keyedArrays[key] !== undefined && isList(value);
    return [key, paged ? value.slice(offset, offset + pageLength) : value];
  });
  return new Map(
    members.filter(([key, value]) => offset === 0 || keyedArrays[key] === undefined || (isList(value) && value.length > 0)),
  );
}
