import { mergeCommit } from '../github/git/combine.ts';
import { readCommit } from '../github/git/commit.ts';
import { readRef, writeRef } from '../github/git/refs.ts';
import { openRepository, type Repository } from '../github/git/repository.ts';
import { entryAt, readTree } from '../github/git/tree.ts';
import { type Fields, fieldsOf, rowsOf, textOf, textsOf } from '../github/json.ts';
import { parseWorkflow, type Workflow } from './workflow.ts';

/** An event as workflows see it: at which commit and ref they run. */
export interface Trigger {
  readonly event: string;
  readonly payload: Fields;
  readonly actor: string;
  readonly sha: string;
  readonly ref: string;
  readonly action: string | null;
  /** The branch that `branches` filters compare: the pushed one, or a pull request's base. */
  readonly branch: string | null;
  /** Only this file, for workflow_dispatch. */
  readonly only: string | null;
}

/** Events that run on the default branch's workflows, whatever they are about. */
const ON_MAIN = new Set(['issues', 'issue_comment', 'repository_dispatch', 'schedule', 'check_run', 'status', 'delete']);
const DEFAULT_TYPES: Readonly<Record<string, readonly string[]>> = { pull_request: ['opened', 'synchronize', 'reopened'] };
const MAIN = 'refs/heads/main';

/** null for events that start no workflow, such as the deletion of a branch or a pull request with a conflict. */
export function triggerOf(dir: string, event: string, payload: Fields, actor: string): Trigger | null {
  const repository = openRepository(dir);
  const action = textOf(payload.action);
  const base = { event, payload, actor, action, only: null };
  const main = readRef(repository, MAIN);
  if (ON_MAIN.has(event)) return main === null ? null : { ...base, sha: main, ref: MAIN, branch: null };
  if (event === 'push') {
    const [ref, sha] = [textOf(payload.ref) ?? '', textOf(payload.after) ?? ''];
    return payload.deleted === true ? null : { ...base, sha, ref, branch: ref.startsWith('refs/heads/') ? ref.slice(11) : null };
  }
  if (event === 'workflow_dispatch') {
    const ref = textOf(payload.ref) ?? MAIN;
    const sha = readRef(repository, ref);
    return sha === null ? null : { ...base, sha, ref, branch: null, only: textOf(payload.workflow) };
  }
  if (event === 'pull_request' || event === 'pull_request_review')
    return onPull(repository, base, fieldsOf(payload.pull_request));
  return null;
}

/** Workflows of a pull request run on the merge of head and base, which does not exist when they conflict. */
function onPull(repository: Repository, base: Omit<Trigger, 'sha' | 'ref' | 'branch'>, pull: Fields): Trigger | null {
  const branch = textOf(fieldsOf(pull.base).ref) ?? '';
  const head = textOf(fieldsOf(pull.head).sha) ?? '';
  const tip = readRef(repository, `refs/heads/${branch}`);
  const number = /\/(\d+)$/.exec(textOf(pull.url) ?? '')?.[1];
  if (tip === null || number === undefined) return null;
  const by = { name: 'GitHub', email: 'noreply@github.com', date: readCommit(repository, head)?.committer.date ?? '' };
  const message = `Merge ${head} into ${tip}`;
  const sha = mergeCommit(repository, { base: tip, head, author: by, committer: by, message });
  if (sha === null) return null;
  const ref = `refs/pull/${number}/merge`;
  writeRef(repository, ref, sha);
  return { ...base, sha, ref, branch };
}

/** The workflows at the trigger's commit that want to run. */
export function workflowsFor(dir: string, trigger: Trigger): readonly Workflow[] {
  return workflowsAt(dir, trigger.sha).filter((workflow) => wants(workflow, trigger));
}

export function workflowsAt(dir: string, sha: string): readonly Workflow[] {
  const repository = openRepository(dir);
  const tree = readCommit(repository, sha)?.tree ?? '';
  const folder = entryAt(repository, tree, '.github/workflows');
  const files = folder === null ? [] : (readTree(repository, folder.sha) ?? []);
  return files.flatMap((file) => {
    const text = /\.ya?ml$/.test(file.path) ? repository.read(file.sha)?.content.toString() : undefined;
    return text === undefined ? [] : (readWorkflow(`.github/workflows/${file.path}`, text) ?? []);
  });
}

/** What each text says: every event asks for every workflow. */
const readBefore = new Map<string, Workflow | null>();

function readWorkflow(path: string, text: string): Workflow | null {
  const key = `${path}\0${text}`;
  const found = readBefore.has(key) ? (readBefore.get(key) ?? null) : parseWorkflow(path, text);
  readBefore.set(key, found);
  return found;
}

function wants(workflow: Workflow, trigger: Trigger): boolean {
  const filter = workflow.on[trigger.event];
  if (filter === undefined || (trigger.only !== null && trigger.only !== workflow.path)) return false;
  const types = filter.types === undefined ? DEFAULT_TYPES[trigger.event] : listed(filter, 'types');
  if (types !== undefined && trigger.action !== null && !types.includes(trigger.action)) return false;
  return branchFits(filter, trigger) && pathsFit(filter, trigger);
}

function branchFits(filter: Fields, trigger: Trigger): boolean {
  const branches = listed(filter, 'branches');
  const ignored = listed(filter, 'branches-ignore');
  const tagsOnly = filter.tags !== undefined && filter.branches === undefined && filter['branches-ignore'] === undefined;
  if (trigger.branch === null) return trigger.event !== 'push' || filter.branches === undefined;
  if (trigger.event === 'push' && tagsOnly) return false;
  const { branch } = trigger;
  if (ignored.some((pattern) => fits(pattern, branch))) return false;
  return branches.length === 0 || branches.some((pattern) => fits(pattern, branch));
}

function pathsFit(filter: Fields, trigger: Trigger): boolean {
  const paths = listed(filter, 'paths');
  if (paths.length === 0 || trigger.event !== 'push') return true;
  const touched = rowsOf(trigger.payload.commits).flatMap((commit) => [
    ...textsOf(commit.added),
    ...textsOf(commit.removed),
    ...textsOf(commit.modified),
  ]);
  return touched.some((path) => paths.some((pattern) => fits(pattern, path)));
}

function listed(filter: Fields, name: string): readonly string[] {
  const value = filter[name];
  return typeof value === 'string' ? [value] : textsOf(value);
}

/** `*` stays within a path segment, `**` does not. */
export function fits(pattern: string, name: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*\*\/?|\*|\?/g, (sign) => (sign === '*' ? '[^/]*' : sign === '?' ? '[^/]' : '.*'));
  return new RegExp(`^${source}$`).test(name);
}
