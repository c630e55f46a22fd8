import * as z from 'zod/mini';

/** int64 as text, whether it came as a safe number or, from `readExactJson`, as the text it was. */
export const id = z.pipe(z.union([z.number(), z.string()]), z.transform(String));

/** Something read from one page, and the token of the next one. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

/** Milliseconds since 1970 as an ISO instant; 0 stands for "not yet". */
export function instant(milliseconds: number | undefined): string | null {
  return milliseconds === undefined || milliseconds <= 0 ? null : new Date(milliseconds).toISOString();
}

/** A page token; absent and empty both mean that there is no further page. */
export function token(text: string | undefined): string | null {
  return text === undefined || text === '' ? null : text;
}
