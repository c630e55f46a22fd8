import { load } from 'js-yaml';
import { fileAt } from './checkout.ts';
import type { TwinClock } from './clock.ts';
import { readCommit } from './github/git/commit.ts';
import { openRepository, type Repository } from './github/git/repository.ts';
import { entryAt, walkTree } from './github/git/tree.ts';
import type { TwinGithub } from './github/index.ts';
import { fieldsOf, parseJson as parseFields, textOf } from './github/json.ts';
import { bundleMark } from './pipeline/delivered-workloads.ts';
import { digitsAt, isObject, type Json, json, jsonObject, Lexeme, listAt, parseJson, writeJson } from './pipeline/json.ts';

/** The team's own deployment pipeline, as `databricks bundle deploy` after a push would be. */
export interface Deploys {
  /** Names of the jobs deployed so far. */
  readonly done: readonly string[];
  /** Resolves when everything that is due has been deployed. */
  settled(): Promise<void>;
}

export interface DeploysOptions {
  readonly clock: TwinClock;
  readonly databricks: string;
  /** The pipeline's own token. */
  readonly token: string;
  /** Minutes from the push to the deployment; null: the pipeline is broken and deploys nothing. */
  readonly afterMinutes: number | null;
}

const RESOURCES = 'jobs/bundle/resources';

/** On each push to main, the jobs of the bundle files that it changed are deployed some minutes later, with the pipeline's own token. */
export function startDeploys(github: TwinGithub, options: DeploysOptions): Deploys {
  const { clock, afterMinutes } = options;
  const waiting: { readonly at: number; readonly text: string }[] = [];
  const done: string[] = [];
  let work = Promise.resolve();
  const runDue = (now: Date): void => {
    while (waiting[0] !== undefined && waiting[0].at <= now.getTime()) {
      const { text } = waiting.shift() ?? { text: '' };
      work = work.then(async () => void done.push(...(await deploy(text, options))));
    }
  };
  github.onEvent(({ name, payload }) => {
    if (name !== 'push' || payload.ref !== 'refs/heads/main' || afterMinutes === null) return;
    const at = clock.now().getTime() + afterMinutes * 60_000;
    for (const text of changedResources(github.gitDir, textOf(payload.before) ?? '', textOf(payload.after) ?? ''))
      waiting.push({ at, text });
  });
  clock.onMove(runDue);
  return { done, settled: () => work };
}

function changedResources(gitDir: string, before: string, after: string): readonly string[] {
  const repository = openRepository(gitDir);
  const old = new Map(resourcesAt(repository, before).map((entry) => [entry.path, entry.sha]));
  return resourcesAt(repository, after)
    .filter((entry) => /\.ya?ml$/.test(entry.path) && old.get(entry.path) !== entry.sha)
    .flatMap((entry) => fileAt(repository, after, `${RESOURCES}/${entry.path}`) ?? []);
}

function resourcesAt(repository: Repository, commit: string) {
  const folder = entryAt(repository, readCommit(repository, commit)?.tree ?? '', RESOURCES);
  return folder === null ? [] : walkTree(repository, folder.sha);
}

/** Writes the jobs of one resource file into the workspace; answers their names. */
async function deploy(text: string, { databricks, token }: DeploysOptions): Promise<readonly string[]> {
  const call = async (path: string, body?: string): Promise<Json> => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const response = await fetch(`${databricks}/api/2.2/jobs/${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers,
      ...(body !== undefined && { body }),
    });
    const answer = await response.text();
    if (!response.ok) throw new Error(`the pipeline got ${response.status} from jobs/${path}: ${answer}`);
    return parseJson(answer);
  };
  const jobs = deployedSettings(text);
  for (const [name, settings] of jobs) {
    const [found] = listAt(await call(`list?name=${encodeURIComponent(name)}`), 'jobs');
    const id = digitsAt(found, 'job_id');
    if (id === undefined) await call('create', writeJson(settings));
    else await call('reset', writeJson(jsonObject({ job_id: new Lexeme(id), new_settings: settings })));
  }
  return jobs.map(([name]) => name);
}

/** The job settings that a bundle resource file becomes, by job name: its YAML as JSON, conf values as texts, and the bundle's mark. */
export function deployedSettings(text: string): readonly (readonly [string, Json])[] {
  if (text.includes('${')) throw new Error('the rehearsed pipeline resolves no bundle variables');
  const jobs = fieldsOf(fieldsOf(fieldsOf(parseFields(JSON.stringify(load(text)))).resources).jobs);
  return Object.values(jobs).map((body) => {
    const job = fieldsOf(body);
    return [textOf(job.name) ?? '', withTextConf(json({ ...job, ...bundleMark }))] as const;
  });
}

/** `spark_conf` is a map of texts in the API, whatever its YAML values are. */
function withTextConf(value: Json, key = ''): Json {
  if (Array.isArray(value)) return value.map((element: Json) => withTextConf(element));
  if (!isObject(value)) return value;
  return new Map(
    [...value].map(([name, inner]) => [
      name,
      key === 'spark_conf' ? (inner instanceof Lexeme ? inner.text : String(inner)) : withTextConf(inner, name),
    ]),
  );
}
