import type { Alarm } from '../../ports.ts';

interface Waiting {
  readonly repository: string;
  readonly pull: number;
  readonly at: string;
}

/** Pull requests that wait for an instant, such as the opening of a window; kept by this process alone. */
export interface Alarms {
  of(repository: string): Alarm;
  readonly empty: boolean;
  /** Takes out, and gives, those whose instant has come. */
  due(now: Date): readonly Waiting[];
}

export function memoryAlarms(): Alarms {
  const waiting = new Map<string, Waiting>();
  return {
    of: (repository) => ({
      set(pull, at) {
        const key = `${repository}#${pull}`;
        if (at === null) waiting.delete(key);
        else waiting.set(key, { repository, pull, at });
      },
    }),
    get empty() {
      return waiting.size === 0;
    },
    due(now) {
      const found = [...waiting].filter(([, { at }]) => Date.parse(at) <= now.getTime());
      for (const [key] of found) waiting.delete(key);
      return found.map(([, one]) => one);
    },
  };
}
