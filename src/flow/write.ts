import { foldRollout, SETTLING_SECONDS } from '../core/rollout.ts';
import { nextWriteStep, type WriteFacts } from '../core/write.ts';
import type { Change } from '../model/change.ts';
import type { Reason, RolloutReasonCode } from '../model/reason.ts';
import type { RolloutEntry, RolloutKey } from '../model/rollout.ts';
import type { Clock, RolloutLog, WorkspaceReader, WorkspaceWriter } from '../ports.ts';

export interface WritePorts {
  readonly clock: Clock;
  readonly log: RolloutLog;
  readonly reader: WorkspaceReader;
  readonly writer: WorkspaceWriter;
}

export interface WriteOrder {
  readonly key: RolloutKey;
  readonly jobId: string;
  readonly changes: readonly Change[];
  readonly direction: 'apply' | 'rollback';
  readonly run: string;
  /** Asked immediately before the write; a reason stops it. */
  readonly stillAllowed: () => Promise<Reason | null>;
  /** What is noted together with the write, because nothing happens between them. */
  readonly notedWith: (seen: { readonly at: string; readonly run: string }) => readonly RolloutEntry[];
}

export type WriteResult =
  /** `settings`: what the job holds now. */
  { readonly done: true; readonly writes: number; readonly settings: string } | { readonly done: false; readonly reason: Reason };

/** Steps that one write can take at most: intend, settle, write, read back, with room for one repetition of each. */
const MOST_STEPS = 8;

/**
 * Brings a job from the old values to the new with at most one net transition. Core names each next step from what the job and the
 * log hold now, so an attempt that was killed anywhere is finished, or refused with its reason, by the next one.
 */
export async function writeSettings(order: WriteOrder, ports: WritePorts): Promise<WriteResult> {
  let sent: WriteFacts['sent'] = 'nothing';
  let settled = false;
  let allowed = false;
  for (let count = 0; count < MOST_STEPS; count++) {
    const [entries, job, now] = await Promise.all([ports.log.read(order.key), ports.reader.job(order.jobId), ports.clock.now()]);
    if (!entries.known) return stop('intent_unavailable', 'rollout log', 'readable', entries.why);
    const seen = { at: now.toISOString(), run: order.run };
    const noted = { ...seen, direction: order.direction };
    const rollout = foldRollout(entries.value);
    const step = nextWriteStep({ job, changes: order.changes, rollout, run: order.run, sent, settled, now: seen.at });
    switch (step.do) {
      case 'refuse':
        return { done: false, reason: step.reason };
      case 'adopt': {
        // Nothing was sent now: there was nothing to do, or the report of an earlier attempt is made good.
        const writes = sent === 'nothing' ? 0 : 1;
        const entry = writes > 0 ? { what: 'written' as const, writes, ...noted } : { what: 'adopted' as const, ...noted };
        await ports.log.append(order.key, entry, ...order.notedWith(seen));
        return { done: true, writes, settings: job.known ? job.value.settings : '' };
      }
      case 'intend':
        await ports.log.append(order.key, { what: 'intent', before: step.before, after: step.after, ...noted });
        break;
      case 'settle':
        await ports.clock.sleep(SETTLING_SECONDS * 1000);
        settled = true;
        break;
      case 'write': {
        // The last question takes seconds; the job is read once more after it, so that nothing older is sent.
        const refused = allowed ? null : await order.stillAllowed();
        if (refused) return { done: false, reason: refused };
        if (!allowed) {
          allowed = true;
          break;
        }
        const answer = await ports.writer.reset(order.jobId, step.body);
        if (!answer.done && answer.sure)
          return stop('workspace_forbidden', `job ${order.jobId}`, 'the write accepted', answer.why);
        sent = answer.done ? 'answered' : 'unanswered';
        settled = false;
      }
    }
  }
  return stop('in_doubt', `job ${order.jobId}`, `an end within ${MOST_STEPS} steps`, 'none');
}

function stop(code: RolloutReasonCode, subject: string, expected: string, observed: string): WriteResult {
  return { done: false, reason: { code, subject, expected, observed } };
}
