/** How much one token may ask: so many at once after a pause, and so many a minute. */
export interface Allowance {
  readonly burst: number;
  readonly perMinute: number;
}

/** A token's requests: far above what an investigation asks, far below what would hold up the App. */
export const REQUESTS: Allowance = { burst: 60, perMinute: 120 };

/** Requests without a token that counts, from everywhere together: guesses are slowed down, whoever has a token is not. */
export const STRANGERS: Allowance = { burst: 30, perMinute: 60 };

interface Left {
  readonly left: number;
  readonly at: number;
}

/** Counts requests by name, of which there are as many as tokens. `take` gives 0, or the seconds to wait; `now` is in milliseconds and never goes back. */
export function allowances({ burst, perMinute }: Allowance, now: () => number): { take(name: string): number } {
  const names = new Map<string, Left>();
  return {
    take(name) {
      const at = now();
      const before = names.get(name) ?? { left: burst, at };
      const left = Math.min(burst, before.left + ((at - before.at) / 60_000) * perMinute);
      if (left < 1) return Math.ceil(((1 - left) * 60) / perMinute);
      names.set(name, { left: left - 1, at });
      return 0;
    },
  };
}
