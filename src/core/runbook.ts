import type { Runbook } from '../model/runbook.ts';
import type { Signal } from '../model/signal.ts';
import { KIND_SYMPTOM } from './error-kind.ts';
import type { Failure } from './failure.ts';

/** Which runbook answers a signal: one, several equally good ones, or none. `by` says what matched. */
export type RunbookMatch =
  | { readonly found: 'one'; readonly runbook: Runbook; readonly by: MatchedBy; readonly others: readonly string[] }
  | { readonly found: 'tie'; readonly runbooks: readonly string[]; readonly by: MatchedBy }
  | { readonly found: 'none'; readonly considered: readonly string[] };

export type MatchedBy = 'alertname' | 'labels' | 'symptoms';

/**
 * Matches deterministically: the exact alertname first, then all label matchers (the most of them wins), then symptoms (the most
 * texts found in alertname, annotations and the `error` label, ignoring case). Equally good runbooks are a tie and are listed, never chosen from.
 */
export function matchRunbook(signal: Signal, runbooks: readonly Runbook[]): RunbookMatch {
  const named = runbooks.filter((runbook) => runbook.alertnames.includes(signal.alertname) && labelsFit(runbook, signal));
  const ways: readonly (readonly [MatchedBy, readonly Runbook[]])[] = [
    ['alertname', most(named, (runbook) => Object.keys(runbook.labels).length + 1)],
    [
      'labels',
      most(
        runbooks.filter((runbook) => runbook.alertnames.length === 0),
        (runbook) => labelScore(runbook, signal),
      ),
    ],
    [
      'symptoms',
      most(
        runbooks.filter((runbook) => labelsFit(runbook, signal)),
        (runbook) => symptomScore(runbook, signal),
      ),
    ],
  ];
  const [by, best] = ways.find(([, found]) => found.length > 0) ?? ['symptoms', []];
  const [only] = best;
  if (only === undefined) return { found: 'none', considered: idsOf(runbooks) };
  if (best.length > 1) return { found: 'tie', runbooks: idsOf(best), by };
  return { found: 'one', runbook: only, by, others: idsOf(ways.flatMap(([, found]) => found)).filter((id) => id !== only.id) };
}

/**
 * What the failed run of the alert's job makes of a match that is none, or a tie of symptoms. Its kind brings a runbook (`error_kind=…` as
 * a symptom): it was told from all the texts and their order, where a word alone may stand for several things. Where no runbook has the kind,
 * symptoms in what the run said do; and only then those in the trace, which names much that merely happened to be there. Of several
 * brought so, the most texts said, then the most in the trace choose. Equally good ones are a tie and are listed.
 */
export function matchFailure(match: RunbookMatch, failure: Failure, signal: Signal, runbooks: readonly Runbook[]): RunbookMatch {
  if (isSettled(match)) return match;
  const fitting = runbooks.filter((runbook) => labelsFit(runbook, signal));
  const open = match.found === 'tie' ? fitting.filter(({ id }) => match.runbooks.includes(id)) : fitting;
  const kind = (runbook: Runbook) => Number(failure.kind !== null && runbook.symptoms.includes(KIND_SYMPTOM + failure.kind));
  const said = (runbook: Runbook) => symptomsIn(runbook, failure.said);
  const trace = (runbook: Runbook) => symptomsIn(runbook, failure.trace);
  const brought = [kind, said, trace].map((way) => open.filter((one) => way(one) > 0)).find((found) => found.length > 0) ?? [];
  const best = narrowed(narrowed(brought, said), trace);
  const [only] = best;
  if (only === undefined) return match;
  if (best.length > 1) return { found: 'tie', runbooks: idsOf(best), by: 'symptoms' };
  return { found: 'one', runbook: only, by: 'symptoms', others: idsOf(brought).filter((id) => id !== only.id) };
}

/** Those with the highest score, or all of them where none has any. */
function narrowed(runbooks: readonly Runbook[], score: (runbook: Runbook) => number): readonly Runbook[] {
  const best = most(runbooks, score);
  return best.length > 0 ? best : runbooks;
}

/** Whether what a failed run says changes nothing: an alertname or labels that several runbooks claim are for people to sort out. */
export function isSettled(match: RunbookMatch): boolean {
  return match.found === 'one' || (match.found === 'tie' && match.by !== 'symptoms');
}

/** Whether a runbook asks for facts of stages, which stand in a run's event log. */
export function needsStages({ signals, verify }: Pick<Runbook, 'signals' | 'verify'>): boolean {
  return signals.some(({ query }) => query.from === 'spark') || verify.checks.some((check) => check.source === 'spark');
}

/** The runbooks with the highest score above zero. */
function most(runbooks: readonly Runbook[], score: (runbook: Runbook) => number): readonly Runbook[] {
  const best = Math.max(0, ...runbooks.map(score));
  return best === 0 ? [] : runbooks.filter((runbook) => score(runbook) === best);
}

function labelsFit(runbook: Runbook, signal: Signal): boolean {
  return Object.entries(runbook.labels).every(([label, value]) => signal.labels[label] === value);
}

function labelScore(runbook: Runbook, signal: Signal): number {
  return labelsFit(runbook, signal) ? Object.keys(runbook.labels).length : 0;
}

function symptomScore(runbook: Runbook, signal: Signal): number {
  return symptomsIn(runbook, [signal.alertname, signal.labels.error ?? '', ...Object.values(signal.annotations)].join('\n'));
}

/** How many of a runbook's symptoms stand in a text, ignoring case. */
function symptomsIn({ symptoms }: Runbook, text: string): number {
  const told = text.toLowerCase();
  return symptoms.filter((symptom) => told.includes(symptom.toLowerCase())).length;
}

function idsOf(runbooks: readonly Runbook[]): readonly string[] {
  return [...new Set(runbooks.map((runbook) => runbook.id))].sort();
}
