import { foldRollout } from '../../core/rollout.ts';
import { type Known, known } from '../../model/known.ts';
import type { RolloutEntry } from '../../model/rollout.ts';
import { parseRollout } from '../../schema/rollout.ts';
import { closeOnSignal, createClosers } from './closers.ts';
import { expectationIn } from './follow.ts';
import { type Judged, judged, NOTHING_PROPOSED } from './judged.ts';
import { checkTexts } from './people.ts';
import { type Played, play } from './play.ts';
import type { Ending, Scenario } from './scenarios.ts';
import type { Teller } from './tell.ts';
import type { WorldOptions } from './world.ts';

/** One scenario's result, as `--json` prints it. */
export interface ScenarioResult {
  readonly scenario: string;
  /** Whether a real Prometheus and Alertmanager took part. */
  readonly live: boolean;
  readonly ok: boolean;
  readonly missed: readonly string[];
  readonly incident: { readonly number: number; readonly state: string } | null;
  readonly pull: {
    readonly number: number;
    readonly merged: boolean;
    readonly head_sha: string;
    readonly merge_sha: string | null;
  } | null;
  readonly approvals: Judged['approvals'];
  readonly denied: Judged['denied'];
  readonly rollout: {
    /** Where the proposed change goes; null when nothing was proposed. */
    readonly workspace: string | null;
    readonly job_id: string | null;
    /** What was applied; empty as long as nothing was. */
    readonly changes: Judged['changes'];
    readonly writes: number;
  };
  readonly verification: {
    readonly verdict: string | null;
    readonly checks: readonly { readonly name: string; readonly before: number | null; readonly after: number | null }[];
  };
  readonly calls: {
    readonly github: number;
    readonly app: number;
    readonly action: number;
    readonly databricks: number;
    readonly prometheus: number;
  };
  /** Each run of the Action with what it said for itself. */
  readonly runs: readonly { readonly event: string; readonly decision: string; readonly reason_codes: string }[];
  readonly seconds: number;
}

export async function runScenario(
  scenario: Scenario,
  teller: Teller,
  options: Partial<WorldOptions> = {},
): Promise<ScenarioResult> {
  const begun = Date.now();
  teller.begin(scenario);
  const closers = createClosers();
  const unlisten = closeOnSignal(closers);
  try {
    const played = await play(scenario, teller.step, { ...options, closers });
    const result = await resultOf(scenario, played, (Date.now() - begun) / 1000);
    teller.end(result, played);
    return result;
  } finally {
    await closers.close();
    unlisten();
  }
}

async function resultOf(scenario: Scenario, played: Played, seconds: number): Promise<ScenarioResult> {
  const { world, pull, incident } = played;
  const entries = pull?.merge ? await rolloutEntries(played, pull.merge) : known([]);
  const rollout = foldRollout(entries.known ? entries.value : []);
  const verification = rollout.verification?.verification ?? null;
  const writes = ownWrites(world);
  // Counted before anything more is asked here.
  const calls = await world.calls();
  const { approvals, denied, workspace, jobId, changes } = pull ? await judged(world, pull) : NOTHING_PROPOSED;
  const observed: Ending = {
    incident: incident?.state === 'open' ? 'open' : pull ? 'closed' : 'not_planned',
    merged: pull?.merged ?? false,
    writes,
    verdict:
      verification && verification.verdict !== 'awaiting-run' && verification.verdict !== 'inconclusive'
        ? verification.verdict
        : null,
    rollbackProposed: played.rollback !== null,
    settings: played.settingsAfter === played.settingsBefore ? 'as before' : 'changed',
    awaited: expectationIn(played.issueThread) !== null,
  };
  const missed = missedOf(scenario.ending, observed);
  return {
    scenario: scenario.name,
    live: world.monitor !== null,
    ok: missed.length === 0,
    missed,
    incident: incident && { number: incident.number, state: incident.state },
    pull: pull && { number: pull.number, merged: pull.merged, head_sha: pull.head, merge_sha: pull.merge },
    approvals,
    denied,
    rollout: { workspace, job_id: jobId, changes: rollout.appliedAt ? changes : [], writes },
    verification: {
      verdict: verification?.verdict ?? null,
      checks: (verification?.checks ?? []).map(({ name, before, after }) => ({ name, before, after })),
    },
    calls: { github: calls.app + calls.action, ...calls },
    runs: world.runner.runs.map(({ event, outputs }) => ({
      event,
      decision: outputs.decision ?? '',
      reason_codes: outputs['reason-codes'] ?? '',
    })),
    seconds: Math.round(seconds * 10) / 10,
  };
}

/** Settings written by anybody but the team's own pipeline, which has a token of its own. */
function ownWrites({ plant }: Played['world']): number {
  const settings = plant.databricks.writes.filter((write) => /jobs\/(reset|update|create|delete)$/.test(write.path));
  return settings.filter((write) => write.token !== 'deploy').length;
}

function missedOf(wanted: Ending, observed: Ending): string[] {
  const seen: Readonly<Record<string, unknown>> = { ...observed };
  return Object.entries(wanted).flatMap(([name, value]) =>
    seen[name] === value ? [] : [`${name}: wanted ${String(value)}, was ${String(seen[name])}`],
  );
}

async function rolloutEntries({ world }: Played, merge: string): Promise<Known<readonly RolloutEntry[]>> {
  const texts = await checkTexts(
    world.github.url,
    `${world.github.owner}/${world.github.repo}`,
    'token-of-olga',
    merge,
    'sluice/rollout',
  );
  return parseRollout(texts[0] ?? '');
}
