import { expect, test } from 'vitest';
import { memoryAlarms } from '../../src/adapters/memory/alarms.ts';
import { memoryInbox } from '../../src/adapters/memory/inbox.ts';
import type { Delivery } from '../../src/model/delivery.ts';

const at = (minute: number) => `2026-11-23T09:0${minute}:00.000Z`;

test('an alarm rings once, when its instant has come', () => {
  const alarms = memoryAlarms();
  alarms.of('acme/a').set(1, at(5));
  expect(alarms.due(new Date(at(4)))).toEqual([]);
  expect(alarms.due(new Date(at(5)))).toEqual([{ repository: 'acme/a', pull: 1, at: at(5) }]);
  expect(alarms.due(new Date(at(6)))).toEqual([]);
  expect(alarms.empty).toBe(true);
});

test('a later answer of the gate moves or ends the wait', () => {
  const alarms = memoryAlarms();
  const one = alarms.of('acme/a');
  one.set(1, at(1));
  one.set(1, at(3));
  alarms.of('acme/b').set(1, at(1));
  one.set(2, at(1));
  one.set(2, null);
  expect(alarms.due(new Date(at(2))).map(({ repository }) => repository)).toEqual(['acme/b']);
  expect(alarms.due(new Date(at(3))).map(({ pull }) => pull)).toEqual([1]);
});

test('a delivery that says to look where another that waits will look is not stored beside it', async () => {
  const inbox = memoryInbox(() => {});
  const look = (id: string, number: number): Delivery => {
    const key = `acme/a#${number}`;
    return { id, key, kind: 'webhook', wake: { owner: 'acme', repo: 'a', key, what: 'protection', number, appId: 9 } };
  };
  const done: string[] = [];
  let go: () => void = () => {};
  const held = new Promise<void>((resolve) => {
    go = resolve;
  });
  inbox.start(async ({ id }) => {
    await held;
    done.push(id);
  });
  expect(await inbox.put(look('first', 1))).toBe(true);
  await new Promise((resolve) => setImmediate(resolve));
  // The first is being answered: what is told now may be something that it did not see.
  expect(await inbox.put(look('second', 1))).toBe(true);
  expect(await inbox.put(look('third', 1))).toBe(false);
  expect(await inbox.put(look('other', 2))).toBe(true);
  go();
  await inbox.idle();
  expect(done.sort()).toEqual(['first', 'other', 'second']);
});
