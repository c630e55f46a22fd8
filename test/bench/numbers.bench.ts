import { cpus } from 'node:os';
import { bench } from 'vitest';
import { bundleRows } from './bundle.ts';
import { editRows } from './edit.ts';
import { eventLogRows } from './event-log.ts';
import { gateRows } from './gate.ts';
import { incidentRows } from './incident.ts';
import { investigationRows } from './investigation.ts';
import { type Row, table } from './measure.ts';

const MEASURED: readonly (() => Promise<readonly Row[]>)[] = [
  gateRows,
  editRows,
  bundleRows,
  investigationRows,
  incidentRows,
  eventLogRows,
];

/** Once: the measurements repeat what has to be repeated themselves, each with its peer in the same run. */
const ONCE = { iterations: 1, time: 0, warmupIterations: 0, warmupTime: 0, throws: true };

/**
 * The numbers of the design, one after the other; never a timed test. A missed target is printed and fails nothing, because the
 * machine may be busy; what cannot be measured fails at the end.
 */
bench('the numbers of the design', printNumbers, ONCE);

async function printNumbers(): Promise<void> {
  const rows: Row[] = [];
  const failures: unknown[] = [];
  for (const measure of MEASURED)
    await measure().then(
      (found) => rows.push(...found),
      (error: unknown) => failures.push(error),
    );
  const [cpu] = cpus();
  process.stdout.write(`\n${table(rows)}\n\nNode ${process.version}, ${cpus().length} × ${cpu?.model.trim()}\n\n`);
  if (failures.length > 0) throw new AggregateError(failures, failures.map(String).join('\n'));
}
