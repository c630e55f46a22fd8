import type { SelectorStep } from '../../model/change.ts';
import { findPlace } from '../edit/place.ts';
import { type Bundle, documentsIn } from './bundle.ts';
import { type BundlePlace, bundlePlace, inResource, overrides, TARGET_KEYS } from './place.ts';
import { usesOf } from './use.ts';

type JobPlace = Extract<BundlePlace, { is: 'job' }>;
type VariablePlace = Extract<BundlePlace, { is: 'variable' }>;

/**
 * The settings of the target's own job that a change at `steps` (from the file's root) decides, from the job's root. None where the bundle
 * target has them from elsewhere; none either where the variable stands inside a longer text, which nobody can compare with what is live.
 */
export function landingsOf(steps: readonly SelectorStep[], bundle: Bundle): readonly (readonly SelectorStep[])[] {
  const place = bundlePlace(steps);
  if (place.is === 'job') return counts(place, bundle) ? [place.steps] : [];
  if (place.is === 'other' || !isInForce(place, bundle)) return [];
  const uses = usesOf(place.name, bundle.files);
  const own = (uses.ok ? uses.value : []).flatMap((use) => {
    const at = use.steps && bundlePlace(use.steps);
    return at?.is === 'job' && counts(at, bundle) ? [{ steps: at.steps, alone: use.alone }] : [];
  });
  return own.every(({ alone }) => alone) ? own.map((one) => one.steps) : [];
}

/** The bundle targets in the files that have no value of their own for a variable: its default is theirs. */
export function targetsOnDefault(name: string, bundle: Bundle): readonly string[] {
  const names = documentsIn(bundle.files).flatMap(({ root }) => {
    const groups = root.ok ? root.value.members.filter(({ key }) => TARGET_KEYS.some((one) => one === key)) : [];
    return groups.flatMap((group) => group.value.members.map((member) => member.key));
  });
  return [...new Set(names)].filter((one) => !hasOwn(name, one, bundle));
}

/** Whether a job's setting here is the one that counts for the bundle target. */
function counts({ resource, bundleTarget, steps }: JobPlace, bundle: Bundle): boolean {
  if (resource !== bundle.resource) return false;
  if (bundleTarget !== null) return bundleTarget === bundle.bundleTarget;
  return !holdsOne(overrides(bundle, inResource(resource, steps)), bundle);
}

/** Whether a variable's value here is the one that counts for the bundle target. */
function isInForce({ name, bundleTarget }: VariablePlace, bundle: Bundle): boolean {
  return bundleTarget === null ? !hasOwn(name, bundle.bundleTarget, bundle) : bundleTarget === bundle.bundleTarget;
}

/** An entry without a value, such as a description, sets nothing. */
function hasOwn(name: string, bundleTarget: string, bundle: Bundle): boolean {
  const entry = [{ key: 'variables' }, { key: name }];
  return [entry, [...entry, { key: 'default' }]].some((steps) => holdsOne(overrides({ bundleTarget }, steps), bundle));
}

/** Whether a single value stands at one of the paths. A map is none: what it does not say comes from elsewhere. */
function holdsOne(paths: readonly (readonly SelectorStep[])[], { files }: Bundle): boolean {
  return documentsIn(files).some(
    ({ root }) =>
      root.ok &&
      paths.some((steps) => {
        const place = findPlace(root.value, steps);
        return place.ok && place.value.node?.kind === 'scalar';
      }),
  );
}
