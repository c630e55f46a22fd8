import { anchored } from './promql/check-types.ts';
import type { Matcher, Selector } from './promql/expression.ts';
import type { Labels, Point } from './promql/value.ts';
import { labelKey } from './promql/value.ts';

/** A stored sample; null is the mark that the series ended there (Prometheus' stale marker). */
interface StoredPoint {
  readonly t: number;
  readonly v: number | null;
}

export interface StoredSeries {
  readonly labels: Labels;
  lastAt(millis: number): StoredPoint | undefined;
  /** Points within [from, to], both included as up to Prometheus 2.x, without stale marks. */
  between(from: number, to: number): readonly Point[];
}

export interface ScrapedSample {
  readonly name: string;
  readonly labels: Labels;
  readonly value: number;
}

/** Series in memory, filled scrape by scrape in the order of time. */
export interface SampleStore {
  /** Adds one scrape; a series of the scrape before that is missing now ends here. */
  scrape(at: number, samples: readonly ScrapedSample[]): void;
  select(selector: Selector): readonly StoredSeries[];
  names(): readonly string[];
}

/** `staleMarks: false` leaves out the marks, as samples that were back-filled into a real Prometheus have none. */
export function createSampleStore(staleMarks = true): SampleStore {
  const byName = new Map<string, Map<string, Series>>();
  let live: readonly Series[] = [];
  // A source that shows the same label object at every scrape has its series found at once.
  const known = new WeakMap<Labels, Map<string, Series>>();
  const seriesOf = ({ name, labels }: ScrapedSample): Series => {
    const family = byName.get(name) ?? new Map<string, Series>();
    if (family.size === 0) byName.set(name, family);
    const key = labelKey(labels);
    const series = family.get(key) ?? new Series({ ...labels, __name__: name });
    family.set(key, series);
    const named = known.get(labels) ?? new Map<string, Series>();
    known.set(labels, named.set(name, series));
    return series;
  };
  return {
    scrape: (at, samples) => {
      const now: Series[] = [];
      for (const sample of samples) {
        const series = known.get(sample.labels)?.get(sample.name) ?? seriesOf(sample);
        series.add(at, sample.value);
        now.push(series);
      }
      for (const series of live) if (staleMarks && series.last !== at) series.add(at, null);
      live = now;
    },
    select: (selector) => {
      const tests = selector.matchers.map(testOf);
      const families = selector.name === null ? [...byName.values()] : [byName.get(selector.name) ?? new Map<string, Series>()];
      return families.flatMap((family) => [...family.values()].filter((series) => tests.every((test) => test(series.labels))));
    },
    names: () => [...byName.keys()].sort(),
  };
}

function testOf(matcher: Matcher): (labels: Labels) => boolean {
  const wanted = matcher.operator === '=' || matcher.operator === '=~';
  if (matcher.operator === '=' || matcher.operator === '!=')
    return (labels) => ((labels[matcher.label] ?? '') === matcher.value) === wanted;
  const pattern = anchored(matcher.value);
  return (labels) => pattern.test(labels[matcher.label] ?? '') === wanted;
}

class Series implements StoredSeries {
  readonly labels: Labels;
  readonly #times: number[] = [];
  readonly #values: (number | null)[] = [];

  constructor(labels: Labels) {
    this.labels = labels;
  }

  /** When the last point was added. */
  get last(): number {
    return this.#times.at(-1) ?? Number.NEGATIVE_INFINITY;
  }

  add(at: number, value: number | null): void {
    if (at <= this.last) return;
    this.#times.push(at);
    this.#values.push(value);
  }

  lastAt(millis: number): StoredPoint | undefined {
    const index = this.#after(millis) - 1;
    const t = this.#times[index];
    return t === undefined ? undefined : { t, v: this.#values[index] ?? null };
  }

  between(from: number, to: number): readonly Point[] {
    const points: Point[] = [];
    for (let index = this.#after(from - 1); index < this.#times.length; index += 1) {
      const t = this.#times[index];
      const v = this.#values[index];
      if (t === undefined || t > to) break;
      if (v !== null && v !== undefined) points.push({ t, v });
    }
    return points;
  }

  /** Index of the first point after this instant (times are whole milliseconds). */
  #after(millis: number): number {
    let low = 0;
    let high = this.#times.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#times[middle] ?? 0) <= millis) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
