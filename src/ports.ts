import type { Policy } from './model/config.ts';
import type { Delivery } from './model/delivery.ts';
import type { FollowUp } from './model/follow-up.ts';
import type { ChangeFacts, FollowUpFacts, GateQuestion, Permission, Person } from './model/gate.ts';
import type { History, HistoryEntry } from './model/history.ts';
import type { Job, NodeType, Run, StageSummary, TaskError } from './model/job.ts';
import type { Known } from './model/known.ts';
import type { QueuedPull } from './model/merge-queue.ts';
import type { Merged, PolicyHistory } from './model/merged-change.ts';
import type { Fault } from './model/reason.ts';
import type { RolloutEntry, RolloutKey } from './model/rollout.ts';
import type { RunbookFile } from './model/runbook.ts';
import type { MetricSeries } from './model/series.ts';
import type { CommittedFile, MergeAnswer, Note, Proposal, Remark, Thread } from './model/thread.ts';
import type { GateConclusion } from './model/verdict.ts';

/** Time is a fact like any other: flows read it once and pass it on. */
export interface Clock {
  now(): Promise<Date>;
  sleep(milliseconds: number): Promise<void>;
}

export interface IssueReader {
  /** Our issues with this marker in their body, newest first; only ones that our App opened. */
  findByMarker(marker: string): Promise<readonly Thread[]>;
  thread(number: number): Promise<Thread>;
  notes(number: number): Promise<readonly Note[]>;
  /** The reviews of a pull request. */
  reviews(number: number): Promise<readonly Note[]>;
}

export interface IssueWriter {
  open(title: string, body: string, labels: readonly string[]): Promise<Thread>;
  update(
    number: number,
    change: { readonly body?: string; readonly labels?: readonly string[]; readonly state?: 'open' | 'closed' | 'not_planned' },
  ): Promise<void>;
  comment(number: number, body: string): Promise<number>;
  editComment(id: number, body: string): Promise<void>;
  react(commentId: number, reaction: 'eyes' | '+1' | '-1' | 'confused'): Promise<void>;
}

/** The repository's content at a commit or branch. */
export interface ContentReader {
  /** The commit that a branch points at now. */
  tip(branch: string): Promise<string>;
  /** A file's text and blob id; null when there is no such file. */
  read(path: string, ref: string): Promise<{ readonly text: string; readonly blob: string } | null>;
  list(folder: string, ref: string): Promise<readonly { readonly path: string; readonly mode: string; readonly blob: string }[]>;
}

export interface ProposalWriter {
  /** One commit on a new branch off `base`. Null when a branch of that name is there already. */
  commit(branch: string, base: string, files: readonly CommittedFile[], message: string): Promise<string | null>;
  /** Null when somebody has opened one from that branch already. */
  open(branch: string, title: string, body: string, draft: boolean): Promise<Proposal | null>;
  /** The newest pull request of our own App from that branch of this repository. */
  find(branch: string): Promise<Proposal | null>;
  /** One review of that head: a text, and remarks on changed lines. */
  explain(number: number, sha: string, text: string, remarks: readonly Remark[]): Promise<void>;
  /** Merges only while the head is `sha`; false when GitHub refused because it moved or cannot be merged. */
  merge(number: number, sha: string, title: string, message: string): Promise<MergeAnswer>;
}

/** The merge queue that GitHub puts before a branch where a rule asks for it. */
export interface MergeQueue {
  /** What would come onto the branch with the queue's commit `head`, first one first; null: it is on the branch already. */
  group(branch: string, head: string): Promise<Known<readonly QueuedPull[] | null>>;
  /** Only while the pull request's head is `sha`; false when GitHub refused. */
  enter(number: number, sha: string): Promise<boolean>;
  leave(number: number): Promise<void>;
}

/** Reads what algorithm A needs, each fact complete or unknown with its reason: first the change, then what it raises. */
export interface GateFactReader {
  change(question: GateQuestion): Promise<ChangeFacts>;
  followUp(change: ChangeFacts, asked: FollowUp): Promise<FollowUpFacts>;
  /** Who said what on the incident's issue, every version of it; null: something that cannot be told any more. */
  commanders(issue: number): Promise<Known<readonly { readonly person: Person; readonly texts: readonly string[] | null }[]>>;
}

export interface GateReporter {
  check(headSha: string, conclusion: GateConclusion, title: string, summary: string): Promise<void>;
}

export interface Metrics {
  /** One number at an instant; absent, NaN, several series or an error come back as Evidence of that quality. */
  instant(query: string, at: Date): Promise<Known<readonly MetricSeries[]>>;
  range(query: string, from: Date, to: Date, stepSeconds: number): Promise<Known<readonly MetricSeries[]>>;
}

