export type Labels = Readonly<Record<string, string>>;

/** A point in time (milliseconds) with its value. */
export interface Point {
  readonly t: number;
  readonly v: number;
}

export interface VectorEntry {
  readonly labels: Labels;
  readonly value: number;
}

export interface SeriesPoints {
  readonly labels: Labels;
  readonly points: readonly Point[];
}

export type Value =
  | { readonly type: 'scalar'; readonly value: number }
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'vector'; readonly entries: readonly VectorEntry[] }
  | { readonly type: 'matrix'; readonly series: readonly SeriesPoints[] };

/** A text that is equal exactly for equal label sets. */
export function labelKey(labels: Labels): string {
  return JSON.stringify(sortedLabels(labels));
}

/** Labels by name, in byte order, without empty ones: an empty label is an absent one. */
export function sortedLabels(labels: Labels): readonly (readonly [string, string])[] {
  return Object.entries(labels)
    .filter(([, value]) => value !== '')
    .sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0));
}

/** Prometheus' order of label sets: name by name, value by value, then the shorter first. */
export function compareLabels(left: Labels, right: Labels): number {
  const [one, two] = [sortedLabels(left).flat(), sortedLabels(right).flat()];
  for (let index = 0; index < Math.min(one.length, two.length); index += 1) {
    const [a = '', b = ''] = [one[index], two[index]];
    if (a !== b) return a < b ? -1 : 1;
  }
  return one.length - two.length;
}

export function without(labels: Labels, names: readonly string[]): Labels {
  return Object.fromEntries(Object.entries(labels).filter(([name]) => !names.includes(name)));
}

export function only(labels: Labels, names: readonly string[]): Labels {
  return Object.fromEntries(Object.entries(labels).filter(([name]) => names.includes(name)));
}

export function withoutName(labels: Labels): Labels {
  return without(labels, ['__name__']);
}
