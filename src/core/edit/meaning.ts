import { type Keyed, keyedList, repeatedElement } from './natural-key.ts';
import type { Member, TreeNode } from './tree.ts';

/** Maps whose keys people make up: Databricks adds none of its own, so another key there is somebody's. */
const MADE_UP = new Set(['spark_conf', 'spark_env_vars', 'custom_tags', 'tags', 'base_parameters', 'job_parameters']);

/** Where a value stands, as far as its meaning depends on it: the key that holds it, and whether Spark reads it as a text. */
export interface Standing {
  readonly name: string;
  readonly asText: boolean;
}

export const AT_ROOT: Standing = { name: '', asText: false };

/** The place of a member below a place: everything in `spark_conf` is a text to Spark, whatever its token. */
export function below<Place extends Standing>(place: Place, key: string): Place {
  return { ...place, name: key, asText: place.asText || key === 'spark_conf' };
}

/**
 * Two values are the same when they mean the same: layout and the order of keys and of elements with natural keys do not count, numbers
 * are compared by their digits, texts by their value.
 */
export function sameMeaning(one: TreeNode, other: TreeNode, place: Standing): boolean {
  if (one.kind !== other.kind) return false;
  if (one.kind === 'map') return sameMembers(one.members, other.members, place);
  if (one.kind !== 'list') return sameScalar(one, other, place);
  const [left, right] = [uniquelyKeyed(one, place.name), uniquelyKeyed(other, place.name)];
  if (left && right) return left.elements.length === right.elements.length && everyElement(left, right, place, sameMeaning);
  return one.items.length === other.items.length && everyItem(one, other, place, sameMeaning);
}

/** A place in live settings; `open` where whoever deploys may add keys of their own to any map. */
export interface LivePlace extends Standing {
  readonly open: boolean;
}

/** Whether a live value holds at least everything that is wanted: Databricks adds defaults to most maps that it is given, never to lists. */
export function holds(live: TreeNode, wanted: TreeNode, place: LivePlace): boolean {
  if (live.kind !== wanted.kind) return false;
  if (live.kind === 'map') return holdsMembers(live.members, wanted.members, place);
  if (live.kind !== 'list') return sameScalar(live, wanted, place);
  const [left, right] = [uniquelyKeyed(live, place.name), uniquelyKeyed(wanted, place.name)];
  if (left && right) return left.elements.length === right.elements.length && everyElement(left, right, place, holds);
  return live.items.length === wanted.items.length && everyItem(live, wanted, place, holds);
}

function holdsMembers(live: readonly Member[], wanted: readonly Member[], place: LivePlace): boolean {
  const isForeign = (member: Member) => !wanted.some((one) => one.key === member.key);
  if (!place.open && MADE_UP.has(place.name) && live.some(isForeign)) return false;
  return wanted.every((member) => {
    const found = live.filter((one) => one.key === member.key);
    const [only] = found;
    // A null is how a file says "not there".
    if (only === undefined) return member.value.type === 'null';
    return found.length === 1 && holds(only.value, member.value, below(place, member.key));
  });
}

type Compare<Place> = (one: TreeNode, other: TreeNode, place: Place) => boolean;

/** Members by key; where a key is repeated, which one counts is the reader's choice, so then the order counts too. */
function sameMembers(left: readonly Member[], right: readonly Member[], place: Standing): boolean {
  if (left.length !== right.length) return false;
  const sorted = (members: readonly Member[]) => [...members].sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  const [ours, theirs] = [sorted(left), sorted(right)];
  return ours.every((member, index) => {
    const twin = theirs[index];
    return member.key === twin?.key && sameMeaning(member.value, twin.value, below(place, member.key));
  });
}

function everyElement<Place extends Standing>(left: Keyed, right: Keyed, place: Place, compare: Compare<Place>): boolean {
  return right.elements.every(({ equals, node }) => {
    const twin = left.elements.find((element) => element.equals === equals);
    return twin !== undefined && compare(twin.node, node, { ...place, name: '' });
  });
}

function everyItem<Place extends Standing>(left: TreeNode, right: TreeNode, place: Place, compare: Compare<Place>): boolean {
  return right.items.every((node, index) => {
    const twin = left.items[index];
    return twin !== undefined && compare(twin, node, { ...place, name: '' });
  });
}

function sameScalar(one: TreeNode, other: TreeNode, { asText }: Standing): boolean {
  if (one.kind === 'alias' || other.kind === 'alias') return one.kind === other.kind && one.text === other.text;
  if (asText && one.type !== 'null' && other.type !== 'null') return one.text === other.text;
  return one.type === other.type && (one.type === 'null' || scalarText(one) === scalarText(other));
}

/** `True` is `true` to YAML. */
function scalarText({ type, text }: TreeNode): string {
  return type === 'boolean' ? text.toLowerCase() : text;
}

function uniquelyKeyed(list: TreeNode, name: string): Keyed | null {
  const keyed = keyedList(list, name);
  return keyed && repeatedElement(keyed) === null ? keyed : null;
}
