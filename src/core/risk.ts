import type { Change } from '../model/change.ts';
import type { Risk } from '../model/config.ts';
import type { Bundle } from './bundle/bundle.ts';
import { bundlePlace } from './bundle/place.ts';
import { reachOf } from './bundle/reach.ts';
import { formatOf, leafChange } from './edit/edit.ts';
import { formatSelector, parseSelector } from './selector.ts';

const ORDER: readonly Risk[] = ['low', 'medium', 'high'];

/**
 * The least risk a change can have, judged by what it touches alone, so that apply can recompute it from the file: session-level
 * Spark SQL settings are low; memory, cores and the number of workers are medium; another machine type, a `timeout_seconds` (which
 * hits runs under way) and anything unlisted are high. In a bundle an override is judged as the setting that it is, and a variable as the worst
 * of the settings that use it: high, where nobody can tell them.
 */
export function riskOf(changes: readonly Change[], bundle: Bundle | null): Risk {
  return changes.map((change) => riskOfOne(change, bundle)).reduce(worse, 'low');
}

export function worse(a: Risk, b: Risk): Risk {
  return ORDER.indexOf(a) >= ORDER.indexOf(b) ? a : b;
}

function riskOfOne(change: Change, bundle: Bundle | null): Risk {
  const format = formatOf(change.file);
  const leaf = format && leafChange(format, change);
  if (!leaf?.ok) return 'high';
  const steps = parseSelector(leaf.value.selector);
  const place = steps.ok ? bundlePlace(steps.value) : null;
  if (!steps.ok || place?.is !== 'variable') {
    return riskOfSetting(place?.is === 'job' && place.steps.length > 0 ? formatSelector(place.steps) : leaf.value.selector);
  }
  const reach = bundle && reachOf(steps.value, bundle);
  return reach?.ok ? reach.value.map((one) => riskOfSetting(formatSelector(one))).reduce(worse, 'low') : 'high';
}

function riskOfSetting(selector: string): Risk {
  if (/timeout_seconds/.test(selector)) return 'high';
  if (/(^|["[.])spark\.(sql|databricks)\./.test(selector)) return 'low';
  if (/(^|["[.])spark\.(executor|driver|memory|task|shuffle|network)\b/.test(selector)) return 'medium';
  if (/\.(num_workers|min_workers|max_workers)$/.test(selector)) return 'medium';
  if (/(^|\.)(parameters|base_parameters)\b/.test(selector)) return 'medium';
  return 'high';
}
