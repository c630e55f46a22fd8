import { setTimeout as wait } from 'node:timers/promises';
import type { Loopback } from './metrics/loopback.ts';
import { answerJson, listenLoopback } from './metrics/loopback.ts';

/** The time of the rehearsal world. It stands still until somebody moves it, and never goes back. */
export interface TwinClock {
  now(): Date;
  advance(milliseconds: number): Date;
  set(date: Date): Date;
  /** Resolves when that much time has passed. */
  sleep(milliseconds: number): Promise<Date>;
  /** Listeners hear every move, in the order in which they were added; the answer removes the listener. */
  onMove(listener: (now: Date) => void): () => void;
}

export function createTwinClock(start: Date): TwinClock {
  let millis = start.getTime();
  const listeners = new Set<(now: Date) => void>();
  const moveTo = (next: number): Date => {
    if (!Number.isFinite(next) || next < millis) throw new RangeError('the twin clock only moves forward');
    millis = next;
    for (const listener of [...listeners]) listener(new Date(millis));
    return new Date(millis);
  };
  return {
    now: () => new Date(millis),
    advance: (milliseconds) => moveTo(millis + milliseconds),
    set: (date) => moveTo(date.getTime()),
    sleep: async (milliseconds) => moveTo(millis + milliseconds),
    onMove: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** The machine's own time, for a rehearsal beside systems that know no other: nobody can move it, and a sleep is waited for. */
export function createRealClock(): TwinClock {
  const unmoved = (): Date => {
    throw new RangeError('real time cannot be moved');
  };
  return {
    now: () => new Date(),
    advance: unmoved,
    set: unmoved,
    sleep: async (milliseconds) => {
      await wait(milliseconds);
      return new Date();
    },
    onMove: () => () => undefined,
  };
}

/** A program asleep moves the world on by at most an hour. */
const LONGEST_SLEEP = 3_600_000;

/**
 * Serves the twin's time on loopback, so that other programs share it (SLUICE_TWIN_CLOCK): `GET /clock` → `{"now": ISO 8601}`;
 * `POST /clock/sleep?ms=` moves it on and answers the same, so that nobody waits in a rehearsal (on real time it answers afterwards).
 */
export function serveClock(clock: TwinClock): Promise<Loopback> {
  return listenLoopback(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://twin');
    const route = `${request.method} ${pathname}`;
    if (route === 'POST /clock/sleep')
      await clock.sleep(Math.min(Math.max(0, Number(searchParams.get('ms')) || 0), LONGEST_SLEEP));
    else if (route !== 'GET /clock')
      return answerJson(response, 404, { error: 'only GET /clock and POST /clock/sleep are served here' });
    answerJson(response, 200, { now: clock.now().toISOString() });
  });
}
