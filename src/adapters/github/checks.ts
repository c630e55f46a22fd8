import type { Octokit } from '@octokit/core';
import { type Known, known, unknown } from '../../model/known.ts';
import type { RolloutEntry } from '../../model/rollout.ts';
import type { GateReporter, RolloutLog } from '../../ports.ts';
import { parseRollout, rolloutText } from '../../schema/rollout.ts';
import type { GithubReads, Repository } from './reads.ts';

const GATE = 'sluice/gate';
const ROLLOUT = 'sluice/rollout';

export function gateReporter(octokit: Octokit, repository: Repository): GateReporter {
  return {
    async check(headSha, conclusion, title, summary) {
      await octokit.request('POST /repos/{owner}/{repo}/check-runs', {
        ...repository,
        name: GATE,
        head_sha: headSha,
        status: 'completed',
        conclusion,
        output: { title, summary: bounded(summary) },
      });
    },
  };
}

/** GitHub refuses a check's text beyond 65,535 characters. */
function bounded(text: string): string {
  return text.length <= 60_000 ? text : `${text.slice(0, 60_000)}\n\n… cut here; the rest is longer than GitHub shows.\n`;
}

/** Reads the rollout's entries from the one check run of the apply App; check runs of anybody else are not looked at. */
export function rolloutReader(reads: GithubReads, applyAppId: number): Pick<RolloutLog, 'read'> {
  return { read: async (merge) => (await findLog(reads, applyAppId, merge)).entries };
}

/**
 * The log itself. Only the holder of the apply App's key can build one that works: GitHub refuses everybody else's update. Nobody else
 * writes it while this attempt holds the workspace's concurrency group, so it is read once.
 */
export function rolloutLog(octokit: Octokit, reads: GithubReads, applyAppId: number): RolloutLog {
  const seen = new Map<string, Found>();
  const find = async (merge: string) => seen.get(merge) ?? (await findLog(reads, applyAppId, merge));
  return {
    async read(merge) {
      const found = await find(merge);
      if (found.entries.known) seen.set(merge, found);
      return found.entries;
    },
    async append(merge, ...added) {
      const found = await find(merge);
      if (!found.entries.known)
        throw new Error(`the rollout log of ${merge} cannot be read, so nothing is added to it: ${found.entries.why}`);
      const entries = [...found.entries.value, ...added];
      // Forgotten until GitHub has it: what is not stored was not noted.
      seen.delete(merge);
      const id = await store(octokit, reads.repository, merge, found.id, entries);
      seen.set(merge, { id, entries: known(entries) });
    },
  };
}

interface Found {
  readonly id: number | null;
  readonly entries: Known<readonly RolloutEntry[]>;
}

async function store(
  octokit: Octokit,
  repository: Repository,
  merge: string,
  id: number | null,
  entries: readonly RolloutEntry[],
): Promise<number> {
  const last = entries.at(-1);
  if (!last) throw new Error('there is nothing to note');
  const output = {
    title: last.what,
    summary: `${entries.length} entries; the last: ${last.what} at ${last.at}.`,
    text: rolloutText(entries),
  };
  if (id === null) {
    const { data } = await octokit.request('POST /repos/{owner}/{repo}/check-runs', {
      ...repository,
      name: ROLLOUT,
      head_sha: merge,
      ...standing(last),
      output,
    });
    return Number(data.id);
  }
  const route = 'PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}';
  const now = standing(last);
  const before = entries.at(-2);
  // GitHub tells of a check run when it becomes completed: one that was completed is opened again first, so that it is told again.
  if (before && standing(before).status === 'completed' && now.status === 'completed')
    await octokit.request(route, { ...repository, check_run_id: id, status: 'in_progress' });
  await octokit.request(route, { ...repository, check_run_id: id, ...now, output });
  return id;
}

async function findLog(reads: GithubReads, app: number, merge: string): Promise<Found> {
  const listed = await reads.get('GET /repos/{owner}/{repo}/commits/{ref}/check-runs', {
    ref: merge,
    check_name: ROLLOUT,
    app_id: app,
    filter: 'all',
    per_page: 100,
  });
  if (!listed) return { id: null, entries: unknown(`no commit ${merge}`) };
  const ours = listed.check_runs.filter((run) => Number(run.app?.id) === app && run.name === ROLLOUT);
  const [only] = ours;
  if (listed.total_count > listed.check_runs.length)
    return { id: null, entries: unknown(`${listed.total_count} check runs, not all listed`) };
  if (ours.length > 1) return { id: null, entries: unknown(`${ours.length} check runs named ${ROLLOUT}; one is needed`) };
  return { id: only ? Number(only.id) : null, entries: parseRollout(only?.output.text ?? '') };
}

function standing(
  entry: RolloutEntry,
):
  | { readonly status: 'in_progress' }
  | { readonly status: 'completed'; readonly conclusion: 'success' | 'failure' | 'neutral' | 'action_required' } {
  switch (entry.what) {
    // Waiting for a run is an end of this attempt: only a completed check run wakes the App, which tells the incident.
    case 'verified':
      if (entry.verification.verdict === 'awaiting-run') return { status: 'completed', conclusion: 'neutral' };
      return entry.verification.verdict === 'improved'
        ? { status: 'completed', conclusion: 'success' }
        : entry.verification.verdict === 'inconclusive'
          ? { status: 'completed', conclusion: 'action_required' }
          : { status: 'in_progress' };
    case 'done':
      return { status: 'completed', conclusion: 'success' };
    case 'refused':
      return { status: 'completed', conclusion: 'action_required' };
    case 'proposal-due':
      return { status: 'completed', conclusion: 'failure' };
    case 'written':
    case 'adopted':
      return entry.direction === 'rollback' ? { status: 'completed', conclusion: 'failure' } : { status: 'in_progress' };
    default:
      return { status: 'in_progress' };
  }
}
