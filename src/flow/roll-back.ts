import { inverseOf } from '../core/record.ts';
import { notedWithRollback } from '../core/rollout.ts';
import type { MergedChange } from '../model/merged-change.ts';
import { type ActingPorts, type ApplyOrder, keyOf } from './apply-report.ts';
import { mayGoOn } from './merged-facts.ts';
import { type WriteResult, writeSettings } from './write.ts';

/**
 * Writes the approved inverse back, once, after a verification that found no improvement. The inverse is computed again, not read;
 * it goes in only while every changed value is still ours. Windows do not stop it; a `/hold` and an unguarded credential do.
 */
export async function rollBack(change: MergedChange, order: ApplyOrder, ports: ActingPorts): Promise<WriteResult> {
  const { log, writer } = ports.acting;
  const { job_id: jobId, target } = change.record;
  const reader = ports.reads(order.workspace).workspace;
  if (!jobId || !reader || !writer)
    return {
      done: false,
      reason: { code: 'job_missing', subject: target, expected: 'a job in a configured workspace', observed: 'none' },
    };
  return writeSettings(
    {
      key: keyOf(change),
      jobId,
      changes: inverseOf(change.record.changes),
      direction: 'rollback',
      run: order.run,
      stillAllowed: () => mayGoOn(change.merge, order.environment, ports),
      notedWith: (seen) => notedWithRollback(change.record, seen),
    },
    { clock: ports.clock, log, reader, writer },
  );
}
