import type { Change } from '../../model/change.ts';
import type { Config, Risk } from '../../model/config.ts';
import type { BlobFact, GateFacts, RecordFact, TreeEntryChange } from '../../model/gate.ts';
import type { ChangeRecord } from '../../model/record.ts';
import { isRecordPath } from '../../model/record.ts';
import type { Target } from '../../model/target.ts';
import { mergedBundle } from '../bundle/bundle.ts';
import { applyChanges, formatOf } from '../edit/edit.ts';
import { inverseOf, planDigest, recordPath, recordText } from '../record.ts';
import { forbiddenRerun } from '../rerun.ts';
import { riskOf, worse } from '../risk.ts';
import { limitReasons } from './limits.ts';
import { type GateReason, reason, unread } from './reason.ts';

/**
 * Step 3 of algorithm A: everything in the record that can be derived is derived again from the blobs, the policy and live facts;
 * the record is believed in nothing. `config` and `commit` are of the policy being asked.
 */
export function recordReasons(facts: GateFacts, fact: RecordFact, config: Config, commit: string): GateReason[] {
  const { record } = fact;
  const target = config.targets.find((one) => one.name === record.target);
  if (!target) return [reason('target_mismatch', record.target, 'a target in the policy', 'none of that name')];
  return [
    ...formReasons(fact, facts.change.delta.known ? facts.change.delta.value : []),
    ...targetReasons(facts, record, target, commit),
    ...derivedReasons(record, recordRisk(facts, record, config)),
    ...undoneReasons(facts, record),
    ...editReasons(facts, record),
    ...limitReasons(record, target, config.limits, mergedBundle(target, facts.followUp)),
  ];
}

/** The least risk that a record may state; where its bundle's files were not read, a variable is taken for the worst. */
export function recordRisk({ followUp }: GateFacts, record: ChangeRecord, { targets }: Config): Risk {
  const target = targets.find((one) => one.name === record.target);
  const bundle = target ? mergedBundle(target, followUp) : null;
  return riskOf(record.changes, bundle?.known ? bundle.value : null);
}

/** Where the record lies and how it is written. */
function formReasons(fact: RecordFact, delta: readonly TreeEntryChange[]): GateReason[] {
  const { record, path, text } = fact;
  const found: GateReason[] = [];
  const expected = recordPath(record.incident, record.sequence);
  if (path !== expected) found.push(mismatch(path, 'path', expected, path));
  if (recordText(record) !== text) found.push(mismatch(path, 'form', 'canonical text', 'another layout'));
  const entry = delta.find((one) => one.path === path);
  if (entry && entry.oldMode !== '000000') found.push(mismatch(path, 'history', 'a new file', 'a file that was there before'));
  return found;
}

function targetReasons(facts: GateFacts, record: ChangeRecord, target: Target, commit: string): GateReason[] {
  const found: GateReason[] = [];
  const compare = (field: string, expected: unknown, observed: unknown) => {
    if (expected !== observed)
      found.push(reason('target_mismatch', `${target.name} ${field}`, String(expected), String(observed)));
  };
  compare('repository', facts.change.repository.id, record.repository_id);
  compare('workspace', target.workspace, record.workspace);
  compare('kind', target.kind, record.target_kind);
  const foreign = record.changes.filter((change) => !target.files.includes(change.file));
  for (const change of foreign) compare('file', target.files.join(', '), change.file);
  const rerun = forbiddenRerun(record, target);
  if (rerun !== null) compare('rerun', target.rerun, rerun);
  const live = facts.live.targets.find((one) => one.commit === commit);
  if (!live) return [...found, unread(`${target.name} job`, `not derived by the policy at ${commit}`)];
  if (!live.host.known) found.push(unread('workspace host', live.host.why));
  else compare('host', live.host.value, record.host);
  if (!live.jobId.known) found.push(reason('target_mismatch', `${target.name} job`, 'one job', live.jobId.why));
  else compare('job', live.jobId.value, record.job_id);
  return found;
}

