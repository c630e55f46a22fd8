import { holdReasons } from '../core/gate/standing.ts';
import { inverseOf } from '../core/record.ts';
import type { MergedChange } from '../model/merged-change.ts';
import { gatherMerged } from './apply-one.ts';
import type { ActingPorts, ApplyOrder } from './apply-report.ts';
import { type WriteResult, writeSettings } from './write.ts';

/**
 * Writes the approved inverse back, once, after a verification that found no improvement. The inverse is computed again, not read;
 * it goes in only while every changed value is still ours. Windows do not stop it, a `/hold` does.
 */
export async function rollBack(change: MergedChange, order: ApplyOrder, ports: ActingPorts): Promise<WriteResult> {
  const refuse = (code: 'job_missing', expected: string, observed: string): WriteResult => ({
    done: false,
    reason: { code, subject: change.record.target, expected, observed },
  });
  const { log, writer } = ports.acting;
  const { job_id: jobId } = change.record;
  const reader = ports.reads(order.workspace).workspace;
  if (!jobId || !reader || !writer) return refuse('job_missing', 'a job in a configured workspace', 'none');
  return writeSettings(
    {
      merge: change.merge,
      jobId,
      changes: inverseOf(change.record.changes),
      direction: 'rollback',
      run: order.run,
      stillAllowed: async () => {
        const facts = await gatherMerged(change, ports);
        return holdReasons(facts)[0] ?? null;
      },
    },
    { clock: ports.clock, log, reader, writer },
  );
}
