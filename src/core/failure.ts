import type { Run, TaskError, TaskRun } from '../model/job.ts';
import { eventsDuring, toldByEvents } from './cluster-events.ts';
import { codeKind, type ErrorKind } from './error-kind.ts';
import { causeIn, signIn } from './error-text.ts';
import type { ClusterEvent, FailureReadings } from './run-readings.ts';

/** What is known of a failed run, for runbooks to be matched by, apart by how much it tells. */
export interface Failure {
  /** Null where it could not be told. */
  readonly kind: ErrorKind | null;
  /** Its errors, messages and termination code. */
  readonly said: string;
  readonly trace: string;
}

/** What a failed run and its cluster say, the most telling first. */
export interface FailureTexts {
  /** The failed tasks' errors, the messages, and why the cluster was terminated. */
  readonly said: string;
  readonly trace: string;
  /** Events of the cluster while the run lasted. */
  readonly events: string;
  readonly code: string | null;
}

/** Kinds of termination codes behind which a text may name quite another cause. */
const VAGUE: readonly (ErrorKind | null)[] = ['cluster_start', 'driver_lost', 'transient'];
/** Characters of a text that are looked at; what an error is stands at its beginning. */
const LOOKED_AT = 100_000;

export function failureOf(run: Run, readings: FailureReadings): Failure {
  const { said, trace, code } = textsRead(run, readings);
  return { kind: kindOfFailure(run, readings), said: [said, code ?? ''].join('\n'), trace };
}

/**
 * What a failed run failed of. What was not read might name a cause: then only a cause that something else names, or a code that no
 * text could explain further, counts; null: neither does.
 */
export function kindOfFailure(run: Run, readings: FailureReadings): ErrorKind | null {
  const texts = textsRead(run, readings);
  if (readings.errors.known && readings.events.known) return errorKind(texts);
  const coded = codeKind(texts.code);
  return causeIn(texts.said, texts.trace) ?? (VAGUE.includes(coded) ? null : coded);
}

/**
 * The kind of a failure all of whose texts were read. A cause that was said counts before one that only the trace names, which may list
 * code around the failing line; then what happened to the cluster, unless the code failed by itself; then signs; then the code.
 */
export function errorKind({ said, trace, events, code }: FailureTexts): ErrorKind {
  const cause = causeIn(said, trace);
  const sign = signIn(said, trace);
  if (cause !== null || sign === 'code') return cause ?? 'code';
  return causeIn(events) ?? sign ?? signIn(events) ?? codeKind(code) ?? 'other';
}

/** The code of the task that failed first: the run's own often says only that a task failed. */
export function terminationCode(run: Run): string | null {
  return failedTasks(run).find(({ terminationCode }) => terminationCode !== undefined)?.terminationCode ?? run.terminationCode;
}

/** Failed tasks, the one that ended first at the front: later ones may have failed for want of it. */
export function failedTasks(run: Run): readonly TaskRun[] {
  const ended = ({ endedAt }: TaskRun) => endedAt ?? '9';
  return run.tasks
    .filter(({ outcome }) => outcome === 'failed')
    .sort((one, other) => (ended(one) < ended(other) ? -1 : ended(one) > ended(other) ? 1 : 0));
}

function textsRead(run: Run, { errors, events }: FailureReadings): FailureTexts {
  return textsOf(run, errors.known ? errors.value : [], events.known ? events.value : []);
}

function textsOf(run: Run, errors: readonly TaskError[], events: readonly ClusterEvent[]): FailureTexts {
  const { ends, others } = toldByEvents(eventsDuring(run, events));
  const messages = failedTasks(run).map(({ message = '' }) => message);
  const said = [...errors.map(({ error }) => error), ...messages, run.message, ends];
  const traces = errors.map(({ trace }) => trace);
  return {
    said: said.join('\n').slice(0, LOOKED_AT),
    trace: traces.join('\n').slice(0, LOOKED_AT),
    events: others,
    code: terminationCode(run),
  };
}
