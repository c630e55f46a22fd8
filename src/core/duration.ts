const unitSeconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** Seconds meant by `30m`, `24h` and so on; NaN for anything else. */
export function secondsOf(duration: string): number {
  const found = /^(\d{1,9})([smhd])$/.exec(duration);
  return Number(found?.[1]) * (unitSeconds[found?.[2] ?? ''] ?? Number.NaN);
}
