import { expect, test } from 'vitest';
import { createTwinClock, serveClock } from '../../../src/twin/clock.ts';

const start = new Date('2026-11-20T03:00:00Z');

test('the clock stands still until it is moved, and tells its listeners', () => {
  const clock = createTwinClock(start);
  const heard: string[] = [];
  const remove = clock.onMove((now) => heard.push(now.toISOString()));
  clock.advance(1000);
  clock.set(new Date('2026-11-21T00:00:00Z'));
  remove();
  clock.advance(1);
  expect(heard).toEqual(['2026-11-20T03:00:01.000Z', '2026-11-21T00:00:00.000Z']);
  expect(clock.now().toISOString()).toBe('2026-11-21T00:00:00.001Z');
});

test('the clock never goes back', () => {
  const clock = createTwinClock(start);
  expect(() => clock.advance(-1)).toThrow(RangeError);
  expect(() => clock.set(new Date(0))).toThrow(RangeError);
  expect(() => clock.set(new Date(Number.NaN))).toThrow(RangeError);
});

test('the time is served over loopback, and nothing else is', async () => {
  const clock = createTwinClock(start);
  const server = await serveClock(clock);
  clock.advance(60_000);
  expect(await (await fetch(`${server.url}/clock`)).json()).toEqual({ now: '2026-11-20T03:01:00.000Z' });
  expect((await fetch(`${server.url}/clock`, { method: 'POST' })).status).toBe(404);
  await server.close();
});
