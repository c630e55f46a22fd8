import type { PathStep } from '../selector.ts';
import type { ScalarType } from './tree.ts';

/** A value as a caller has it; a string may stand for a number or a boolean where the file holds one. */
export type Scalar = string | number | boolean;

/** A value with the type it gets in the file: `text` is a string's meaning, or the token of a number or boolean. */
export interface TypedScalar {
  readonly type: 'string' | 'number' | 'boolean';
  readonly text: string;
}

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/**
 * The value in the type of the token it replaces (null: a new key, which takes the value's own type). Spark reads every conf value as
 * a string, so below `spark_conf` it is always one. Null: the value does not fit.
 */
export function typeScalar(value: Scalar, replaced: ScalarType | null, underSparkConf: boolean): TypedScalar | null {
  const text = String(value);
  if (typeof value === 'number' && !Number.isFinite(value)) return null;
  if (underSparkConf || replaced === 'string') return { type: 'string', text };
  if (replaced === null) return { type: ownType(value), text };
  if (replaced === 'number' && typeof value !== 'boolean' && NUMBER.test(text)) return { type: 'number', text };
  if (replaced === 'boolean' && typeof value !== 'number' && /^(?:true|false)$/.test(text)) return { type: 'boolean', text };
  return null;
}

/** True for a value that stands in a `spark_conf` map. */
export function isUnderSparkConf(path: readonly PathStep[]): boolean {
  return path.slice(0, -1).some((step) => 'key' in step && step.key === 'spark_conf');
}

function ownType(value: Scalar): TypedScalar['type'] {
  return typeof value === 'string' ? 'string' : typeof value === 'number' ? 'number' : 'boolean';
}
