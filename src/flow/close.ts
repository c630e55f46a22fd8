import { applyChanges, formatOf } from '../core/edit/edit.ts';
import { foldHistory } from '../core/history.ts';
import { rerunOfRollback, rollbackProposalOf } from '../core/proposal.ts';
import { inverseOf } from '../core/record.ts';
import { riskOf } from '../core/risk.ts';
import { foldRollout, owesRestart } from '../core/rollout.ts';
import type { MergedChange } from '../model/merged-change.ts';
import type { Rollout } from '../model/rollout.ts';
import type {
  Clock,
  ConfigReader,
  ContentReader,
  HistoryLog,
  IssueReader,
  IssueWriter,
  MergedChangeReader,
  ProposalWriter,
  RolloutLog,
} from '../ports.ts';
import { rollbackBody } from '../render/proposal.ts';
import { nextStep, rolloutReport, standing } from '../render/rollout.ts';
import { page } from '../render/text.ts';
import { audienceOf } from './audience.ts';
import { announceGlass, notedUse } from './break-glass.ts';
import { publish } from './publish.ts';
import { updateStatus } from './status.ts';
import { bundleAt } from './target-facts.ts';

export interface ClosePorts {
  readonly clock: Clock;
  readonly issues: IssueReader & IssueWriter;
  readonly content: ContentReader;
  readonly config: ConfigReader;
  readonly merged: Pick<MergedChangeReader, 'merged' | 'at'>;
  readonly log: Pick<RolloutLog, 'read'>;
  readonly history: HistoryLog;
  readonly proposals: ProposalWriter;
  readonly repositoryId: number;
}

/**
 * Tells whom it concerns what the apply App noted about one target of a merge. A verified record closes its incident; after a rollback the
 * proposal that brings Git back in line is opened at once.
 */
export async function reportRollout(merge: string, target: string, ports: ClosePorts): Promise<Rollout | null> {
  const entries = await ports.log.read({ merge, target });
  if (!entries.known || entries.value.length === 0) return null;
  const rollout = foldRollout(entries.value);
  if (!worthTelling(rollout)) return rollout;
  const audience = await audienceOf(merge, target, entries.value, ports);
  if (!audience) return null;
  const { thread, change } = audience;
  const past = (await ports.history.read(thread)).entries;
  const place = `${merge} ${target} `;
  const told = `${place}${rollout.state} ${rollout.lastRefusal?.detail ?? ''}`;
  const before = past.findLast((entry) => entry.what === 'rollout' && entry.state.startsWith(place));
  if (before?.what === 'rollout' && before.state === told) return rollout;
  const undone = ['rolled-back', 'rollback-due'].includes(rollout.state) && change !== null && change.record.kind !== 'rollback';
  const proposal = undone
    ? await proposeRollback(change, foldHistory(past).proposals.length + 1, rollout.state === 'rolled-back', ports)
    : null;
  const at = (await ports.clock.now()).toISOString();
  const use = notedUse(entries.value);
  const glass = use && (await announceGlass(use, past, at, ports.issues));
  const closes = rollout.state === 'verified' && change !== null;
  const why = change?.record.kind === 'rollback' ? ('rolled-back' as const) : ('verified' as const);
  const mark = ports.history.mark(thread, [
    { what: 'rollout' as const, at, merge, state: told },
    ...(glass ? [glass.entry] : []),
    ...(proposal ? [proposal] : []),
    ...(closes ? [{ what: 'closed' as const, at, why }] : []),
  ]);
  const next = nextStep(rollout, proposal?.pull ?? null, change?.record ?? null);
  const remembered = glass ? [...past, glass.entry] : past;
  await updateStatus({ merge, target, thread, change, past: remembered }, standing(rollout, next), ports.issues);
  await ports.issues.comment(thread, page(rolloutReport(rollout, { merge, target }, next), glass?.text ?? null, mark));
  if (closes) await ports.issues.update(thread, { state: 'closed' });
  return rollout;
}

