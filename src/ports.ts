import type { Evidence } from './model/evidence.ts';
import type { GateFacts, GateQuestion } from './model/gate.ts';
import type { Job, NodeType, Run, StageSummary, TaskError } from './model/job.ts';
import type { Known } from './model/known.ts';
import type { RolloutEntry } from './model/rollout.ts';

/** Time is a fact like any other: flows read it once and pass it on. */
export interface Clock {
  now(): Promise<Date>;
}

/** An issue or a pull request's conversation, as the flows need it. */
export interface Thread {
  readonly number: number;
  readonly state: 'open' | 'closed';
  readonly title: string;
  readonly body: string;
  readonly labels: readonly string[];
  readonly closedAt: string | null;
  readonly isPull: boolean;
}

export interface Note {
  readonly id: number;
  readonly body: string;
  /** True when this comment was written by our own App. */
  readonly ours: boolean;
  readonly createdAt: string;
}

export interface IssueReader {
  /** Our issues with this marker in their body, newest first; only ones that our App opened. */
  findByMarker(marker: string): Promise<readonly Thread[]>;
  thread(number: number): Promise<Thread>;
  notes(number: number): Promise<readonly Note[]>;
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
  /** The commit that the default branch points at now. */
  tip(): Promise<string>;
  /** A file's text and blob id; null when there is no such file. */
  read(path: string, ref: string): Promise<{ readonly text: string; readonly blob: string } | null>;
  list(folder: string, ref: string): Promise<readonly { readonly path: string; readonly blob: string }[]>;
}

export interface Proposal {
  readonly number: number;
  readonly headSha: string;
  readonly branch: string;
  readonly state: 'open' | 'closed';
  readonly merged: boolean;
  readonly draft: boolean;
}

export interface ProposalWriter {
  /** One commit on a new branch off `base`; a text of null deletes the file. Returns the commit. An equal existing branch is found, not remade. */
  commit(
    branch: string,
    base: string,
    files: readonly { readonly path: string; readonly text: string | null }[],
    message: string,
  ): Promise<string>;
  open(branch: string, title: string, body: string, draft: boolean): Promise<Proposal>;
  find(branch: string): Promise<Proposal | null>;
  explain(
    number: number,
    sha: string,
    remarks: readonly { readonly path: string; readonly line: number; readonly body: string }[],
  ): Promise<void>;
  /** Merges only while the head is `sha`; false when GitHub refused because it moved or cannot be merged. */
  merge(
    number: number,
    sha: string,
    title: string,
    message: string,
  ): Promise<{ readonly merged: boolean; readonly sha: string | null; readonly why: string }>;
}

/** Gathers every fact algorithm A needs, each complete or unknown with its reason. */
export interface GateFactReader {
  gather(question: GateQuestion): Promise<GateFacts>;
}

export interface GateReporter {
  check(
    headSha: string,
    conclusion: 'success' | 'failure' | 'action_required' | 'neutral',
    title: string,
    summary: string,
  ): Promise<void>;
}

export interface Metrics {
  /** One number at an instant; absent, NaN, several series or an error come back as Evidence of that quality. */
  instant(query: string, at: Date): Promise<Known<readonly MetricSeries[]>>;
  range(query: string, from: Date, to: Date, stepSeconds: number): Promise<Known<readonly MetricSeries[]>>;
}

export interface MetricSeries {
  readonly labels: Readonly<Record<string, string>>;
  /** [seconds since 1970, value]; NaN and infinities are kept as they are. */
  readonly points: readonly (readonly [number, number])[];
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
  runNow(jobId: string, token: string, parameters: Readonly<Record<string, string>>): Promise<WriteAnswer>;
}

export type WriteAnswer =
  | { readonly done: true; readonly id: string | null }
  | { readonly done: false; readonly sure: boolean; readonly why: string };

/** Spark stage data of one run, from event logs, live REST or a History Server. */
export interface StageReader {
  stages(run: Run): Promise<Known<readonly StageSummary[]>>;
}

/** The check run `sluice/rollout` on a merge commit, owned by the apply App: nobody else can write it. */
export interface RolloutLog {
  read(mergeSha: string): Promise<Known<readonly RolloutEntry[]>>;
  append(mergeSha: string, entry: RolloutEntry): Promise<void>;
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

export type EvidenceLog = readonly Evidence[];
