/** What has to be ended again, in the opposite order of its start; also when the start of something later fails. */
export interface Closers {
  /** Once `close` has been called, what is still added is closed at once. */
  add(close: () => Promise<void>): void;
  close(): Promise<void>;
}

export function createClosers(): Closers {
  const open: (() => Promise<void>)[] = [];
  let closing: Promise<void> | null = null;
  const closeAll = async (): Promise<void> => {
    for (let next = open.pop(); next; next = open.pop()) await next().catch(complain);
  };
  return {
    add: (close) => {
      if (closing) closing = closing.then(close).catch(complain);
      else open.push(close);
    },
    close: () => {
      closing ??= closeAll();
      return closing;
    },
  };
}

/** One thing that does not end must not keep the others up. */
function complain(error: unknown): void {
  process.stderr.write(`sluice: ${error instanceof Error ? error.message : String(error)}\n`);
}

/** Ctrl-C and SIGTERM end everything first; a second signal ends this program alone, at once. Answers how to take that back. */
export function closeOnSignal(closers: Closers): () => void {
  const signals = { SIGINT: 130, SIGTERM: 143 } as const;
  const end = (signal: keyof typeof signals): void => {
    remove();
    closers.close().finally(() => process.exit(signals[signal]));
  };
  const remove = (): void => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.removeListener(signal, end);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, end);
  return remove;
}
