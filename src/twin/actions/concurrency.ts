import type { Concurrency } from './workflow.ts';

/** One at a time in each group. */
export interface Groups {
  /** Resolves true when it is this one's turn, false when a newer waiter replaced it. */
  enter(concurrency: Concurrency): Promise<boolean>;
  leave(concurrency: Concurrency): void;
}

interface Line {
  busy: boolean;
  waiting: ((turn: boolean) => void)[];
}

export function createGroups(): Groups {
  const lines = new Map<string, Line>();
  const lineOf = (group: string) => {
    const line = lines.get(group) ?? { busy: false, waiting: [] };
    lines.set(group, line);
    return line;
  };
  return {
    enter: ({ group, all }) => {
      const line = lineOf(group);
      if (!line.busy) {
        line.busy = true;
        return Promise.resolve(true);
      }
      if (!all) for (const give of line.waiting.splice(0)) give(false);
      return new Promise((resolve) => void line.waiting.push(resolve));
    },
    leave: ({ group }) => {
      const line = lineOf(group);
      const next = line.waiting.shift();
      if (next === undefined) line.busy = false;
      else next(true);
    },
  };
}
