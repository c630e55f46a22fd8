import type { Signal } from '../model/signal.ts';
import type { LabelMatcher, Target } from '../model/target.ts';
import { suggestedTarget } from './suggestion.ts';

/** Which target a signal means. `candidates` are the names of all targets whose matchers match, the most specific first. */
export type TargetMatch =
  | { readonly kind: 'target'; readonly target: Target; readonly candidates: readonly string[] }
  /** `tied`: the equally good ones among them, with their lines in the config. */
  | {
      readonly kind: 'ambiguous';
      readonly candidates: readonly string[];
      readonly tied: readonly Pick<Target, 'name' | 'line'>[];
    }
  /** `suggestion`: YAML of a target that would match, to be completed by a person. */
  | { readonly kind: 'unknown'; readonly candidates: readonly string[]; readonly suggestion: string };

type Labelled = Pick<Signal, 'alertname' | 'labels'>;

/** An expression is only tried on values that it can decide quickly. */
const LONGEST_TRIED = 256;

/** All matchers of a target must match; of several such targets the one with most matchers is meant, and two with equally many are a tie. */
export function matchTarget(targets: readonly Target[], signal: Labelled): TargetMatch {
  const matching = targets
    .filter((target) => target.match.length > 0 && target.match.every((matcher) => matches(matcher, signal.labels)))
    .toSorted((a, b) => b.match.length - a.match.length);
  const candidates = matching.map((target) => target.name);
  const [best, second] = matching;
  if (best === undefined) return { kind: 'unknown', candidates, suggestion: suggestedTarget(signal, targets) };
  if (second?.match.length === best.match.length) {
    const tied = matching.filter((target) => target.match.length === best.match.length);
    return { kind: 'ambiguous', candidates, tied: tied.map(({ name, line }) => ({ name, line })) };
  }
  return { kind: 'target', target: best, candidates };
}

/** Wholly anchored, as in Alertmanager; an absent label is the empty text. */
function matches(matcher: LabelMatcher, labels: Readonly<Record<string, string>>): boolean {
  const value = (Object.hasOwn(labels, matcher.label) ? labels[matcher.label] : undefined) ?? '';
  if (matcher.op === '=') return value === matcher.value;
  return value.length <= LONGEST_TRIED && (expression(matcher.value)?.test(value) ?? false);
}

/** An expression that cannot be compiled matches nothing. */
function expression(text: string): RegExp | null {
  try {
    return new RegExp(`^(?:${text})$`, 'su');
  } catch {
    return null;
  }
}
