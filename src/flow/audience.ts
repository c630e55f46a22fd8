import { isPolicyLog } from '../core/gate/policy-history.ts';
import type { MergedChange } from '../model/merged-change.ts';
import type { ReasonCode } from '../model/reason.ts';
import type { RolloutEntry } from '../model/rollout.ts';
import type { IssueReader, IssueWriter, MergedChangeReader } from '../ports.ts';
import { policyBody, pushedBody, pushedMarker, pushedTitle } from '../render/pushed.ts';
import { readIncidents } from './read-incident.ts';

const AROUND: readonly string[] = ['merged_around_gate', 'policy_unapproved', 'in_force'] satisfies ReasonCode[];

export interface AudiencePorts {
  readonly issues: IssueReader & IssueWriter;
  readonly merged: Pick<MergedChangeReader, 'at'>;
}

/** Whom a rollout is reported to: a record's incident, the pull request of a person's change, or the issue about a commit that was pushed. */
export interface Audience {
  readonly thread: number;
  /** Null for a person's change, which has no record. */
  readonly change: MergedChange | null;
}

/**
 * A person's change says itself whose it is; a record is read from the commit that brought it. What went around the gate has no thread that can be
 * believed: anybody can write any number into a record that they push. Null: there is nobody to tell.
 */
export async function audienceOf(
  merge: string,
  target: string,
  entries: readonly RolloutEntry[],
  ports: AudiencePorts,
): Promise<Audience | null> {
  const isAround = entries.some((entry) => entry.what === 'refused' && AROUND.includes(entry.code));
  const derived = entries.find((entry) => entry.what === 'derived');
  if (derived && derived.pull !== null) return { thread: derived.pull, change: null };
  const bodyOf = isPolicyLog(target) ? policyBody : pushedBody;
  if (derived) return isAround ? { thread: await issueAbout(merge, bodyOf(merge), ports.issues), change: null } : null;
  const brought = await ports.merged.at(merge, []);
  const change = brought.known ? brought.value.changes.find((one) => one.record.target === target) : undefined;
  if (!change) return null;
  const { incident } = change.record;
  const isTold = !isAround || (await isIncident(incident, ports.issues));
  return isTold ? { thread: incident, change } : { thread: await issueAbout(merge, bodyOf(merge), ports.issues), change: null };
}

/** One issue a commit, however many targets it changes and however often it is refused. */
async function issueAbout(commit: string, body: string, issues: IssueReader & IssueWriter): Promise<number> {
  const [found] = await issues.findByMarker(pushedMarker(commit));
  return (found ?? (await issues.open(pushedTitle(commit), body, ['sluice']))).number;
}

async function isIncident(number: number, issues: IssueReader): Promise<boolean> {
  return (await readIncidents(issues)).some((issue) => issue.number === number);
}
