import type { Change } from '../model/change.ts';
import type { FileEdit, HandStep } from '../model/plan.ts';
import type { RerunHow } from '../model/record.ts';
import type { Target } from '../model/target.ts';
import { formatOf, leafChange } from './edit/edit.ts';
import { findPlace } from './edit/place.ts';
import { fromFileRoot } from './edit/root.ts';
import { readTree } from './edit/text.ts';
import { childPath } from './edit/tree.ts';
import { parseSelector } from './selector.ts';

/** How a person carries a change out by hand: the edits, then how they get live, then the rerun. */
export function stepsByHand(
  edits: readonly { readonly change: Change; readonly edit: FileEdit }[],
  rerun: { readonly how: RerunHow; readonly runId: string | null } | null,
  target: Pick<Target, 'job'>,
  jobId: string | null,
): readonly HandStep[] {
  const bundle = target.job?.by === 'bundle' ? [{ do: 'deploy' as const, bundleTarget: target.job.bundleTarget }] : [];
  return [
    ...edits.map(({ change, edit }) => editStep(change, edit.before)),
    { do: 'propose', pipeline: bundle.length > 0 },
    ...bundle,
    ...(rerun ? rerunSteps(rerun, jobId) : []),
  ];
}

function rerunSteps(
  { how, runId }: { readonly how: RerunHow; readonly runId: string | null },
  jobId: string | null,
): readonly HandStep[] {
  switch (how) {
    case 'repair':
      return runId === null ? [] : [{ do: 'repair', runId }];
    case 'run-now':
      return [{ do: 'run-now', jobId }];
    case 'restart':
      return [{ do: 'cancel-active', jobId }];
    case 'cancel-and-run':
      return [
        { do: 'cancel-active', jobId },
        { do: 'run-now', jobId },
      ];
  }
}

function editStep(change: Change, before: string): HandStep {
  const setting = settingOf(change, before);
  if (setting === null) return { do: 'edit', file: change.file, selector: change.selector, value: change.new };
  return { do: 'set', file: change.file, setting };
}

/** `POINTER=VALUE` of a change as `sluice edit` takes it; null where only a person's editor can make it. */
function settingOf(change: Change, before: string): string | null {
  const format = formatOf(change.file);
  if (format === null) return null;
  const leaf = leafChange(format, change);
  if (!leaf.ok || leaf.value.new === null) return null;
  const value = plainValue(leaf.value.new);
  if (format === 'conf') return `${change.selector}=${value}`;
  const tree = readTree(format, before.replace(/^\ufeff/, ''));
  const steps = parseSelector(leaf.value.selector);
  if (!tree.ok || !steps.ok) return null;
  const place = findPlace(tree.value, fromFileRoot(format, before, steps.value));
  if (!place.ok) return null;
  const pointer = place.value.missing.slice(1).reduce(childPath, place.value.path);
  return `${pointer}=${value}`;
}

/** The meaning of a lexeme: what stands between quotes, with JSON's escapes undone where it is JSON. */
function plainValue(lexeme: string): string {
  try {
    const value: unknown = JSON.parse(lexeme);
    return typeof value === 'string' ? value : lexeme;
  } catch {
    return lexeme.replace(/^'(.*)'$/, '$1');
  }
}
