import { clockOf } from '../adapters/clock/clock.ts';
import { contentReader } from '../adapters/github/contents.ts';
import { gateFactReader } from '../adapters/github/gate-facts.ts';
import { mergedChangeReader } from '../adapters/github/merged-changes.ts';
import { githubReads, type Repository } from '../adapters/github/reads.ts';
import type { LivePorts } from '../flow/live-facts.ts';
import { type ConfiguredMetrics, type ConfiguredSpark, type ConfiguredWorkspace, metricsNamed } from '../schema/settings.ts';
import { quietOctokit } from './quiet-octokit.ts';
import { readsOf } from './reads.ts';

export interface ReadingSettings {
  readonly apiUrl: string;
  readonly token: string;
  readonly repository: Repository;
  readonly workspaces: readonly ConfiguredWorkspace[];
  readonly metrics: readonly ConfiguredMetrics[];
  /** Absent: event logs are read at the clusters' log destinations alone. */
  readonly spark?: ConfiguredSpark | null;
  /** Numeric ids of our Apps' bot accounts, for bare approvals. */
  readonly ours: readonly number[];
  /** Id of our App, to tell its check from others of its name. */
  readonly appId: number | null;
  readonly twinClock: string | undefined;
}

/** What the gate asks, for somebody who only wants its answer: no client here can write anywhere. Null: no such repository. */
export async function readingPorts(settings: ReadingSettings): Promise<LivePorts | null> {
  const reads = githubReads(quietOctokit(settings.apiUrl, settings.token), settings.repository);
  const found = await reads.get('GET /repos/{owner}/{repo}', {});
  if (!found) return null;
  const clock = clockOf(settings.twinClock);
  return {
    clock,
    facts: gateFactReader(reads, { id: Number(found.id), defaultBranch: found.default_branch }),
    content: contentReader(reads),
    merged: mergedChangeReader(reads, clock),
    reads: (name) =>
      readsOf(
        settings.workspaces.find((one) => one.name === name) ?? null,
        metricsNamed(settings.metrics, name),
        settings.spark ?? null,
      ),
    log: null,
    ours: settings.ours,
    appId: settings.appId,
  };
}
