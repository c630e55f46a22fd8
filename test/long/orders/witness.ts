import { readCommit } from '../../../src/twin/github/git/commit.ts';
import { isAncestor } from '../../../src/twin/github/git/history.ts';
import type { Happening } from '../../../src/twin/github/index.ts';
import { headOf, mainOf, partitionsIn, pathsIn } from './content.ts';
import type { Group } from './ledger.ts';
import { type Moment, mismatch, objection, objectionWithoutGlass, writeObjection } from './rule.ts';
import type { Green, Play } from './scene.ts';

/** Notes what GitHub tells of merges and groups, and judges what is ours the moment it happens. */
export function witness(play: Play): void {
  play.stage.github.onEvent((event) => {
    if (event.name === 'merge_group') made(play, event);
    if (event.name === 'check_run') checked(play, event);
    if (event.name === 'pull_request') entered(play, event);
    if (event.name === 'pull_request') closed(play, event);
  });
}

// biome-ignore lint/suspicious/noExplicitAny: a test reads GitHub's payloads as they come
const read = (payload: unknown): any => payload;

function made({ ledger }: Play, { payload }: Happening): void {
  const { action, merge_group: group } = read(payload);
  if (action !== 'checks_requested') return;
  const { head_sha: commit, base_sha: parent, head_ref: ref } = group;
  ledger.groups.set(commit, { pull: Number(/\/pr-(\d+)-/.exec(ref)?.[1]), parent, commit, ref });
}

function entered({ ledger }: Play, { payload }: Happening): void {
  const { action, number, sender } = read(payload);
  if (action === 'enqueued') ledger.entered.set(number, sender.login);
}

/** What our check says of a group it says of every pull request that comes onto main with it. */
function checked(play: Play, { payload }: Happening): void {
  const { action, check_run: run } = read(payload);
  if (action !== 'completed' || run.name !== 'sluice/gate' || run.app.id !== 7) return;
  const group = play.ledger.groups.get(run.head_sha);
  play.greens.delete(run.head_sha);
  if (!group || run.conclusion !== 'success') return;
  const why = downToMain(play, group).map((one) =>
    groupObjection(play, one, momentOf(play, [one.parent, mainOf(play.stage.git)])),
  );
  const at = { ...momentOf(play, [group.parent, mainOf(play.stage.git)]), ours: isOurEntry(play, group) };
  const onGlass = isOfTarget(play, group) && objectionWithoutGlass(at, group.pull, headOf(at.git, group.pull)) !== null;
  play.greens.set(group.commit, { at, objection: why.find((one) => one !== null) ?? null, onGlass });
}

function closed(play: Play, { payload }: Happening): void {
  const { action, pull_request: pull } = read(payload);
  if (action !== 'closed' || !pull.merged) return;
  const { number, merge_commit_sha: merge, merged_by: by } = pull;
  const { stage, ledger, greens } = play;
  const head = headOf(stage.git, number);
  ledger.merges.push({ pull: number, head, merge });
  if (by?.login === 'sluice[bot]') ours(play, number, head, merge);
  const [group, green] = [ledger.groups.get(merge), greens.get(merge)];
  if (by?.login === 'github-merge-queue[bot]' && group && green) queued(play, group, green);
}

/** A merge by our App itself. */
function ours(play: Play, pull: number, head: string, merge: string): void {
  const { outcome, stage } = play;
  outcome.merged++;
  const parent = readCommit(stage.git, merge)?.parents[0] ?? '';
  const at = momentOf(play, [parent]);
  const why = mismatch(stage.git, pull, head, [parent, merge]) ?? objection(at, pull, head);
  if (why) outcome.wrong.push(`merged #${pull} although ${why}`);
  else if (objectionWithoutGlass(at, pull, head)) outcome.glass++;
}

/**
 * A merge by the queue on our word is ours. What was right then may be wrong by now: where the App had heard of it, and the rules ask for its
 * check, it was to take the change out. What nobody tells it (the time, a team, another policy) is left as it was.
 */
function queued(play: Play, group: Group, green: Green): void {
  const { outcome } = play;
  outcome.merged++;
  outcome.queued++;
  if (green.objection) outcome.wrong.push(`let the queue merge #${group.pull} although ${green.objection}`);
  const now = play.heardAll && play.queue !== 'by name' ? groupObjection(play, group, green.at) : null;
  if (now && !green.objection) outcome.wrong.push(`left #${group.pull} in the queue although ${now}`);
  if (green.onGlass) outcome.glass++;
}

function groupObjection(play: Play, group: Group, at: Moment): string | null {
  if (!isOfTarget(play, group)) return null;
  const { pull, parent, commit } = group;
  const head = headOf(play.stage.git, pull);
  return mismatch(at.git, pull, head, [parent, commit]) ?? objection({ ...at, ours: isOurEntry(play, group) }, pull, head);
}

/** Whoever put it there merges it; the queue only waits for them. */
function isOurEntry({ ledger }: Play, { pull }: Group): boolean {
  return ledger.entered.get(pull) === 'sluice[bot]';
}

function isOfTarget({ stage }: Play, { parent, commit }: Group): boolean {
  return pathsIn(stage.git, [parent, commit]).some((path) => /^(jobs|\.sluice|\.github)\//.test(path));
}

function downToMain({ stage, ledger }: Play, group: Group): readonly Group[] {
  const found: Group[] = [];
  for (
    let at: Group | undefined = group;
    at && !isAncestor(stage.git, at.commit, mainOf(stage.git));
    at = ledger.groups.get(at.parent)
  )
    found.push(at);
  return found;
}

/** The Action looks at everything; each write of it is judged by what really happened up to now. */
export async function wake(play: Play): Promise<void> {
  const { stage, outcome } = play;
  const { databricks } = stage.plant;
  const moment = momentOf(play, []);
  await stage.wake();
  for (const write of databricks.writes.slice(play.seen)) {
    if (write.token !== 'write' || !write.path.endsWith('/jobs/reset')) continue;
    outcome.written++;
    const now = partitionsIn(write.body) ?? '';
    // Undoing the newest change needs nobody; what is undone is no longer there to be undone again.
    const isInverse = play.inForce.length > 1 && now === play.inForce.at(-2);
    const why = writeObjection(moment, now);
    if (why && !isInverse) outcome.wrong.push(`wrote ${now} although ${why}`);
    if (!why && writeObjection(moment, now, objectionWithoutGlass)) outcome.glass++;
    if (isInverse) play.inForce.pop();
    else play.inForce.push(now);
  }
  play.seen = databricks.writes.length;
}

function momentOf({ stage, ledger }: Play, policies: readonly string[]): Moment {
  const oncall = stage.oncall.map((one) => one.login);
  return { git: stage.git, ledger, now: stage.plant.clock.now(), oncall, policies, ours: true };
}
