import { closeMentioned } from './closing.ts';
import { combine } from './combination.ts';
import { type Doer, recordEvent, tell, tellPull } from './events.ts';
import { readRef } from './git/refs.ts';
import type { Issue, Pull } from './nouns.ts';
import { push, settleMerge } from './pushes.ts';
import type { QueueEntry } from './queue-entry.ts';
import { checksOn, rulesFor } from './requirements.ts';
import { simpleCommitShape } from './shapes/commit.ts';
import { CHECK_MINUTES, MOST_BUILT } from './shapes/rules.ts';
import { QUEUE_BOT, type World } from './world.ts';

const QUEUE: Doer = {
  actor: { kind: 'installation', name: 'merge-queue', account: QUEUE_BOT, app: null, grants: {}, role: 'write' },
  account: QUEUE_BOT,
};
const METHODS = { MERGE: 'merge', SQUASH: 'squash', REBASE: 'rebase' } as const;

export function entryOf(world: World, pull: Pull): QueueEntry | null {
  return world.queue.find((entry) => entry.pull === pull) ?? null;
}

export function entriesOf(world: World, branch: string): readonly QueueEntry[] {
  return world.queue.filter((entry) => entry.pull.baseRef === branch);
}

export function enterQueue(world: World, by: Doer, issue: Issue, pull: Pull): QueueEntry {
  const id = world.nextId();
  const entry = { id, issue, pull, headSha: pull.headSha, enqueuer: by.account, enqueuedAt: world.now(), group: null };
  world.queue.push(entry);
  recordEvent(world, by, issue, 'added_to_merge_queue');
  tellPull(world, by, 'enqueued', issue, pull);
  return entry;
}

/** Takes an entry out. What was put together on top of it stands on nothing any more and is made again. */
export function leaveQueue(world: World, by: Doer, entry: QueueEntry, reason: string): void {
  const after = entriesOf(world, entry.pull.baseRef);
  world.queue.splice(world.queue.indexOf(entry), 1);
  for (const one of after.slice(after.indexOf(entry))) destroy(world, one, one === entry ? 'dequeued' : 'invalidated');
  recordEvent(world, by, entry.issue, 'removed_from_merge_queue', { reason });
  tellPull(world, by, 'dequeued', entry.issue, entry.pull, { reason });
}

/** Does all that the queue does by itself: puts together, waits for checks, merges, takes out. */
export function advanceQueue(world: World): void {
  while ([...new Set(world.queue.map((entry) => entry.pull.baseRef))].some((branch) => step(world, branch)));
}

/** One thing that is due on a branch; false when there is none. */
function step(world: World, branch: string): boolean {
  const entries = entriesOf(world, branch);
  const take = (entry: QueueEntry | undefined, reason: string) => {
    if (entry !== undefined) leaveQueue(world, QUEUE, entry, reason);
    return entry !== undefined;
  };
  const moved = entries.find(({ issue, pull, headSha }) => issue.state === 'closed' || pull.headSha !== headSha);
  if (take(moved, 'INVALID_MERGE_COMMIT')) return true;
  if (rulesFor(world, branch)?.mergeQueue === undefined) return take(entries[0], 'BRANCH_PROTECTIONS');
  if (isOvertaken(world, branch, entries)) return true;
  const fresh = entries.slice(0, MOST_BUILT).findIndex(({ group }) => group === null);
  if (fresh >= 0) return build(world, branch, entries, fresh);
  const told = entries.map((entry) => (entry.group === null ? 'pending' : checksOn(world, branch, entry.group.sha)));
  if (take(entries[told.indexOf('failing')], 'CI_FAILURE')) return true;
  const green = told.findIndex((one) => one !== 'passed');
  const ready = entries.slice(0, green < 0 ? entries.length : green);
  if (ready.length > 0) return merge(world, branch, ready);
  const patience = Date.parse(world.now()) - CHECK_MINUTES * 60_000;
  return take(
    entries.find(({ group }) => group !== null && Date.parse(group.at) <= patience),
    'CI_TIMEOUT',
  );
}

/** Somebody moved the branch past the queue: what was put together stands beside it now, and is made again. */
function isOvertaken(world: World, branch: string, entries: readonly QueueEntry[]): boolean {
  const [first] = entries;
  if (!first?.group || first.group.parent === readRef(world.git, `refs/heads/${branch}`)) return false;
  for (const entry of entries) destroy(world, entry, 'invalidated');
  return true;
}

/** A branch of its own for what the entry becomes on top of those before it. */
function build(world: World, branch: string, entries: readonly QueueEntry[], place: number): boolean {
  const entry = entries[place];
  const parent = entries[place - 1]?.group?.sha ?? readRef(world.git, `refs/heads/${branch}`);
  if (entry === undefined || parent === null) return false;
  const method = METHODS[rulesFor(world, branch)?.mergeQueue ?? 'MERGE'];
  const sha = combine(world, entry, { base: parent, method, by: entry.enqueuer, title: null, words: null });
  if (sha === null) leaveQueue(world, QUEUE, entry, 'MERGE_CONFLICT');
  else {
    const ref = `refs/heads/gh-readonly-queue/${branch}/pr-${entry.issue.number}-${parent}`;
    entry.group = { sha, parent, ref, at: world.now() };
    push(world, { by: QUEUE, ref, after: sha });
    tellGroup(world, entry, { action: 'checks_requested' });
  }
  return true;
}

/** The branch is moved on to what was checked: nothing is combined again. */
function merge(world: World, branch: string, ready: readonly QueueEntry[]): boolean {
  for (const { issue, pull, group } of ready) if (group !== null) settleMerge(world, QUEUE, issue, pull, group.sha);
  world.queue.splice(0, world.queue.length, ...world.queue.filter((entry) => !ready.includes(entry)));
  push(world, { by: QUEUE, ref: `refs/heads/${branch}`, after: ready.at(-1)?.group?.sha ?? null, kind: 'merge_queue_merge' });
  for (const entry of ready) {
    destroy(world, entry, 'merged');
    tellPull(world, QUEUE, 'dequeued', entry.issue, entry.pull, { reason: 'MERGE' });
    tellPull(world, QUEUE, 'closed', entry.issue, entry.pull);
    if (branch === 'main') closeMentioned(world, QUEUE, entry.issue.body ?? '');
  }
  return true;
}

function destroy(world: World, entry: QueueEntry, reason: 'merged' | 'dequeued' | 'invalidated'): void {
  if (entry.group === null) return;
  tellGroup(world, entry, { action: 'destroyed', reason });
  push(world, { by: QUEUE, ref: entry.group.ref, after: null });
  entry.group = null;
}

function tellGroup(world: World, { group, pull }: QueueEntry, said: Readonly<Record<string, string>>): void {
  if (group === null) return;
  const merge_group = {
    head_sha: group.sha,
    head_ref: group.ref,
    base_sha: group.parent,
    base_ref: `refs/heads/${pull.baseRef}`,
    head_commit: simpleCommitShape(world, group.sha),
  };
  tell(world, QUEUE, 'merge_group', { ...said, merge_group });
}
