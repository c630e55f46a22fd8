/** How much one token may ask: so many at once after a pause, and so many a minute. */
export interface Allowance {
  readonly burst: number;
  readonly perMinute: number;
}

/** A token's requests: far above what an investigation asks, far below what would hold up the App. */
export const REQUESTS: Allowance = { burst: 60, perMinute: 120 };

/** Requests without a token that counts, from everywhere together: guesses are slowed down, whoever has a token is not. */
export const STRANGERS: Allowance = { burst: 30, perMinute: 60 };

/** More names than this at once is a flood; the fullest are forgotten, and lose nothing by it. */
const MOST_NAMES = 10_000;

interface Left {
  readonly left: number;
  readonly at: number;
}

/** Counts requests by name. `take` gives 0, or the seconds to wait; `now` is in milliseconds and never goes back. */
export function allowances({ burst, perMinute }: Allowance, now: () => number): { take(name: string): number } {
  const names = new Map<string, Left>();
  return {
    take(name) {
      const at = now();
      const before = names.get(name) ?? { left: burst, at };
      const left = Math.min(burst, before.left + ((at - before.at) / 60_000) * perMinute);
      if (left < 1) return Math.ceil(((1 - left) * 60) / perMinute);
      names.delete(name);
      names.set(name, { left: left - 1, at });
      // The one that has been quiet for longest has most of its allowance back.
      const [quiet] = names.size > MOST_NAMES ? names.keys() : [];
      if (quiet !== undefined) names.delete(quiet);
      return 0;
    },
  };
}
