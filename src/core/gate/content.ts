import type { ChangeFacts, GateQuestion, PullFacts, TreeEntryChange } from '../../model/gate.ts';
import { isRecordPath } from '../../model/record.ts';
import { changeDigest } from '../digest.ts';
import { type GateReason, reason, unread } from './reason.ts';

const PLAIN_FILE = '100644';
const ABSENT = '000000';

/**
 * Steps 1 and 2 of algorithm A: the pull request is ours to judge, and what was merged, or what the queue would merge, is what it showed.
 * `targets`: the target files; null where a policy cannot be read, which blocks by itself and says nothing about a path.
 */
export function contentReasons(
  question: GateQuestion,
  change: ChangeFacts,
  targets: ReadonlySet<string> | null,
  hasRecord: boolean,
): GateReason[] {
  if (question.moment === 'apply' && change.pushed)
    return [reason('merge_mismatch', question.merge, 'one merged pull request', 'none: it was pushed')];
  if (!change.pull.known) return [unread('pull request', change.pull.why)];
  if (!change.delta.known) return [reason('files_incomplete', 'changed files', 'every tree read', change.delta.why)];
  return [
    ...pullReasons(question, change, change.pull.value),
    ...mergeReasons(question, change, change.pull.value, change.delta.value),
    ...movedReasons(question, change),
    ...change.delta.value.flatMap((entry) => kindReasons(entry, targets, hasRecord)),
  ];
}

function pullReasons(question: GateQuestion, change: ChangeFacts, pull: PullFacts): GateReason[] {
  const found: GateReason[] = [];
  const repository = change.repository;
  if (pull.headRepositoryId !== repository.id || pull.baseRepositoryId !== repository.id)
    found.push(
      reason(
        'fork',
        `#${pull.number}`,
        `head and base in repository ${repository.id}`,
        `head in ${pull.headRepositoryId ?? 'a deleted one'}`,
      ),
    );
  if (pull.baseRef !== repository.defaultBranch)
    found.push(reason('target_mismatch', `#${pull.number}`, `base ${repository.defaultBranch}`, `base ${pull.baseRef}`));
  if (question.moment !== 'apply' && pull.state !== 'open')
    found.push(reason('superseded', `#${pull.number}`, 'open', pull.state));
  return found;
}

function mergeReasons(
  question: GateQuestion,
  change: ChangeFacts,
  pull: PullFacts,
  delta: readonly TreeEntryChange[],
): GateReason[] {
  if (question.moment === 'open') return [];
  if (!change.merge) return [unread('merge commit', 'not gathered')];
  if (!change.merge.known) return [unread('merge commit', change.merge.why)];
  const { parents, delta: merged } = change.merge.value;
  const commit = question.moment === 'apply' ? question.merge : question.commit;
  const found: GateReason[] = [];
  const mismatch = (expected: string, observed: string) => found.push(reason('merge_mismatch', commit, expected, observed));
  if (question.moment === 'apply' && (!pull.mergedAt || pull.mergeSha !== commit))
    mismatch(`merge commit of #${pull.number}`, pull.mergeSha ?? 'not merged');
  if (question.moment === 'queue' && parents[0] !== question.parent)
    mismatch(`one commit on ${question.parent}`, `its first parent is ${parents[0] ?? 'none'}`);
  if (parents.length === 2 && parents[1] !== pull.headSha) mismatch(`second parent ${pull.headSha}`, String(parents[1]));
  if (parents.length < 1 || parents.length > 2) mismatch('one or two parents', String(parents.length));
  if (changeDigest(merged) !== changeDigest(delta)) mismatch(changeDigest(delta), changeDigest(merged));
  return found;
}

/** A clean merge of two changes of one file is a file that nobody has approved: apply would refuse it, so it is not merged. */
function movedReasons({ moment }: GateQuestion, { moved, pull }: ChangeFacts): GateReason[] {
  if (moved === null) return moment === 'open' ? [unread('what the base changed since', 'not gathered')] : [];
  if (!moved.known) return [unread('what the base changed since', moved.why)];
  const base = pull.known ? pull.value.baseRef : 'the base';
  return moved.value.map((path) =>
    reason(
      'base_moved',
      path,
      `as it was on ${base} when the branch began`,
      `${base} has changed it since; merge ${base} into the branch`,
    ),
  );
}

/** With a record only it and target files may change, as plain files; a symlink or a mode change of a target is never believed. */
function kindReasons(entry: TreeEntryChange, targets: ReadonlySet<string> | null, hasRecord: boolean): GateReason[] {
  const ours = isRecordPath(entry.path) || targets?.has(entry.path) === true;
  if (targets !== null && hasRecord && !ours)
    return [reason('path_forbidden', entry.path, 'the change record and target files only', 'another path')];
  if (!ours && entry.path.startsWith('.sluice/'))
    return [reason('path_forbidden', entry.path, 'a change record at its own path', 'another file under .sluice/')];
  if (!ours) return [];
  const modes = [entry.oldMode, entry.newMode].filter((mode) => mode !== ABSENT && mode !== PLAIN_FILE);
  return modes.map((mode) => reason('file_kind_forbidden', entry.path, `mode ${PLAIN_FILE}`, `mode ${mode}`));
}
