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

/** A terminal and a parent may both pass on one Ctrl-C; what comes later than this is somebody who does not want to wait. */
const SAME_SIGNAL_MS = 1000;

/** Ctrl-C and SIGTERM end everything first; a second signal ends this program alone, at once. Answers how to take that back. */
export function closeOnSignal(closers: Closers): () => void {
  let first: number | null = null;
  const endWith = (code: number) => (): void => {
    if (first !== null && Date.now() - first > SAME_SIGNAL_MS) process.exit(code);
    if (first !== null) return;
    first = Date.now();
    closers.close().finally(() => process.exit(code));
  };
  const [onInterrupt, onTerminate] = [endWith(130), endWith(143)];
  process.on('SIGINT', onInterrupt).on('SIGTERM', onTerminate);
  return () => {
    process.off('SIGINT', onInterrupt).off('SIGTERM', onTerminate);
  };
}
