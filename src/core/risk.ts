import type { Change } from '../model/change.ts';
import type { Risk } from '../model/config.ts';
import { formatOf, leafChange } from './edit/edit.ts';

const ORDER: readonly Risk[] = ['low', 'medium', 'high'];

/**
 * The least risk a change can have, judged by what it touches alone, so that apply can recompute it from the file: session-level
 * Spark SQL settings are low; memory, cores and the number of workers are medium; another machine type, a `timeout_seconds` (which
 * hits runs under way) and anything unlisted are high.
 */
export function riskOf(changes: readonly Change[]): Risk {
  return changes.map(riskOfOne).reduce(worse, 'low');
}

export function worse(a: Risk, b: Risk): Risk {
  return ORDER.indexOf(a) >= ORDER.indexOf(b) ? a : b;
}

function riskOfOne(change: Change): Risk {
  const format = formatOf(change.file);
  const leaf = format && leafChange(format, change);
  if (!leaf?.ok) return 'high';
  const { selector } = leaf.value;
  if (/timeout_seconds/.test(selector)) return 'high';
  if (/(^|["[.])spark\.(sql|databricks)\./.test(selector)) return 'low';
  if (/(^|["[.])spark\.(executor|driver|memory|task|shuffle|network)\b/.test(selector)) return 'medium';
  if (/\.(num_workers|min_workers|max_workers)$/.test(selector)) return 'medium';
  if (/(^|\.)(parameters|base_parameters)\b/.test(selector)) return 'medium';
  return 'high';
}
