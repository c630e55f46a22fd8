import type { Reason } from '../model/reason.ts';
import type { ChangeRecord } from '../model/record.ts';
import type { Verification } from '../model/verification.ts';
import { reasonList } from './incident.ts';
import { verificationTable } from './rollout.ts';
import { counted, inline, page, table } from './text.ts';

interface Applied {
  readonly change: { readonly path: string; readonly record: ChangeRecord | null; readonly merge: string };
  readonly decision: string;
  readonly reasons: readonly Reason[];
  readonly writes: number;
  readonly carried: readonly Reason[];
  readonly verification: Verification | null;
}

/** The job summary of one attempt of the Action. */
export function applySummary(reports: readonly Applied[], dryRun: boolean): string {
  const head = dryRun ? '## Sluice (dry run: nothing here can write)' : '## Sluice';
  if (reports.length === 0) return page(head, 'No unfinished change at HEAD.');
  return page(head, ...reports.map(oneReport));
}

function oneReport({ change, decision, reasons, writes, carried, verification }: Applied): string {
  const { record, merge } = change;
  const rows = (record?.changes ?? []).map((one) => [
    inline(one.file),
    inline(one.selector),
    inline(one.old ?? 'unset'),
    inline(one.new ?? 'unset'),
  ]);
  return page(
    `### ${inline(change.path)}: ${decision}`,
    merge
      ? `Merged as \`${merge}\`${record ? `, target ${inline(record.target)}, job ${record.job_id ?? 'none'}` : ''}, ${counted(writes, 'write')} in this attempt.`
      : null,
    rows.length > 0 ? table(['file', 'value', 'old', 'new'], rows) : null,
    reasons.length > 0 ? reasonList(reasons) : null,
    carried.length > 0 ? `Other settings of the job differ from Git and stay as they are:\n${reasonList(carried)}` : null,
    verification ? verificationTable(verification) : null,
  );
}
