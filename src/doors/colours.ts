import pc from 'picocolors';

/** Whether this stream is a terminal that shows colours; NO_COLOR and FORCE_COLOR have the last word (no-color.org, force-color.org). */
export function wantsColours(env: Readonly<Record<string, string | undefined>>, isTerminal: boolean): boolean {
  if (env.NO_COLOR) return false;
  return Boolean(env.FORCE_COLOR) || (isTerminal && env.TERM !== 'dumb');
}

/** Colours on a terminal alone; by itself the library would colour the log of a CI and files, too. */
export const colours = pc.createColors(wantsColours(process.env, process.stdout.isTTY));
