import { bundleJobs } from './bundle.ts';
import { fileAt } from './checkout.ts';
import type { TwinClock } from './clock.ts';
import { readCommit } from './github/git/commit.ts';
import { openRepository, type Repository } from './github/git/repository.ts';
import { entryAt, walkTree } from './github/git/tree.ts';
import type { TwinGithub } from './github/index.ts';
import { fieldsOf, textOf } from './github/json.ts';
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

const BUNDLE = 'jobs/bundle';
const TARGET = 'prod';

/** On each push to main, the jobs of the bundle that it changed are deployed some minutes later, with the pipeline's own token. */
export function startDeploys(github: TwinGithub, options: DeploysOptions): Deploys {
  const { clock, afterMinutes } = options;
  const waiting: { readonly at: number; readonly job: DeployedJob }[] = [];
  const done: string[] = [];
  let work = Promise.resolve();
  const runDue = (now: Date): void => {
    while (waiting[0] !== undefined && waiting[0].at <= now.getTime()) {
      const due = waiting.shift();
      if (due) work = work.then(async () => void done.push(await deploy(due.job, options)));
    }
  };
  github.onEvent(({ name, payload }) => {
    if (name !== 'push' || payload.ref !== 'refs/heads/main' || afterMinutes === null) return;
    const at = clock.now().getTime() + afterMinutes * 60_000;
    for (const job of changedJobs(github.gitDir, textOf(payload.before) ?? '', textOf(payload.after) ?? ''))
      waiting.push({ at, job });
  });
  clock.onMove(runDue);
  return { done, settled: () => work };
}

function changedJobs(gitDir: string, before: string, after: string): readonly DeployedJob[] {
  const repository = openRepository(gitDir);
  const old = new Map(deployedSettings(textsAt(repository, before)).map(([name, settings]) => [name, writeJson(settings)]));
  return deployedSettings(textsAt(repository, after)).filter(([name, settings]) => old.get(name) !== writeJson(settings));
}

function textsAt(repository: Repository, commit: string): readonly string[] {
  const folder = entryAt(repository, readCommit(repository, commit)?.tree ?? '', BUNDLE);
  const files = folder === null ? [] : walkTree(repository, folder.sha).filter(({ path }) => /\.ya?ml$/.test(path));
  return files.flatMap(({ path }) => fileAt(repository, commit, `${BUNDLE}/${path}`) ?? []);
}

/** Writes one job into the workspace; answers its name. */
async function deploy([name, settings]: DeployedJob, { databricks, token }: DeploysOptions): Promise<string> {
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
  const [found] = listAt(await call(`list?name=${encodeURIComponent(name)}`), 'jobs');
  const id = digitsAt(found, 'job_id');
  if (id === undefined) await call('create', writeJson(settings));
  else await call('reset', writeJson(jsonObject({ job_id: new Lexeme(id), new_settings: settings })));
  return name;
}

type DeployedJob = readonly [name: string, settings: Json];

/** The settings that a bundle's files become, by job name: the production target's YAML as JSON, conf values as texts, and the bundle's mark. */
export function deployedSettings(texts: readonly string[]): readonly DeployedJob[] {
  return Object.values(bundleJobs(texts, TARGET)).map((body) => {
    const job = fieldsOf(body);
    return [textOf(job.name) ?? '', withTextConf(json({ ...job, ...bundleMark }))];
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
