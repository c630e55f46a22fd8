import type { SelectorStep } from '../../model/change.ts';
import type { Bundle } from './bundle.ts';

/** The key that holds a bundle's targets; `environments` is its old name. */
export const TARGET_KEYS = ['targets', 'environments'] as const;

/** What a place in a bundle's file means: a job's setting, or the value of a variable; `bundleTarget` is null where it holds for every target. */
export type BundlePlace =
  | {
      readonly is: 'job';
      readonly resource: string;
      readonly bundleTarget: string | null;
      /** From the root of the job's settings. */
      readonly steps: readonly SelectorStep[];
    }
  | { readonly is: 'variable'; readonly name: string; readonly bundleTarget: string | null }
  | { readonly is: 'other' };

/** Reads the steps from a bundle file's root. A variable's other fields, such as its description, are `other`. */
export function bundlePlace(steps: readonly SelectorStep[]): BundlePlace {
  const [group, target] = steps.map(keyOf);
  const inTarget = TARGET_KEYS.some((key) => key === group) && target != null;
  const rest = inTarget ? steps.slice(2) : steps;
  const bundleTarget = inTarget ? target : null;
  const [first, second, third, ...more] = rest.map(keyOf);
  if (first === 'resources' && second === 'jobs' && third != null)
    return { is: 'job', resource: third, bundleTarget, steps: rest.slice(3) };
  const isValue = third === 'default' ? more.length === 0 : rest.length === 2 && inTarget;
  return first === 'variables' && second != null && isValue ? { is: 'variable', name: second, bundleTarget } : { is: 'other' };
}

/** Where a target's override of a place would stand: `steps` from the root that the base has. */
export function overrides({ bundleTarget }: Pick<Bundle, 'bundleTarget'>, steps: readonly SelectorStep[]) {
  return TARGET_KEYS.map((key): readonly SelectorStep[] => [{ key }, { key: bundleTarget }, ...steps]);
}

/** The steps of a job's setting from the file's root. */
export function inResource(resource: string, steps: readonly SelectorStep[]): readonly SelectorStep[] {
  return [{ key: 'resources' }, { key: 'jobs' }, { key: resource }, ...steps];
}

function keyOf(step: SelectorStep): string | null {
  return 'key' in step ? step.key : null;
}
