import { expect, test } from 'vitest';
import { memoryAlarms } from '../../src/adapters/memory/alarms.ts';

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
