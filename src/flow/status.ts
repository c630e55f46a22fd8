import type { HistoryEntry } from '../model/history.ts';
import type { MergedChange } from '../model/merged-change.ts';
import type { IssueReader, IssueWriter } from '../ports.ts';
import { STATUS_MARKER } from '../render/gate.ts';
import { mergedStatus, rememberedStanding } from '../render/rollout.ts';

interface Merge {
  readonly merge: string;
  /** The target that there is news of. */
  readonly target: string;
  /** Where the news is told: the incident, or the pull request of a person's change. */
  readonly thread: number;
  /** Null for a person's change. */
  readonly change: MergedChange | null;
  /** What that thread remembers. */
  readonly past: readonly HistoryEntry[];
}

/**
 * Lets the status of a merged pull request say where its rollout stands. Where we merged it ourselves the comment was noted; else it is
 * looked for. One that somebody deleted is not written again.
 */
export async function updateStatus(of: Merge, words: string, issues: IssueReader & IssueWriter): Promise<void> {
  const { merge, target, thread, change, past } = of;
  const merged = past.findLast((entry) => entry.what === 'merged' && entry.merge === merge);
  const noted = merged?.what === 'merged' ? merged : null;
  const pull = change === null ? thread : (noted?.pull ?? proposalOf(change, past));
  const status = noted?.status ?? (pull === null ? null : await statusOn(pull, issues));
  if (status === null) return;
  const targets = [...rememberedOf(merge, past).filter((one) => one.target !== target), { target, words }];
  const broke = past.findLast((entry) => entry.what === 'broke-glass' && entry.pull === pull);
  const glass = broke?.what === 'broke-glass' ? broke.issue : null;
  const where = { merge, approvers: noted?.approvers ?? [], incident: change === null ? null : thread, glass };
  await issues.editComment(status, mergedStatus(where, targets));
}

function proposalOf({ path }: MergedChange, past: readonly HistoryEntry[]): number | null {
  const proposed = past.findLast((entry) => entry.what === 'proposed' && entry.record === path);
  return proposed?.what === 'proposed' ? proposed.pull : null;
}

async function statusOn(pull: number, issues: IssueReader): Promise<number | null> {
  return (await issues.notes(pull)).find((note) => note.ours && note.body.includes(STATUS_MARKER))?.id ?? null;
}

/** What was told of the other targets of this merge: a person's may change several. */
function rememberedOf(
  merge: string,
  past: readonly HistoryEntry[],
): readonly { readonly target: string; readonly words: string }[] {
  const states = past.flatMap((entry) => {
    const [of, target = '', state = ''] = entry.what === 'rollout' ? entry.state.split(' ') : [];
    return of === merge ? [[target, state] as const] : [];
  });
  return [...new Map(states)].map(([target, state]) => ({ target, words: rememberedStanding(state) }));
}
