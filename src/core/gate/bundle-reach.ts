import type { Change } from '../../model/change.ts';
import type { Known } from '../../model/known.ts';
import type { Bundle } from '../bundle/bundle.ts';
import { bundlePlace } from '../bundle/place.ts';
import { reachOf } from '../bundle/reach.ts';
import { formatSelector, parseSelector } from '../selector.ts';
import { type GateReason, reason, unread } from './reason.ts';

/** The job settings that an agent's change of a bundle comes to, by selectors from a job's root; each is judged like a job's own. */
export interface BundleReach {
  readonly reached: readonly string[];
  readonly reasons: readonly GateReason[];
}

/**
 * An agent may change a setting of the target's own job, in the base or in its own bundle target, and a variable whose every use is a setting that
 * it may change. It adds and takes out neither overrides nor variables: a new one hides a value, however long the step from that would be.
 */
export function bundleReach({ selector, old, new: next }: Change, bundle: Known<Bundle>): BundleReach {
  const steps = parseSelector(selector);
  if (!steps.ok) return forbidden(selector, 'a selector', steps.reason.observed);
  if (!bundle.known) return { reached: [], reasons: [unread(`${selector} files`, bundle.why)] };
  const place = bundlePlace(steps.value);
  const { resource, bundleTarget } = bundle.value;
  if (place.is === 'job' && place.resource !== resource)
    return forbidden(selector, `the job ${resource}`, `another job, ${place.resource}`);
  if (place.is !== 'other' && place.bundleTarget !== null && place.bundleTarget !== bundleTarget)
    return forbidden(selector, `the bundle target ${bundleTarget}`, `another one, ${place.bundleTarget}`);
  const hides = place.is === 'variable' || (place.is === 'job' && place.bundleTarget !== null);
  if (hides && (old === null || next === null))
    return forbidden(selector, 'an override or variable that is there before and after', 'one that is added or taken out');
  const reach = reachOf(steps.value, bundle.value);
  if (!reach.ok) return forbidden(selector, reach.reason.expected, reach.reason.observed);
  return { reached: [...new Set(reach.value.map(formatSelector))], reasons: [] };
}

function forbidden(selector: string, expected: string, observed: string): BundleReach {
  return { reached: [], reasons: [reason('key_forbidden', selector, expected, observed)] };
}
