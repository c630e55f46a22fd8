import { load } from 'js-yaml';
import { type Fields, fieldsOf, isFields, isList, type Json, parseJson, textOf } from './github/json.ts';

/** Lists of a job whose elements a target's override is merged into by a field of their own. */
const KEYS: Readonly<Record<string, string>> = {
  tasks: 'task_key',
  job_clusters: 'job_cluster_key',
  parameters: 'name',
  environments: 'environment_key',
};

/**
 * The jobs of a bundle's files for one of its targets, by resource key, as `databricks bundle deploy -t` would send them: overrides merged in,
 * `${var.x}` replaced by the target's own value or the default. Throws for any other interpolation in a job.
 */
export function bundleJobs(texts: readonly string[], target: string): Fields {
  const bundle = texts.map((text) => fieldsOf(parseJson(JSON.stringify(load(text) ?? {})))).reduce(mergedFields, {});
  const own = fieldsOf(fieldsOf(bundle.targets ?? bundle.environments)[target]);
  const values = variablesOf(fieldsOf(bundle.variables), fieldsOf(own.variables));
  const jobs = mergedFields(jobsOf(bundle), jobsOf(own));
  return fieldsOf(filledIn(jobs, values));
}

function jobsOf(part: Fields): Fields {
  return fieldsOf(fieldsOf(part.resources).jobs);
}

function variablesOf(declared: Fields, own: Fields): Fields {
  const valueIn = (entry: Json | undefined) => (isFields(entry) ? entry.default : entry);
  const names = [...new Set([...Object.keys(declared), ...Object.keys(own)])];
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = valueIn(own[name]) ?? valueIn(declared[name]);
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

function filledIn(value: Json, values: Fields): Json {
  if (isList(value)) return value.map((one) => filledIn(one, values));
  if (isFields(value)) return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, filledIn(one, values)]));
  if (typeof value !== 'string') return value;
  const whole = /^\$\{var\.([\w-]+)\}$/.exec(value)?.[1];
  if (whole !== undefined && values[whole] !== undefined) return values[whole];
  const filled = value.replace(/\$\{var\.([\w-]+)\}/g, (written, name: string) => {
    const found = values[name];
    return found === undefined ? written : (textOf(found) ?? JSON.stringify(found));
  });
  if (filled.includes('${')) throw new Error(`the rehearsed pipeline cannot fill in ${filled}`);
  return filled;
}

function mergedFields(one: Fields, other: Fields): Fields {
  const keys = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  return Object.fromEntries(keys.map((key) => [key, merged(one[key], other[key], key)]));
}

function merged(one: Json | undefined, other: Json | undefined, key: string): Json {
  if (isFields(one) && isFields(other)) return mergedFields(one, other);
  const field = KEYS[key];
  if (!isList(one) || !isList(other) || field === undefined) return other ?? one ?? null;
  const keyOf = (element: Json) => textOf(fieldsOf(element)[field]);
  const others = other.filter((element) => !one.some((own) => keyOf(own) === keyOf(element)));
  const own = one.map((element) => {
    const over = other.find((candidate) => keyOf(candidate) === keyOf(element));
    return over === undefined ? element : merged(element, over, '');
  });
  return [...own, ...others];
}
