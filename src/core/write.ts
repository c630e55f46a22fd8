import type { Change } from '../model/change.ts';
import type { Job } from '../model/job.ts';
import type { Known } from '../model/known.ts';
import type { Reason, RolloutReasonCode } from '../model/reason.ts';
import type { Rollout } from '../model/rollout.ts';
import { canonicalJson, sha256Hex } from './canonical.ts';
import { applySettingsChanges, heldIn } from './edit/settings.ts';
import { INTENT_VALID_MINUTES } from './rollout.ts';

export interface WriteFacts {
  readonly job: Known<Job>;
  /** The approved change, or its inverse when rolling back. */
  readonly changes: readonly Change[];
  readonly rollout: Rollout;
  /** This attempt's id: an intent of the same attempt is ours to finish, one of another attempt is ambiguous. */
  readonly run: string;
  /** What this attempt has sent: nothing yet, a write that was answered, or one whose answer was lost. */
  readonly sent: 'nothing' | 'answered' | 'unanswered';
  /** True once this attempt has waited for an ambiguous write to settle and read the job again. */
  readonly settled: boolean;
  readonly now: string;
}

/** The one next thing to do with the job. `body` is the whole settings document to send; nothing else is ever sent. */
export type WriteStep =
  | { readonly do: 'adopt' }
  | { readonly do: 'intend'; readonly before: string; readonly after: string }
  | { readonly do: 'settle' }
  | { readonly do: 'write'; readonly body: string }
  | { readonly do: 'refuse'; readonly reason: Reason<RolloutReasonCode> };

/**
 * "The write" of algorithm A as a decision over what the job holds now and what we noted before: equal to the wanted values, adopt;
 * equal to the old ones, note the intent, then write; anything else is somebody's edit and is left alone.
 */
export function nextWriteStep(facts: WriteFacts): WriteStep {
  const { job, changes } = facts;
  if (!job.known) return refuse('job_missing', 'job', 'readable settings', job.why);
  if (job.value.managedBy)
    return refuse('bundle_managed', `job ${job.value.id}`, 'settings of its own', `managed by ${job.value.managedBy}`);
  const found = changes.map((change) => ({ change, held: heldIn(job.value.settings, change) }));
  const unreadable = found.find(({ held }) => !held.ok);
  if (unreadable && !unreadable.held.ok)
    return refuse('drift', unreadable.change.selector, 'one such element', unreadable.held.reason.observed);
  if (found.every(({ held }) => held.ok && held.value.new)) return { do: 'adopt' };
  const edited = found.find(({ held }) => held.ok && !held.value.old);
  if (edited?.held.ok)
    return refuse('drift', edited.change.selector, edited.change.old ?? 'absent', edited.held.value.lexeme ?? 'absent');
  if (facts.sent === 'answered') return refuse('readback_mismatch', 'job settings', 'the values just written', 'the old ones');
  if (facts.sent === 'nothing') return stepFromBase(facts, job.value);
  if (!facts.settled) return { do: 'settle' };
  return refuse('in_doubt', 'job settings', 'the values just sent', 'the old ones, and no answer to the write');
}

/** The job still holds the old values. */
function stepFromBase(facts: WriteFacts, job: Job): WriteStep {
  const body = applySettingsChanges(job.settings, facts.changes);
  if (!body.ok) return refuse('drift', body.reason.subject, body.reason.expected, body.reason.observed);
  const intent = facts.rollout.openIntent;
  if (!intent) return { do: 'intend', before: settingsDigest(job.settings), after: settingsDigest(body.value) };
  if (intent.run === facts.run) return { do: 'write', body: body.value };
  if (!facts.settled) return { do: 'settle' };
  const minutes = (Date.parse(facts.now) - Date.parse(intent.at)) / 60_000;
  if (minutes <= INTENT_VALID_MINUTES) return { do: 'write', body: body.value };
  return refuse(
    'in_doubt',
    `job ${job.id}`,
    `a write within ${INTENT_VALID_MINUTES} minutes of its intent`,
    `an intent of ${intent.at} by run ${intent.run}; an owner looks and says /retry`,
  );
}

/** Digest of a settings document by its meaning: key order and layout do not count, numbers keep their lexemes. */
export function settingsDigest(settings: string): string {
  return sha256Hex(canonicalJson(lexical(settings)));
}

/** JSON with every number kept as its source text, marked apart from strings, so that int64 ids stay exact and 1 is not "1". */
function lexical(settings: string): unknown {
  const token = /("(?:[^"\\]|\\.)*")|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)/g;
  return JSON.parse(
    settings.replace(token, (_, text: string | undefined, number: string) => (text ? `"s${text.slice(1)}` : `"n${number}"`)),
  );
}

function refuse(code: RolloutReasonCode, subject: string, expected: string, observed: string): WriteStep {
  return { do: 'refuse', reason: { code, subject, expected, observed } };
}
