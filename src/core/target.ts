import type { Signal } from '../model/signal.ts';
import type { LabelMatcher, Target } from '../model/target.ts';

/** Which target a signal means. `candidates` are the names of all targets whose matchers match, the most specific first. */
export type TargetMatch =
  | { readonly kind: 'target'; readonly target: Target; readonly candidates: readonly string[] }
  | { readonly kind: 'ambiguous'; readonly candidates: readonly string[] }
  /** `suggestion`: YAML of a target that would match, to be completed by a person. */
  | { readonly kind: 'unknown'; readonly candidates: readonly string[]; readonly suggestion: string };

type Labelled = Pick<Signal, 'alertname' | 'labels'>;

/** Labels that tell instances of one alert apart, or say how loud it is; a target that named them would miss the next alert. */
const PASSING = ['alertname', 'instance', 'pod', 'severity', 'prometheus', 'replica', 'endpoint', 'container', 'uid'];
/** An expression is only tried on values that it can decide quickly. */
const LONGEST_TRIED = 256;

/** All matchers of a target must match; of several such targets the one with most matchers is meant, and two with equally many are a tie. */
export function matchTarget(targets: readonly Target[], signal: Labelled): TargetMatch {
  const matching = targets
    .filter((target) => target.match.length > 0 && target.match.every((matcher) => matches(matcher, signal.labels)))
    .toSorted((a, b) => b.match.length - a.match.length);
  const candidates = matching.map((target) => target.name);
  const [best, second] = matching;
  if (best === undefined) return { kind: 'unknown', candidates, suggestion: suggestionFor(signal) };
  if (second?.match.length === best.match.length) return { kind: 'ambiguous', candidates };
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

function suggestionFor({ alertname, labels }: Labelled): string {
  const names = Object.keys(labels)
    .filter((name) => /^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name) && !PASSING.includes(name) && labels[name])
    .sort()
    .slice(0, 8);
  const matchers = [
    `      alertname: ${quoted(alertname)}`,
    ...names.map((name) => `      ${quoted(name)}: ${quoted(labels[name] ?? '')}`),
  ];
  const { job_id: id = '' } = labels;
  const job = /^[1-9]\d{0,18}$/.test(id) ? `{id: ${quoted(id)}}` : '{name: REPLACE-WITH-JOB-NAME}';
  return [
    '  - name: REPLACE-WITH-NAME',
    '    match:',
    ...matchers,
    '    files: [jobs/REPLACE-WITH-FILE.json]',
    '    kind: job-json',
    '    applied_by: pipeline',
    `    job: ${job}`,
    '',
  ].join('\n');
}

/** A YAML string in double quotes: JSON's escapes, and none of the characters that YAML or a reader would take for something else. */
function quoted(text: string): string {
  const escaped = (char: string) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return JSON.stringify(text).replace(/[^ -~\p{L}\p{M}\p{N}\p{P}\p{S}]|[`<>]/gu, (char) =>
    [...Array(char.length).keys()].map((at) => escaped(char[at] ?? '')).join(''),
  );
}
