import { parseCommand } from '../core/command.ts';
import { latestFinished } from '../core/run-facts.ts';
import { compareChecks } from '../core/verification.ts';
import type { ChangeFacts, FollowUpFacts, GateQuestion, Person } from '../model/gate.ts';
import { type Known, known, unknown } from '../model/known.ts';
import type { Asked, LiveFacts } from '../model/live-facts.ts';
import type { ChangeRecord } from '../model/record.ts';
import type { Clock, ContentReader, GateFactReader, InvestigationReads, MergedChangeReader, RolloutLog } from '../ports.ts';
import { isSuperseded } from './superseded.ts';
import { targetFacts, targetOf } from './target-facts.ts';
import { readCheck } from './verify.ts';

export interface LivePorts {
  readonly clock: Clock;
  readonly facts: GateFactReader;
  readonly content: ContentReader;
  readonly merged: MergedChangeReader;
  readonly reads: (workspace: string | null) => InvestigationReads;
  /** What the apply App noted; null without it. */
  readonly log: Pick<RolloutLog, 'read'> | null;
  /** Numeric ids of our Apps' bot accounts. */
  readonly ours: readonly number[];
  /** The App that writes the check `sluice/gate`; null where this process was not told. */
  readonly appId: number | null;
}

/** What the outside says now about a change: its job, its signals, who asked for it, and whether something newer overtook it. */
export async function liveFacts(
  question: GateQuestion,
  change: ChangeFacts,
  followUp: FollowUpFacts,
  ports: LivePorts,
): Promise<LiveFacts> {
  const now = (await ports.clock.now()).toISOString();
  const record = followUp.record.known ? (followUp.record.value?.record ?? null) : null;
  const nothing = {
    now,
    targets: [],
    recovered: known(false),
    superseded: known(false),
    policy: [],
    ours: ports.ours,
    appId: ports.appId,
    asked: known({ shapers: [], askers: [] }),
  };
  if (!record) return nothing;
  const [base] = change.policies;
  const target = base && targetOf(base, record.target);
  // Once somebody else has applied it, a recovery may be the change's own work: it is no reason to hold back.
  const applied = question.moment === 'apply' && target !== undefined && target.appliedBy !== 'sluice';
  const [targets, recovered, superseded, people] = await Promise.all([
    targetFacts(change.policies, record.target, followUp, ports),
    applied ? known(false) : hasRecovered(record, ports.reads(target?.workspace ?? null), now),
    question.moment === 'apply' ? isSuperseded(question.merge, record, change.policies, ports) : known(false),
    ports.facts.commanders(record.incident),
  ]);
  return { ...nothing, targets, recovered, superseded, asked: people.known ? known(askedBy(people.value, record)) : people };
}

/** Recovered means: measured now, every check of the verification is already better than when the plan was made. */
async function hasRecovered(record: ChangeRecord, reads: InvestigationReads, now: string): Promise<Known<boolean>> {
  const spec = record.verification;
  if (!spec || record.kind === 'rollback') return known(false);
  const runs = record.job_id && reads.workspace ? await reads.workspace.runs(record.job_id, 25) : unknown('no workspace to read');
  if (!runs.known && spec.checks.some((check) => check.source !== 'prometheus')) return runs;
  const latest = runs.known ? latestFinished(runs.value) : null;
  const values = Object.fromEntries(
    await Promise.all(spec.checks.map(async (check) => [check.name, await readCheck(check, latest, reads, now)] as const)),
  );
  const compared = compareChecks(record, spec, values);
  if (compared.some((check) => check.verdict === 'worse' || check.verdict === 'unchanged')) return known(false);
  const unread = compared.filter((check) => check.verdict === 'inconclusive');
  return unread.length > 0 ? unknown(`${unread.map((check) => check.name).join(', ')} cannot be read`) : known(true);
}

/** Who said something that can no longer be told may have asked, and may have shaped it. */
function askedBy(
  people: readonly { readonly person: Person; readonly texts: readonly string[] | null }[],
  { shaped_by = [] }: ChangeRecord,
): Asked {
  const said = people.flatMap(({ person: { id }, texts }) =>
    texts === null
      ? [{ id, names: ['investigate', 'revise'] }]
      : [{ id, names: texts.map(parseCommand).flatMap((parsed) => (parsed.kind === 'command' ? [parsed.command.name] : [])) }],
  );
  return {
    askers: said.filter(({ names }) => names.includes('investigate')).map(({ id }) => id),
    shapers: [...shaped_by, ...said.filter(({ names }) => names.includes('revise')).map(({ id }) => id)],
  };
}