/** Databricks, reading only: the type of client that everything but `apply` holds. */
export interface WorkspaceReader {
  readonly name: string;
  readonly host: string;
  job(id: string): Promise<Known<Job>>;
  jobsNamed(name: string): Promise<Known<readonly string[]>>;
  /** Newest first, at most `limit`. */
  runs(jobId: string, limit: number): Promise<Known<readonly Run[]>>;
  run(runId: string): Promise<Known<Run>>;
  details: WorkspaceDetails;
}

export interface WorkspaceDetails {
  taskError(taskRunId: string): Promise<Known<TaskError>>;
  clusterEvents(
    clusterId: string,
  ): Promise<Known<readonly { readonly type: string; readonly at: string; readonly reason: string }[]>>;
  nodeTypes(): Promise<Known<readonly NodeType[]>>;
}

/** Databricks, writing. Constructed by the Action's apply alone (law 2). A broken wire is `unsure`: the write may have happened. */
export interface WorkspaceWriter {
  reset(jobId: string, settings: string): Promise<WriteAnswer>;
  repair(runId: string, latestRepairId: string | null): Promise<WriteAnswer>;
  cancel(runId: string): Promise<WriteAnswer>;
  runNow(jobId: string, token: string, parameters: Readonly<Record<string, string>>): Promise<WriteAnswer>;
}

export type WriteAnswer =
  | { readonly done: true; readonly id: string | null }
  | { readonly done: false; readonly sure: boolean; readonly why: string };

/** Spark stage data from event logs, live REST or a History Server: of a run, or of the application of that id or name, or of the newest. */
export interface StageReader {
  stages(run: Run | null, application: string | null): Promise<Known<readonly StageSummary[]>>;
}

/** The check run `sluice/rollout` of a target on a merge commit, owned by the apply App: nobody else can write it. */
export interface RolloutLog {
  read(key: RolloutKey): Promise<Known<readonly RolloutEntry[]>>;
  /** Adds entries at once, durably: when it returns, they are noted. */
  append(key: RolloutKey, ...entries: readonly RolloutEntry[]): Promise<void>;
}

export interface DeploymentReporter {
  create(sha: string, environment: string, description: string): Promise<number>;
  status(id: number, state: 'in_progress' | 'success' | 'failure' | 'inactive', description: string): Promise<void>;
}

/** Everything the reads of an investigation go through; the MCP tools are built on the same object. */
export interface InvestigationReads {
  readonly metrics: Metrics | null;
  readonly workspace: WorkspaceReader | null;
  readonly stages: StageReader | null;
}

/** The repository's own configuration at one commit. */
export interface ConfigReader {
  /** The policy of the default branch now. */
  config(): Promise<Policy>;
  /** Runbooks in `runbooks/`, with the faults of those that cannot be read; a faulty runbook is left out and said. */
  runbooks(commit: string): Promise<{ readonly runbooks: readonly RunbookFile[]; readonly faults: readonly Fault[] }>;
}

/** The history of one incident or proposal: signed entries in our App's comments there. */
export interface HistoryLog {
  read(thread: number): Promise<History>;
  /** The same of a pull request, whose reviews carry marks too. */
  readPull(pull: number): Promise<History>;
  /** The invisible mark that carries these entries in a comment of that thread. */
  mark(thread: number, entries: readonly HistoryEntry[]): string;
}

/** Who may command us. */
export interface People {
  permission(login: string): Promise<Known<Permission>>;
}

export interface MergedChangeReader {
  /** Reads the default branch as it is now, or as it was at `tip`; `files` are those of all targets. */
  merged(files: readonly string[], tip?: string): Promise<Known<Merged>>;
  /** The same of the policy's files, believing no commit's date: one call more. */
  policy(tip: string): Promise<Known<PolicyHistory>>;
  /** What one commit brought against its first parent. */
  at(merge: string, files: readonly string[]): Promise<Known<Pick<Merged, 'changes' | 'touched'>>>;
}

/** Whether the environment that guards the credential admits the default branch only. */
export interface EnvironmentReader {
  restricted(name: string): Promise<Known<boolean>>;
}

export interface Inbox {
  /** Stores a delivery; false when it was stored before. Only then is its sender told 202. */
  put(delivery: Delivery): Promise<boolean>;
  start(worker: (delivery: Delivery) => Promise<void>): void;
  idle(): Promise<void>;
}

/** Wakes the Action. It is told to look, nothing else: what it does it derives from GitHub. */
export interface Waker {
  wake(): Promise<void>;
}

/** Asks the gate again at an instant at which nothing happens that could tell us; null: nothing is waited for any more. */
export interface Alarm {
  set(pull: number, at: string | null): void;
}
