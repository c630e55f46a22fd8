import type { SelectorStep } from '../model/change.ts';
import type { TargetKind } from '../model/target.ts';
import { parseSelector } from './selector.ts';
import { clusterFields, keyForbidden } from './spark-conf.ts';
import { readerOptions } from './spark-conf-table.ts';

export type Surface =
  /** `setting`: the name by which its values are known. */
  { readonly allowed: true; readonly key: string; readonly setting: string } | { readonly allowed: false; readonly why: string };

/**
 * What a selector of a proposal leads to, and whether an agent may touch it at all: Spark keys on the allow-list, the size and machine
 * type of a job cluster, reader options given as parameters; in a `file` target whatever its owners let a runbook name. The key is
 * the one that `limits.keys` speaks of. Everything else (identity, code, libraries, schedules, permissions) is a person's to change.
 */
export function surfaceOf(selector: string, kind: TargetKind): Surface {
  if (kind === 'file') return { allowed: true, key: selector, setting: settingIn(selector) };
  if (kind === 'spark-conf') return sparkKey(selector);
  const steps = parseSelector(selector);
  if (!steps.ok) return { allowed: false, why: steps.reason.observed };
  const path = steps.value.map(nameOf);
  const cluster = path.indexOf('new_cluster');
  const last = path.at(-1) ?? '';
  if (cluster >= 0 && path[cluster + 1] === 'spark_conf')
    return path.length === cluster + 3 ? sparkKey(last) : { allowed: false, why: 'is not one key' };
  if (cluster >= 0 && clusterFields.has(path.slice(cluster + 1).join('.'))) return { allowed: true, key: last, setting: last };
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
    return { allowed: true, key: name.equals, setting: name.equals };
  return { allowed: false, why: 'is a person’s to change' };
}

function sparkKey(key: string): Surface {
  const why = keyForbidden(key);
  return why === null ? { allowed: true, key, setting: key } : { allowed: false, why };
}

/** In a file of any kind a key is taken for the setting of its name: a `.conf` file's whole, else the last one. */
function settingIn(selector: string): string {
  const steps = parseSelector(selector);
  const [last] = steps.ok && keyForbidden(selector) !== null ? steps.value.slice(-1) : [];
  return last ? nameOf(last) : selector;
}

function nameOf(step: SelectorStep): string {
  return 'key' in step ? step.key : `[${step.where}=${step.equals}]`;
}
