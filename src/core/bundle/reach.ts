import type { SelectorStep } from '../../model/change.ts';
import type { EditReasonCode, Outcome } from '../../model/reason.ts';
import { refuse } from '../refuse.ts';
import type { Bundle } from './bundle.ts';
import { type BundlePlace, bundlePlace } from './place.ts';
import { unseenIn } from './unseen.ts';
import { type Use, usesOf, usesOfJob } from './use.ts';

/**
 * Every job setting that a change at `steps` (from the file's root) can give another value: the setting itself, or each that is the variable and
 * nothing else. Refused where anything else uses the variable, or takes the setting from the job, and where something might that nobody has
 * looked at.
 */
export function reachOf(
  steps: readonly SelectorStep[],
  bundle: Bundle,
): Outcome<readonly (readonly SelectorStep[])[], EditReasonCode> {
  const place = bundlePlace(steps);
  if (place.is === 'job') return takenFrom(place.resource, bundle) ?? { ok: true, value: [place.steps] };
  if (place.is === 'other') return refuse('no_surface', 'bundle', 'a job’s setting or a variable’s value', 'another place');
  const name = `\${var.${place.name}}`;
  const uses = usesOf(place.name, bundle.files);
  if (!uses.ok) return uses;
  const unseen = unseenIn(bundle);
  if (unseen !== null) return refuse('interpolated', name, 'every use of it among the target’s files', unseen);
  const reached: (readonly SelectorStep[])[] = [];
  for (const use of uses.value) {
    const setting = settingOf(use);
    if (setting === null) return refuse('interpolated', name, 'to stand alone in settings of jobs', `a use at ${useText(use)}`);
    reached.push(setting);
  }
  return reached.length > 0 ? { ok: true, value: reached } : refuse('pointer_missing', name, 'a use of it', 'none');
}

/** Why a change of this job's own settings may be one of another's; null: nothing in the files takes any from it. */
function takenFrom(resource: string, { files }: Bundle): Outcome<never, EditReasonCode> | null {
  const uses = usesOfJob(resource, files);
  if (!uses.ok) return uses;
  const [first] = uses.value;
  const name = `\${resources.jobs.${resource}}`;
  return first ? refuse('interpolated', name, 'to be taken by nothing else', `a use at ${useText(first)}`) : null;
}

/** Where a use stands, in words. */
export function useText({ file, pointer }: Use): string {
  return pointer === '' ? file : `${pointer} of ${file}`;
}

function settingOf({ alone, steps }: Use): readonly SelectorStep[] | null {
  const place: BundlePlace | null = steps && bundlePlace(steps);
  return alone && place?.is === 'job' ? place.steps : null;
}
