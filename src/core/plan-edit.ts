import type { Change, SelectorStep } from '../model/change.ts';
import type { FileEdit } from '../model/plan.ts';
import type { Outcome, Reason } from '../model/reason.ts';
import type { RemedyEdit } from '../model/runbook.ts';
import type { Target } from '../model/target.ts';
import { alsoChangedBy } from './bundle/also.ts';
import { bundleOf } from './bundle/bundle.ts';
import { bundlePlace, inResource } from './bundle/place.ts';
import { sourceOf } from './bundle/source.ts';
import { applyChange, formatOf, meaningOf, proposeChange, readLexeme } from './edit/edit.ts';
import { unifiedDiff } from './edit/unified.ts';
import type { JobFacts } from './job-facts.ts';
import type { PlanInputs } from './plan-inputs.ts';
import { refuse } from './refuse.ts';
import { parseSelector } from './selector.ts';
import type { NewValue } from './spark-conf.ts';

/** One change of one file, and the file before and after. */
export interface PlannedEdit {
  readonly change: Change;
  readonly edit: FileEdit;
  /** What else of a bundle it changes, in words. */
  readonly alsoChanges: readonly string[];
}

/** The key that limits and people speak of: the conf key, the field's last name, the parameter's name, the pointer. */
export function keyOf(edit: RemedyEdit): string {
  if (edit.surface === 'spark-conf') return edit.key;
  if (edit.surface === 'parameter') return edit.name;
  return edit.surface === 'cluster' ? (edit.field.split('.').at(-1) ?? edit.field) : edit.pointer;
}

/**
 * Finds the one target file that can hold the edit and makes the change there; of a bundle, the place of the value that counts for the target's
 * own deployment. For a job that Sluice itself applies the live settings must hold the same old value: apply would refuse the change as drift,
 * so it is not proposed.
 */
export function planEdit(edit: RemedyEdit, value: NewValue, job: JobFacts, inputs: PlanInputs): Outcome<PlannedEdit> {
  const steps = stepsOf(edit, job, inputs.target);
  if (!steps.ok) return steps;
  const bundle = bundleOf(inputs.target, inputs.files);
  const place = bundle && bundlePlace(steps.value);
  if (bundle && place?.is === 'job' && place.bundleTarget === null && place.resource === bundle.resource) {
    const source = sourceOf(place.steps, bundle);
    if (!source.ok) return source;
    const file = inputs.files.filter(({ path }) => path === source.value.file);
    const made = planIn(file, source.value.steps, edit, value, inputs);
    if (!made.ok) return made;
    const also = alsoChangedBy(source.value, bundle, keyOf(edit));
    return also.ok ? { ok: true, value: { ...made.value, alsoChanges: also.value } } : also;
  }
  return planIn(inputs.files, steps.value, edit, value, inputs);
}

function planIn(
  files: PlanInputs['files'],
  steps: readonly SelectorStep[],
  edit: RemedyEdit,
  value: NewValue,
  inputs: PlanInputs,
): Outcome<PlannedEdit> {
  const tried = files.map((file) => editFile(file, steps, value, inputs.target));
  const made = tried.filter((one) => one.ok);
  const [only] = made;
  if (made.length > 1) return refuse('no_surface', keyOf(edit), 'one file that holds it', `${made.length} files`);
  if (only?.ok !== true) return tried.find((one) => !one.ok) ?? refuse('no_surface', keyOf(edit), 'a file of the target', 'none');
  const stop = driftOf(only.value.change, inputs);
  return stop === null ? only : { ok: false, reason: stop };
}

/** Where the edit goes, from the settings' root; a bundle's job lies under `resources.jobs.<key>`. */
function stepsOf(edit: RemedyEdit, job: JobFacts, target: Target): Outcome<readonly SelectorStep[]> {
  if (edit.surface === 'file') return parseSelector(edit.pointer);
  if (target.kind === 'spark-conf') {
    return edit.surface === 'spark-conf'
      ? { ok: true, value: [{ key: edit.key }] }
      : refuse('no_surface', keyOf(edit), 'a job', 'a conf file');
  }
  if (target.kind === 'file') return refuse('no_surface', keyOf(edit), 'job settings', 'a file of another kind');
  const { base } = job.cluster;
  if (edit.surface !== 'parameter' && base === null) return refuse('no_surface', keyOf(edit), 'a cluster of the job', 'none');
  const inJob = edit.surface === 'parameter' ? parameterSteps(edit.name) : [...(base ?? []), ...clusterSteps(edit)];
  if (target.kind !== 'bundle') return { ok: true, value: inJob };
  if (target.job?.by !== 'bundle') return refuse('no_surface', target.name, 'a bundle resource key', 'none');
  return { ok: true, value: inResource(target.job.resource, inJob) };
}

function parameterSteps(name: string): readonly SelectorStep[] {
  return [{ key: 'parameters' }, { where: 'name', equals: name }, { key: 'default' }];
}

function clusterSteps(edit: Extract<RemedyEdit, { surface: 'spark-conf' | 'cluster' }>): readonly SelectorStep[] {
  return edit.surface === 'spark-conf'
    ? [{ key: 'spark_conf' }, { key: edit.key }]
    : edit.field.split('.').map((key) => ({ key }));
}

function editFile(
  file: { readonly path: string; readonly text: string },
  steps: readonly SelectorStep[],
  value: NewValue,
  target: Target,
): Outcome<PlannedEdit> {
  const format = formatOf(file.path);
  if (format === null) return refuse('no_surface', file.path, 'JSON, YAML or .conf', 'another kind of file');
  const bundleTarget = target.job?.by === 'bundle' ? { bundleTarget: target.job.bundleTarget } : {};
  const change = proposeChange(format, file.path, file.text, steps, value, bundleTarget);
  if (!change.ok) return change;
  // A setting of a job may be new; a pointer that leads nowhere in somebody's chart means another file, or a misspelt one.
  if (target.kind === 'file' && change.value.old === null)
    return refuse('pointer_missing', change.value.selector, `a value at this place of ${file.path}`, 'none');
  if (change.value.old === change.value.new) {
    return refuse(
      'no_effect',
      change.value.selector,
      'another value in the file',
      `${change.value.old}: the live job differs from it`,
    );
  }
  const after = applyChange(format, file.text, change.value);
  if (!after.ok) return after;
  const [before, text] = [file.text, after.value.text];
  const edit = { file: file.path, before, after: text, diff: unifiedDiff(file.path, before, text) };
  return { ok: true, value: { change: change.value, edit, alsoChanges: [] } };
}

function driftOf(change: Change, { live, target }: PlanInputs): Reason | null {
  if (target.appliedBy !== 'sluice' || live === null) return null;
  if (!live.known)
    return { code: 'facts_unavailable', subject: target.name, expected: 'readable live settings', observed: live.why };
  const held = readLexeme('json', live.value.settings, change.selector);
  if (!held.ok) return held.reason;
  const format = formatOf(change.file) ?? 'json';
  const byLexeme = format === 'json' || held.value === null || change.old === null;
  const same = byLexeme ? held.value === change.old : meaningOf('json', held.value ?? '') === meaningOf(format, change.old ?? '');
  return same
    ? null
    : { code: 'drift', subject: change.selector, expected: change.old ?? 'absent', observed: held.value ?? 'absent' };
}
