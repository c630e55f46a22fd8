import { formatOf, pointerOf } from '../../core/edit/edit.ts';
import { explainChange } from '../../flow/explain.ts';
import type { Change } from '../../model/change.ts';
import type { FollowUpFacts, GateQuestion } from '../../model/gate.ts';
import { parseMetricsServers, parseWorkspaces } from '../../schema/settings.ts';
import { readingPorts } from '../reading.ts';
import { accountId, type SeenPull } from './people.ts';
import { SERVER_APP } from './seed.ts';
import type { World } from './world.ts';

/** What the gate sees of a pull request, as `--json` prints it. */
export interface Judged {
  readonly approvals: readonly { readonly login: string; readonly sha: string }[];
  readonly denied: readonly { readonly login: string; readonly reason: string }[];
  /** Of the change record; null where the change has none, or acts on no job. */
  readonly workspace: string | null;
  readonly jobId: string | null;
  /** Lexemes on both sides, null: not there. The pointer is RFC 6901 in the file as the change leaves it; for a `.conf` file the key. */
  readonly changes: readonly { readonly pointer: string; readonly old: string | null; readonly new: string | null }[];
}

export const NOTHING_PROPOSED: Judged = { approvals: [], denied: [], workspace: null, jobId: null, changes: [] };

/**
 * Asks the gate once more, as `sluice gate` and `sluice explain` do: on GitHub's own answers, with the token of a person who reads. Throws when
 * the record or a file that it names cannot be read.
 */
export async function judged(world: World, pull: SeenPull): Promise<Judged> {
  const { facts, verdict } = await explainChange(questionOf(pull), await portsOf(world));
  const { followUp } = facts;
  if (!followUp.record.known) throw new Error(`the record of #${pull.number} cannot be read: ${followUp.record.why}`);
  const record = followUp.record.value?.record ?? null;
  return {
    approvals: verdict.counted.map(({ person: { login }, sha }) => ({ login, sha })),
    denied: verdict.dropped.map(({ login, code }) => ({ login, reason: code })),
    workspace: record?.workspace ?? null,
    jobId: record?.job_id ?? null,
    changes: (record?.changes ?? []).map((change) => ({
      pointer: placeOf(change, followUp),
      old: change.old,
      new: change.new,
    })),
  };
}

function questionOf(pull: SeenPull): GateQuestion {
  return pull.merge ? { moment: 'apply', merge: pull.merge } : { moment: 'open', pull: pull.number };
}

async function portsOf({ github, plant, appEnvironment }: World) {
  const token = 'token-of-olga';
  const ports = await readingPorts({
    apiUrl: github.url,
    token,
    repository: { owner: github.owner, repo: github.repo },
    workspaces: parseWorkspaces(appEnvironment),
    metrics: parseMetricsServers(appEnvironment),
    appId: SERVER_APP.id,
    ours: [await accountId(github.url, SERVER_APP.bot, token)],
    twinClock: plant.clockUrl,
  });
  if (!ports) throw new Error(`there is no ${github.owner}/${github.repo}`);
  return ports;
}

function placeOf({ file, selector }: Change, { blobs }: FollowUpFacts): string {
  const [text, format] = [blobs.find((one) => one.path === file)?.after, formatOf(file)];
  if (!format || !text?.known || text.value === null) throw new Error(`${file} cannot be read as the change leaves it`);
  const pointer = pointerOf(format, text.value, selector);
  if (!pointer.ok) throw new Error(`${file} has no ${selector}: ${pointer.reason.observed}`);
  return pointer.value;
}