function derivedReasons(record: ChangeRecord, risk: Risk): GateReason[] {
  const found: GateReason[] = [];
  const inverse = JSON.stringify(inverseOf(record.changes).map(plain));
  if (JSON.stringify(record.inverse.map(plain)) !== inverse)
    found.push(mismatch('record', 'inverse', inverse, 'another inverse'));
  if (record.kind !== 'rollback' && (record.verification?.checks.length ?? 0) === 0)
    found.push(mismatch('record', 'verification', 'at least one check', 'none'));
  const acts = record.action !== null;
  if (acts !== (record.kind === 'action') || acts === record.changes.length > 0)
    found.push(mismatch('record', 'kind', 'an action, or changes of files', record.kind));
  const digest = planDigest(record);
  if (record.plan_digest !== digest) found.push(mismatch('record', 'plan digest', digest, record.plan_digest));
  if (worse(record.risk, risk) !== record.risk) found.push(mismatch('record', 'risk', `at least ${risk}`, record.risk));
  return found;
}

/** A rollback passes windows and step limits, so it must be the exact inverse of a record that the base has, and nothing else. */
function undoneReasons({ followUp }: GateFacts, record: ChangeRecord): GateReason[] {
  if (record.kind !== 'rollback') return record.undoes === null ? [] : [mismatch('record', 'undoes', 'null', record.undoes)];
  const path = String(record.undoes);
  if (!isRecordPath(path)) return [mismatch('record', 'undoes', 'the path of a change record', path)];
  if (!followUp.undone.known) return [mismatch('record', 'undoes', 'a record on the base', followUp.undone.why)];
  const undone = followUp.undone.value;
  if (!undone) return [mismatch('record', 'undoes', 'a record on the base', 'none')];
  const wanted = JSON.stringify([undone.target, undone.job_id, inverseOf(undone.changes).map(plain)]);
  const found = JSON.stringify([record.target, record.job_id, record.changes.map(plain)]);
  return wanted === found ? [] : [mismatch('record', 'rollback', wanted, found)];
}

/** The files at the head must be the files at the base with exactly the record's changes applied, byte for byte. */
function editReasons(facts: GateFacts, record: ChangeRecord): GateReason[] {
  const delta = facts.change.delta.known ? facts.change.delta.value : [];
  const touched = delta.map((entry) => entry.path).filter((path) => path !== recordPath(record.incident, record.sequence));
  const files = [...new Set([...touched, ...record.changes.map((change) => change.file)])];
  return files.flatMap((path) =>
    fileReasons(
      path,
      record.changes.filter((change) => change.file === path),
      facts.followUp.blobs.find((blob) => blob.path === path),
    ),
  );
}

function fileReasons(path: string, changes: readonly Change[], blob: BlobFact | undefined): GateReason[] {
  if (!blob) return [mismatch(path, 'changes', 'a changed file', 'an unchanged one')];
  if (!blob.before.known) return [unread(path, blob.before.why)];
  if (!blob.after.known) return [unread(path, blob.after.why)];
  if (blob.before.value === null || blob.after.value === null)
    return [mismatch(path, 'file', 'there before and after', 'added or deleted')];
  const format = formatOf(path);
  if (!format) return [mismatch(path, 'file', 'JSON, YAML or .conf', 'another kind')];
  const edited = applyChanges(format, blob.before.value, changes);
  if (!edited.ok) return [mismatch(path, 'edit', edited.reason.expected, `${edited.reason.code}: ${edited.reason.observed}`)];
  return edited.value.text === blob.after.value
    ? []
    : [mismatch(path, 'edit', 'the base with the recorded changes', 'other bytes')];
}

function plain({ file, selector, old, new: next }: Change): readonly (string | null)[] {
  return [file, selector, old, next];
}

function mismatch(subject: string, field: string, expected: string, observed: string): GateReason {
  return reason('record_mismatch', `${subject} ${field}`, expected, observed);
}
