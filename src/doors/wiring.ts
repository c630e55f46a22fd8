import type { Octokit } from '@octokit/core';
import { clockOf } from '../adapters/clock/clock.ts';
import { gateReporter, rolloutReader } from '../adapters/github/checks.ts';
import { contentReader, policyReader } from '../adapters/github/contents.ts';
import { peopleReader, personReader } from '../adapters/github/follow-up.ts';
import { gateFactReader } from '../adapters/github/gate-facts.ts';
import { historyLog } from '../adapters/github/history.ts';
import { issueReader, issueWriter } from '../adapters/github/issues.ts';
import { mergeQueue } from '../adapters/github/merge-queue.ts';
import { mergedChangeReader } from '../adapters/github/merged-changes.ts';
import { proposalWriter } from '../adapters/github/proposals.ts';
import { openPulls, pullsHeadedBy } from '../adapters/github/pull.ts';
import { githubReads, type Repository } from '../adapters/github/reads.ts';
import { runbookReader, type TypedRunbooks, typedRunbooks } from '../adapters/github/runbooks.ts';
import { waker } from '../adapters/github/waker.ts';
import type { AnswerPorts } from '../flow/answer.ts';
import type { OpenPorts } from '../flow/open.ts';
import type { Permission, Person } from '../model/gate.ts';
import type { Known } from '../model/known.ts';
import type { Alarm } from '../ports.ts';
import { type ConfiguredMetrics, type ConfiguredSpark, type ConfiguredWorkspace, metricsNamed } from '../schema/settings.ts';
import { readsOf } from './reads.ts';

/** What the App process is given: reading credentials and its own key; nothing that can write to Databricks (law 2). */
export interface AppSettings {
  /** Login of our App's bot account, such as `sluice[bot]`. */
  readonly botLogin: string;
  /** The server App's own id: only its check runs are the gate's word. */
  readonly appId: number;
  readonly applyAppId: number;
  readonly recordKey: string;
  readonly workspaces: readonly ConfiguredWorkspace[];
  readonly metrics: readonly ConfiguredMetrics[];
  /** Absent: event logs are read at the clusters' log destinations alone. */
  readonly spark?: ConfiguredSpark | null;
  readonly twinClock: string | undefined;
  /** Absent: this repository alone remembers what it typed. */
  readonly typed?: TypedRunbooks;
}

export type AppPorts = OpenPorts &
  AnswerPorts & {
    /** The open pull requests whose head this commit is. */
    readonly headedBy: (sha: string) => Promise<readonly number[]>;
    /** The open pull requests onto the default branch. */
    readonly openPulls: () => Promise<readonly number[]>;
    /** Whose login this is now, and what they may do here; null: nobody's. */
    readonly personNamed: (login: string) => Promise<Known<{ readonly person: Person; readonly permission: Permission } | null>>;
  };

export interface RepositoryFacts {
  readonly id: number;
  readonly defaultBranch: string;
  /** Numeric user id of our App's bot account. */
  readonly botId: number;
}

/** Every port of the App for one repository, on one installation's client. */
export function appPorts(
  octokit: Octokit,
  at: Repository,
  facts: RepositoryFacts,
  settings: AppSettings,
  alarm: Alarm,
): AppPorts {
  const reads = githubReads(octokit, at);
  const content = contentReader(reads);
  const clock = clockOf(settings.twinClock);
  const reader = issueReader(reads, settings.botLogin);
  return {
    clock,
    repository: `${at.owner}/${at.repo}`,
    repositoryId: facts.id,
    ours: [facts.botId],
    appId: settings.appId,
    issues: { ...reader, ...issueWriter(octokit, at) },
    content,
    config: { ...policyReader(reads), ...runbookReader(content, settings.typed ?? typedRunbooks()) },
    history: historyLog(reader, at, settings.recordKey),
    proposals: proposalWriter(octokit, reads, facts.defaultBranch, facts.botId),
    queue: mergeQueue(octokit, reads),
    facts: gateFactReader(reads, facts),
    merged: mergedChangeReader(reads, clock),
    reporter: gateReporter(octokit, at),
    alarm,
    people: peopleReader(reads),
    waker: waker(octokit, at),
    headedBy: (sha) => pullsHeadedBy(reads, sha),
    openPulls: () => openPulls(reads, facts.defaultBranch),
    personNamed: personReader(reads),
    log: rolloutReader(reads, settings.applyAppId),
    reads: (workspace) =>
      readsOf(
        settings.workspaces.find((one) => one.name === workspace) ?? null,
        metricsNamed(settings.metrics, workspace),
        settings.spark ?? null,
      ),
  };
}
