import type { Change } from '../../model/change.ts';
import type { Config } from '../../model/config.ts';
import type { BlobFact, GateFacts, RecordFact, TreeEntryChange } from '../../model/gate.ts';
import type { ChangeRecord } from '../../model/record.ts';
import type { Target } from '../../model/target.ts';
import { applyChanges, formatOf, leafChange } from '../edit/edit.ts';
import { inverseOf, planDigest, recordPath, recordText } from '../record.ts';
import { riskOf, worse } from '../risk.ts';
import { type GateReason, reason, unread } from './reason.ts';

/**
 * Step 3 of algorithm A: everything in the record that can be derived is derived again from the blobs, the policy and live facts;
 * the record is believed in nothing. `path` and `config` are of the policy being asked.
 */
export function recordReasons(facts: GateFacts, fact: RecordFact, config: Config): GateReason[] {
  const { record } = fact;
  const target = config.targets.find((one) => one.name === record.target);
  if (!target) return [reason('target_mismatch', record.target, 'a target in the policy', 'none of that name')];
  return [
    ...formReasons(fact, facts.change.delta.known ? facts.change.delta.value : []),
    ...targetReasons(facts, record, target),
    ...derivedReasons(record),
    ...editReasons(facts, record),
    ...limitReasons(record, config),
  ];
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
  if (record.kind === 'rollback' && !record.undoes) found.push(mismatch(path, 'undoes', 'the record undone', 'none'));
  return found;
}

function targetReasons(facts: GateFacts, record: ChangeRecord, target: Target): GateReason[] {
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
  const { host, jobId } = facts.live;
  if (!host.known) found.push(unread('workspace host', host.why));
  else compare('host', host.value, record.host);
  if (!jobId.known) found.push(reason('target_mismatch', `${target.name} job`, 'one job', jobId.why));
  else compare('job', jobId.value, record.job_id);
  return found;
}

function derivedReasons(record: ChangeRecord): GateReason[] {
  const found: GateReason[] = [];
  const inverse = JSON.stringify(inverseOf(record.changes).map(plain));
  if (JSON.stringify(record.inverse.map(plain)) !== inverse)
    found.push(mismatch('record', 'inverse', inverse, 'another inverse'));
  const digest = planDigest(record);
  if (record.plan_digest !== digest) found.push(mismatch('record', 'plan digest', digest, record.plan_digest));
  const risk = riskOf(record.changes);
  if (worse(record.risk, risk) !== record.risk) found.push(mismatch('record', 'risk', `at least ${risk}`, record.risk));
  return found;
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

/** Limits narrow what the agent may touch; they are asked of its records only, people's own changes are judged by owners. */
function limitReasons(record: ChangeRecord, config: Config): GateReason[] {
  const { keys, paths, maxWorkers, percentPerStep } = config.limits;
  return record.changes.flatMap((whole) => {
    const format = formatOf(whole.file);
    const leaf = format && leafChange(format, whole);
    if (!leaf?.ok) return [reason('key_forbidden', whole.selector, 'one value', 'more than one')];
    const change = leaf.value;
    const found: GateReason[] = [];
    if (paths.length > 0 && !paths.includes(change.file))
      found.push(reason('path_forbidden', change.file, paths.join(', '), change.file));
    if (keys.length > 0 && !keys.some((key) => change.selector === key || change.selector.includes(`"${key}"`)))
      found.push(reason('key_forbidden', change.selector, keys.join(', '), change.selector));
    const [old, next] = [numberIn(change.old), numberIn(change.new)];
    if (/_workers$/.test(change.selector) && next !== null && next > maxWorkers)
      found.push(reason('limit_exceeded', change.selector, `at most ${maxWorkers}`, String(next)));
    if (
      record.kind === 'change' &&
      old !== null &&
      next !== null &&
      old > 0 &&
      Math.abs(next - old) > (old * percentPerStep) / 100
    )
      found.push(reason('limit_exceeded', change.selector, `a step of at most ${percentPerStep} %`, `${old} → ${next}`));
    return found;
  });
}

/** A lexeme's number, whether written bare or quoted; null for anything else, sizes with units among them. */
function numberIn(lexeme: string | null): number | null {
  const bare = lexeme?.replace(/^["']|["']$/g, '') ?? '';
  return /^-?\d+(\.\d+)?$/.test(bare) ? Number(bare) : null;
}

function plain({ file, selector, old, new: next }: Change): readonly (string | null)[] {
  return [file, selector, old, next];
}

function mismatch(subject: string, field: string, expected: string, observed: string): GateReason {
  return reason('record_mismatch', `${subject} ${field}`, expected, observed);
}
