import type { SelectorStep } from '../model/change.ts';
import type { TargetKind } from '../model/target.ts';
import { parseSelector } from './selector.ts';
import { clusterFields, keyForbidden } from './spark-conf.ts';
import { readerOptions } from './spark-conf-table.ts';

export type Surface = { readonly allowed: true; readonly key: string } | { readonly allowed: false; readonly why: string };

/**
 * What a selector of a proposal leads to, and whether an agent may touch it at all: Spark keys on the allow-list, the size and machine
 * type of a job cluster, reader options given as parameters; in a `file` target whatever its owners let a runbook name. The key is
 * the one that `limits.keys` speaks of. Everything else (identity, code, libraries, schedules, permissions) is a person's to change.
 */
export function surfaceOf(selector: string, kind: TargetKind): Surface {
  if (kind === 'file') return { allowed: true, key: selector };
  if (kind === 'spark-conf') return sparkKey(selector);
  const steps = parseSelector(selector);
  if (!steps.ok) return { allowed: false, why: steps.reason.observed };
  const path = steps.value.map(nameOf);
  const cluster = path.indexOf('new_cluster');
  const last = path.at(-1) ?? '';
  if (cluster >= 0 && path[cluster + 1] === 'spark_conf')
    return path.length === cluster + 3 ? sparkKey(last) : { allowed: false, why: 'is not one key' };
  if (cluster >= 0 && clusterFields.has(path.slice(cluster + 1).join('.'))) return { allowed: true, key: last };
  const [parameters, name, field] = steps.value.slice(-3);
  if (
    path.at(-3) === 'parameters' &&
    parameters &&
    name &&
    'where' in name &&
    field &&
    last === 'default' &&
    Object.hasOwn(readerOptions, name.equals)
  )
    return { allowed: true, key: name.equals };
  return { allowed: false, why: 'is a person’s to change' };
}

function sparkKey(key: string): Surface {
  const why = keyForbidden(key);
  return why === null ? { allowed: true, key } : { allowed: false, why };
}

function nameOf(step: SelectorStep): string {
  return 'key' in step ? step.key : `[${step.where}=${step.equals}]`;
}
