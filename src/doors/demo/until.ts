/** Longest that any one thing may take in real time before the play is given up. */
const PATIENCE_MS = 15_000;

/** Looks again and again until something is there; throws with its name when patience is at an end. */
export async function until<T>(what: string, look: () => Promise<T | null>): Promise<T> {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    const found = await look();
    if (found !== null) return found;
    if (Date.now() > end) throw new Error(`gave up waiting for ${what} after ${PATIENCE_MS / 1000} s`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
