import type { EvidenceQuality } from '../model/evidence.ts';
import type { Known } from '../model/known.ts';
import type { RunbookSignal } from '../model/runbook.ts';

/** A series as `Metrics` answers it. */
export interface Series {
  readonly labels: Readonly<Record<string, string>>;
  readonly points: readonly (readonly [number, number])[];
  readonly partial?: boolean;
  readonly notes?: readonly string[];
}

/** One signal's number, or why there is none: a number that is not `fresh` is unknown, never zero. */
export interface SignalValue {
  readonly value: number | null;
  readonly quality: EvidenceQuality;
  readonly note: string;
  readonly points: readonly (readonly [number, number])[];
}

/** For a range: its first, least and greatest value, and its slope by least squares in units a second. */
export interface RangeShape {
  readonly first: number;
  readonly min: number;
  readonly max: number;
  readonly slope: number;
}

/** Prometheus itself looks back 5 minutes; older than this is no reading of now. */
const staleAfterSeconds = 300;
const longestNote = 400;

/**
 * Reads one query's answer as of `at` (seconds since 1970). Several series mean that the query was not aggregated: no number is
 * picked out of them. A unit that starts with `±` may be negative; elsewhere a negative number is an exporter's "don't know"
 * (kafka_exporter gives -1 for a partition without a commit).
 */
export function signalValue(
  answer: Known<readonly Series[]>,
  signal: Pick<RunbookSignal, 'unit' | 'absent'>,
  at: number,
): SignalValue {
  if (!answer.known) return nothing(answer.why.startsWith('partial') ? 'partial' : 'unreadable', answer.why);
  const [series, ...others] = answer.value;
  if (series === undefined || series.points.length === 0) return absent(signal.absent);
  const said = (series.notes ?? []).join('; ').slice(0, longestNote);
  if (answer.value.some((one) => one.partial === true)) {
    const note = said === '' ? 'Prometheus warned that its answer may be incomplete' : `incomplete: ${said}`;
    return { value: null, quality: 'partial', note, points: others.length > 0 ? [] : series.points };
  }
  if (others.length > 0) return nothing('unreadable', `${answer.value.length} series where one was expected`);
  const { points } = series;
  const [seconds, value] = points.at(-1) ?? [0, Number.NaN];
  if (at - seconds > staleAfterSeconds)
    return { value: null, quality: 'stale', note: `last point ${Math.round(at - seconds)} s ago`, points };
  if (!points.every(([, each]) => Number.isFinite(each)))
    return { value: null, quality: 'unreadable', note: 'NaN or infinity', points };
  if (!signal.unit.startsWith('±') && points.some(([, each]) => each < 0)) {
    return { value: null, quality: 'negative', note: 'a negative number where none can be', points };
  }
  return { value, quality: 'fresh', note: said, points };
}

/** The shape of a range of at least three points that are all fresh; null otherwise. */
export function rangeShape(points: readonly (readonly [number, number])[]): RangeShape | null {
  const first = points[0]?.[1];
  if (first === undefined || points.length < 3) return null;
  const values = points.map(([, value]) => value);
  const meanAt = points.reduce((sum, [at]) => sum + at, 0) / points.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / points.length;
  const spread = points.reduce((sum, [at]) => sum + (at - meanAt) ** 2, 0);
  const slope = points.reduce((sum, [at, value]) => sum + (at - meanAt) * (value - mean), 0) / spread;
  const shape = { first, min: Math.min(...values), max: Math.max(...values), slope };
  return Object.values(shape).every(Number.isFinite) ? shape : null;
}

function absent(meaning: 'unknown' | 'healthy'): SignalValue {
  if (meaning === 'healthy')
    return { value: 0, quality: 'fresh', note: 'no series: the runbook says that this means none', points: [] };
  return nothing('absent', 'no series');
}

function nothing(quality: EvidenceQuality, note: string): SignalValue {
  return { value: null, quality, note, points: [] };
}
