import { formatOf, leafChange } from '../../core/edit/edit.ts';
import { findPlace } from '../../core/edit/place.ts';
import { fromFileRoot } from '../../core/edit/root.ts';
import { readTree } from '../../core/edit/text.ts';
import { childPath } from '../../core/edit/tree.ts';
import { parseSelector } from '../../core/selector.ts';
import type { Change } from '../../model/change.ts';
import type { Plan } from '../../model/plan.ts';
import type { Target } from '../../model/target.ts';

type ActingPlan = Exclude<Plan, { kind: 'advice' }>;

/** The exact commands with which a person carries a plan out by hand: the edit, then how it gets live, then the rerun. */
export function stepsByHand(plan: ActingPlan, target: Target | null): readonly string[] {
  if (plan.kind === 'action') return [actionLine(plan.action)];
  const edits = plan.changes.map((change) =>
    editLine(change, plan.edits.find((edit) => edit.file === change.file)?.before ?? ''),
  );
  const bundle = target?.job?.by === 'bundle' ? [`databricks bundle deploy -t ${quoted(target.job.bundleTarget)}`] : [];
  const proposal = `# open a pull request with it; an owner approves with /approve <head SHA>${bundle.length > 0 ? ', then the pipeline runs' : ''}`;
  const rerun = plan.rerun?.runId ? [actionLine({ do: 'repair', runId: plan.rerun.runId })] : [];
  return [...edits, proposal, ...bundle, ...rerun];
}

function actionLine(action: Extract<Plan, { kind: 'action' }>['action']): string {
  if (action.do === 'run-now')
    return `databricks jobs run-now <job id> --job-parameters ${quoted(JSON.stringify(action.parameters))}`;
  return action.do === 'repair'
    ? `databricks jobs repair-run ${quoted(action.runId)} --rerun-all-failed-tasks`
    : `databricks jobs cancel-run ${quoted(action.runId)}`;
}

function editLine(change: Change, before: string): string {
  const setting = settingOf(change, before);
  const file = quoted(change.file);
  if (setting === null) return `# edit ${file}: ${change.selector} to ${change.new ?? 'nothing'}`;
  return `sluice edit ${file} --set ${quoted(setting)} > edited && mv edited ${file}`;
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

/** For a POSIX shell; bare where nothing in it means anything there. */
function quoted(text: string): string {
  return /^[\w./:=@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
