import type { Octokit } from '@octokit/core';
import { type Known, known, unknown } from '../../model/known.ts';
import { GATE_CHECK } from '../../model/protection.ts';
import type { RolloutEntry, RolloutKey } from '../../model/rollout.ts';
import type { GateReporter, RolloutLog } from '../../ports.ts';
import { parseRollout, rolloutText } from '../../schema/rollout.ts';
import type { GithubReads, Repository } from './reads.ts';

const ROLLOUT = 'sluice/rollout';

export function gateReporter(octokit: Octokit, repository: Repository): GateReporter {
  return {
    async check(headSha, conclusion, title, summary) {
      await octokit.request('POST /repos/{owner}/{repo}/check-runs', {
        ...repository,
        name: GATE_CHECK,
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

/** An answer of GitHub this old is asked for again before anything is added to it: another attempt may have written since. */
const FRESH_MS = 60_000;

/** Reads the rollout's entries from the one check run of the apply App; check runs of anybody else are not looked at. */
export function rolloutReader(reads: GithubReads, applyAppId: number): Pick<RolloutLog, 'read'> {
  return { read: async (key) => (await findLog(reads, applyAppId, key)).entries };
}

/** The log itself. Only the holder of the apply App's key can build one that works: GitHub refuses everybody else's update. */
export function rolloutLog(octokit: Octokit, reads: GithubReads, applyAppId: number): RolloutLog {
  const seen = new Map<string, Found & { readonly at: number }>();
  const find = async (key: RolloutKey) => {
    const name = nameOf(key);
    const known = seen.get(name);
    if (known && performance.now() - known.at < FRESH_MS) return known;
    const found = { ...(await findLog(reads, applyAppId, key)), at: performance.now() };
    if (found.entries.known) seen.set(name, found);
    return found;
  };
  return {
    read: async (key) => (await find(key)).entries,
    async append(key, ...added) {
      const found = await find(key);
      if (!found.entries.known)
        throw new Error(`the rollout log of ${key.merge} cannot be read, so nothing is added to it: ${found.entries.why}`);
      const entries = [...found.entries.value, ...added];
      // Forgotten until GitHub has it: what is not stored was not noted.
      seen.delete(nameOf(key));
      const id = await store(octokit, reads.repository, key, found, entries);
      seen.set(nameOf(key), { id, entries: known(entries), at: performance.now() });
    },
  };
}

function nameOf({ merge, target }: RolloutKey): string {
  return `${merge} ${target}`;
}

interface Found {
  readonly id: number | null;
  readonly entries: Known<readonly RolloutEntry[]>;
}

async function store(
  octokit: Octokit,
  repository: Repository,
  { merge, target }: RolloutKey,
  found: Found,
  entries: readonly RolloutEntry[],
): Promise<number> {
  const last = entries.at(-1);
  if (!last) throw new Error('there is nothing to note');
  const summary = `${target}: ${last.what} at ${last.at}, entry ${entries.length} of its log.`;
  const output = { title: last.what, summary, text: rolloutText(entries) };
  const now = standing(last, entries);
  if (found.id === null) {
    const opened = { name: ROLLOUT, head_sha: merge, external_id: target };
    const { data } = await octokit.request('POST /repos/{owner}/{repo}/check-runs', { ...repository, ...opened, ...now, output });
    return Number(data.id);
  }
  const route = 'PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}';
  const past = found.entries.known ? found.entries.value : [];
  const before = past.at(-1);
  // GitHub tells of a check run when it becomes completed: one that was completed is opened again first, so that it is told again.
  if (before && standing(before, past).status === 'completed' && now.status === 'completed')
    await octokit.request(route, { ...repository, check_run_id: found.id, status: 'in_progress' });
  await octokit.request(route, { ...repository, check_run_id: found.id, ...now, output });
  return found.id;
}

async function findLog(reads: GithubReads, app: number, { merge, target }: RolloutKey): Promise<Found> {
  const listed = await reads.get('GET /repos/{owner}/{repo}/commits/{ref}/check-runs', {
    ref: merge,
    check_name: ROLLOUT,
    app_id: app,
    filter: 'all',
    per_page: 100,
  });
  if (!listed) return { id: null, entries: unknown(`no commit ${merge}`) };
  if (listed.total_count > listed.check_runs.length)
    return { id: null, entries: unknown(`${listed.total_count} check runs, not all listed`) };
  const ours = listed.check_runs.filter(
    (run) => Number(run.app?.id) === app && run.name === ROLLOUT && run.external_id === target,
  );
  const [only] = ours;
  if (ours.length > 1) return { id: null, entries: unknown(`${ours.length} check runs ${ROLLOUT} of ${target}; one is needed`) };
  return { id: only ? Number(only.id) : null, entries: parseRollout(only?.output.text ?? '') };
}

function standing(
  entry: RolloutEntry,
  log: readonly RolloutEntry[],
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
      return entry.direction === 'rollback' ? UNDONE : { status: 'in_progress' };
    // A stream that runs with its old settings again is the end of a rollback.
    case 'rerun':
      return log.some((one) => isPut(one) && one.direction === 'rollback') ? UNDONE : { status: 'in_progress' };
    default:
      return { status: 'in_progress' };
  }
}

const UNDONE = { status: 'completed', conclusion: 'failure' } as const;

function isPut(entry: RolloutEntry): entry is Extract<RolloutEntry, { what: 'written' | 'adopted' }> {
  return entry.what === 'written' || entry.what === 'adopted';
}