/** Steps on the way are the check run's to show; people hear of ends, and of what holds up the steps after a write. */
function worthTelling(rollout: Rollout): boolean {
  const { state, lastRefusal } = rollout;
  if (['applied', 'rolling-back'].includes(state) || owesRestart(rollout)) return lastRefusal !== null;
  return !['pending', 'intended'].includes(state);
}

/** One new commit with the inverse in the target files and a record that names what it undoes. */
async function proposeRollback(change: MergedChange, sequence: number, isUndone: boolean, ports: ClosePorts) {
  const policy = await ports.config.config();
  const target = policy.ok ? policy.value.targets.find((one) => one.name === change.record.target) : undefined;
  const edits = await inverseEdits(change, policy.commit, ports);
  if (!policy.ok || !target || !edits) return null;
  const now = await ports.clock.now();
  const context = {
    incident: change.record.incident,
    target,
    repositoryId: ports.repositoryId,
    host: change.record.host,
    jobId: change.record.job_id,
    expiresAt: new Date(now.getTime() + policy.value.proposalTtlHours * 3_600_000).toISOString(),
  };
  const bundle = await bundleAt(target, policy.commit, ports.content);
  const risk = riskOf(inverseOf(change.record.changes), bundle);
  const rerun = rerunOfRollback(change.record, target, isUndone);
  const title = `Sluice #${change.record.incident}: rollback for ${target.name}`;
  const words = {
    title,
    body: rollbackBody(change.record.incident, change.path, rerun?.how ?? null),
    message: `${title}\n\nTakes back ${change.path}.`,
    draft: false,
  };
  const filesOf = (next: number) =>
    rollbackProposalOf({ path: change.path, record: change.record }, edits, { ...context, sequence: next }, rerun, risk);
  const published = await publish(filesOf, sequence, policy.commit, words, ports);
  if (!published) return null;
  const { proposal, files } = published;
  return {
    what: 'proposed' as const,
    at: now.toISOString(),
    pull: proposal.number,
    branch: files.branch,
    head: proposal.headSha,
    record: files.files.at(-1)?.path ?? '',
    kind: 'rollback' as const,
  };
}

async function inverseEdits(
  change: MergedChange,
  commit: string,
  ports: ClosePorts,
): Promise<readonly { path: string; text: string }[] | null> {
  const inverse = inverseOf(change.record.changes);
  const edits = [];
  for (const path of new Set(inverse.map((one) => one.file))) {
    const [file, format] = [await ports.content.read(path, commit), formatOf(path)];
    const edited =
      file &&
      format &&
      applyChanges(
        format,
        file.text,
        inverse.filter((one) => one.file === path),
      );
    if (!edited?.ok) return null;
    edits.push({ path, text: edited.value.text });
  }
  return edits;
}

/** `/rollback` on an incident: a Proposal that takes its newest merged change back; says what came of it. */
export async function proposeRollbackOf(incident: number, ports: ClosePorts): Promise<string> {
  const merged = await ports.merged.merged([]);
  if (!merged.known) return `The merged changes cannot be read: ${merged.why}`;
  const newest = merged.value.changes.find((one) => one.record.incident === incident);
  if (!newest || newest.record.kind === 'rollback')
    return 'No change of this incident is merged and in force, so there is nothing to take back.';
  const history = foldHistory((await ports.history.read(incident)).entries);
  const entries = await ports.log.read({ merge: newest.merge, target: newest.record.target });
  const isUndone = entries.known && foldRollout(entries.value).state === 'rolled-back';
  const proposal = await proposeRollback(newest, history.proposals.length + 1, isUndone, ports);
  if (!proposal)
    return `The files have moved on since \`${newest.path}\`, so its inverse does not fit them; take it back by hand.`;
  return `#${proposal.pull} takes \`${newest.path}\` back and needs an owner's \`/approve\`.\n\n${ports.history.mark(incident, [proposal])}`;
}
