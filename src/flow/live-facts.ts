import { bundleJobName } from '../core/bundle.ts';
import { parseCommand } from '../core/command.ts';
import { formatOf, readLexeme } from '../core/edit/edit.ts';
import { latestFinished } from '../core/run-facts.ts';
import { compareChecks } from '../core/verification.ts';
import type { Asked, ChangeFacts, FollowUpFacts, GateQuestion, LiveFacts, Person } from '../model/gate.ts';
import { type Known, known, unknown } from '../model/known.ts';
import type { MergedChange } from '../model/merged-change.ts';
import type { ChangeRecord } from '../model/record.ts';
import type { Target } from '../model/target.ts';
import type { Clock, ContentReader, GateFactReader, InvestigationReads, MergedChangeReader } from '../ports.ts';
import { readJobId } from './reads.ts';
import { readCheck } from './verify.ts';

export interface LivePorts {
  readonly clock: Clock;
  readonly facts: GateFactReader;
  readonly content: ContentReader;
  readonly merged: MergedChangeReader;
  readonly reads: (workspace: string | null) => InvestigationReads;
  /** Numeric ids of our Apps' bot accounts. */
  readonly ours: readonly number[];
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
    host: known(null),
    jobId: known(null),
    recovered: known(false),
    superseded: known(false),
    ours: ports.ours,
    asked: known({ shapers: [], askers: [] }),
  };
  if (!record) return nothing;
  const [base] = change.policies;
  const target = base?.config.known ? base.config.value.targets.find((one) => one.name === record.target) : undefined;
  const reads = ports.reads(target?.workspace ?? null);
  // Once somebody else has applied it, a recovery may be the change's own work: it is no reason to hold back.
  const applied = question.moment === 'apply' && target !== undefined && target.appliedBy !== 'sluice';
  const [jobId, recovered, superseded, people] = await Promise.all([
    jobOf(target, record.target, base?.commit ?? '', followUp, reads, ports),
    applied ? known(false) : hasRecovered(record, reads, now),
    question.moment === 'apply' ? isSuperseded(question.merge, record, ports) : known(false),
    ports.facts.commanders(record.incident),
  ]);
  const host =
    target?.workspace == null
      ? known(null)
      : reads.workspace
        ? known(reads.workspace.host)
        : unknown(`no workspace ${target.workspace} is configured here`);
  return { ...nothing, host, jobId, recovered, superseded, asked: people.known ? known(askedBy(people.value)) : people };
}

/**
 * The live job of a target, from Git and the workspace alone; no label is believed here. A bundle's job has no id in Git, so it is derived
 * by the name that the merged files give it, which must be the exact name of one live job: none or several is a mismatch. That is as much
 * as a target that names its job offers, and asked of less: only a pipeline applies a bundle (schema/config-target.ts), so Sluice reads this
 * job to see the deployment, and at most starts the approved rerun. The record's job id, which came from the alert, must be that same job.
 */
async function jobOf(
  target: Target | undefined,
  name: string,
  commit: string,
  followUp: FollowUpFacts,
  reads: InvestigationReads,
  ports: LivePorts,
): Promise<Known<string | null>> {
  if (!target) return unknown(`no target ${name}`);
  const { job } = target;
  if (job === null) return known(null);
  if (job.by !== 'bundle') return readJobId(reads.workspace, target, {});
  if (target.appliedBy === 'sluice') return unknown('a bundle is not applied by Sluice');
  const files = await Promise.all(target.files.map((path) => mergedText(path, commit, followUp, ports)));
  const named = bundleJobName(
    files.flatMap((file) => file ?? []),
    job.resource,
  );
  if (!named.ok) return unknown(`${named.reason.subject}: expected ${named.reason.expected}, found ${named.reason.observed}`);
  return readJobId(reads.workspace, { ...target, job: { by: 'name', name: named.value } }, {});
}

/** A target file as the change leaves it: its new text, or the base's where the change does not touch it. */
async function mergedText(path: string, commit: string, followUp: FollowUpFacts, ports: LivePorts) {
  const blob = followUp.blobs.find((one) => one.path === path);
  const text = blob ? (blob.after.known ? blob.after.value : null) : ((await ports.content.read(path, commit))?.text ?? null);
  return text === null ? null : { path, text };
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

async function isSuperseded(merge: string, record: ChangeRecord, ports: LivePorts): Promise<Known<boolean>> {
  const merged = await ports.merged.merged();
  if (!merged.known) return merged;
  const self = merged.value.changes.find((one) => one.merge === merge);
  if (!self) return known(true);
  if (newerFor(self, merged.value.changes)) return known(true);
  const held = await Promise.all(
    record.changes.map(async (change) => {
      const format = formatOf(change.file);
      const file = await ports.content.read(change.file, merged.value.tip);
      const lexeme = format && file ? readLexeme(format, file.text, change.selector) : null;
      return lexeme?.ok === true && lexeme.value === change.new;
    }),
  );
  return known(held.includes(false));
}

/** A later record for the same job: from then on this one is history. */
export function newerFor(self: MergedChange, changes: readonly MergedChange[]): boolean {
  return changes.some((one) => one.order < self.order && one.record.job_id !== null && one.record.job_id === self.record.job_id);
}

function askedBy(people: readonly { readonly person: Person; readonly body: string }[]): Asked {
  const said = people.flatMap(({ person, body }) => {
    const parsed = parseCommand(body);
    return parsed.kind === 'command' ? [{ id: person.id, command: parsed.command }] : [];
  });
  return {
    askers: said.filter(({ command }) => command.name === 'investigate').map(({ id }) => id),
    shapers: said.filter(({ command }) => command.name === 'revise').map(({ id }) => id),
  };
}
