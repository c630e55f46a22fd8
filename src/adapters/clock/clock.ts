import type { Clock } from '../../ports.ts';
import { parseTwinTime } from '../../schema/settings.ts';

const LOOPBACK = /^http:\/\/(127\.0\.0\.1|localhost|\[::1\])(:\d+)?(\/|$)/;

/** The machine's own time. */
export const systemClock: Clock = {
  now: async () => new Date(),
  sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
};

/** The rehearsal world's time, on loopback only: a sleep there moves the world on instead of waiting. Throws for any other address. */
export function twinClock(address: string): Clock {
  if (!LOOPBACK.test(address))
    throw new Error(`SLUICE_TWIN_CLOCK is for rehearsals on this machine; ${address} is not a loopback address`);
  const ask = async (path: string, init?: RequestInit) => parseTwinTime(await (await fetch(new URL(path, address), init)).json());
  return {
    now: () => ask('/clock'),
    sleep: async (milliseconds) => {
      await ask(`/clock/sleep?ms=${Math.round(milliseconds)}`, { method: 'POST' });
    },
  };
}

export function clockOf(twin: string | undefined): Clock {
  return twin ? twinClock(twin) : systemClock;
}
