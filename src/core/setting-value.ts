import type { WrittenValue } from './edit/written.ts';
import { isDecimal, isWhole } from './quantity.ts';
import { type ReaderOption, readerOptions, type SparkKey, sparkKeys } from './spark-conf-table.ts';
import { isWritten, isWrongWay, rangeOf } from './spark-value.ts';

/**
 * What a setting takes, in words, where a value as it is written is none of it; null: it is, or nothing is known of the setting. Numbers are plain
 * digits: every reader of JSON, YAML 1.1, YAML 1.2 and Spark takes those for the same number, and no other way of writing one.
 * `key`: a Spark key, a field of a cluster, or a reader's option.
 */
export function valueFault(key: string, { type, text }: WrittenValue): string | null {
  const spark = sparkKeyOf(key);
  if (spark) return isWritten(spark, text) ? null : rangeOf(spark);
  const option = Object.hasOwn(readerOptions, key) ? readerOptions[key] : undefined;
  if (option) return optionFault(option, text);
  if (isWorkers(key)) return isWhole(text) && Number(text) >= 1 ? null : 'a whole number from 1';
  if (key === 'node_type_id') return type === 'string' && isNodeType(text) ? null : 'a node type id';
  return null;
}

/** The only direction in which a setting may go, where a step goes the other way. */
export function wrongWay(key: string, old: string, next: string): 'up' | 'down' | null {
  const spark = sparkKeyOf(key);
  return spark && isWrongWay(spark, old, next) ? spark.only : null;
}

/** Whether a text is a word that a setting takes beside its type, such as `auto`. */
export function isWordOf(key: string, text: string): boolean {
  return sparkKeyOf(key)?.words.includes(text) === true;
}

/** Whether a field of a cluster counts its workers. */
export function isWorkers(field: string): boolean {
  return field.endsWith('_workers');
}

export function isNodeType(text: string): boolean {
  return /^[\w.-]{1,64}$/.test(text);
}

/** What a reader's option takes, in words. */
export function optionRange({ min, max, integer }: ReaderOption): string {
  return `${integer ? 'a whole number' : 'a number'} from ${min} to ${max}`;
}

function optionFault(option: ReaderOption, text: string): string | null {
  const isNumber = option.integer ? isWhole(text) : isDecimal(text);
  return isNumber && Number(text) >= option.min && Number(text) <= option.max ? null : optionRange(option);
}

function sparkKeyOf(key: string): SparkKey | undefined {
  return Object.hasOwn(sparkKeys, key) ? sparkKeys[key] : undefined;
}
