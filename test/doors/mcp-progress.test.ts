import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Call, progressOf } from '../../src/doors/mcp/progress.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A call of a client that wants to be told, or does not; `send` may fail. */
function callOf(token: string | null, send: () => Promise<void> = async () => {}) {
  const sent: unknown[] = [];
  const sendNotification: Call['sendNotification'] = (notification) => {
    sent.push(notification.params);
    return send();
  };
  return { sent, ...progressOf({ sendNotification, ...(token !== null && { _meta: { progressToken: token } }) }) };
}

test('progress is counted, and a silent read says every five seconds that it goes on', () => {
  const { sent, tell, end } = callOf('t');
  tell('runs read');
  vi.advanceTimersByTime(10_000);
  end();

  expect(sent).toEqual([
    { progressToken: 't', progress: 1, message: 'runs read' },
    { progressToken: 't', progress: 2, message: 'still reading' },
    { progressToken: 't', progress: 3, message: 'still reading' },
  ]);
});

test('after the answer nothing more is said', () => {
  const { sent, tell, end } = callOf('t');
  end();
  tell('a read that nobody waited for');
  vi.advanceTimersByTime(60_000);

  expect(sent).toEqual([]);
});

test('a client that did not ask is not told', () => {
  const { sent, tell, end } = callOf(null);
  tell('runs read');
  vi.advanceTimersByTime(60_000);
  end();

  expect(sent).toEqual([]);
});

test('a client that is gone disturbs nothing', async () => {
  const { tell, end } = callOf('t', async () => {
    throw new Error('closed');
  });
  tell('runs read');
  await vi.advanceTimersByTimeAsync(1);
  end();
});
