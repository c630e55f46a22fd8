import { describe, expect, test } from 'vitest';
import { memoryAlarms } from '../../src/adapters/memory/alarms.ts';
import { memoryInbox } from '../../src/adapters/memory/inbox.ts';
import type { Delivery, Wake } from '../../src/model/delivery.ts';

const at = (minute: number) => `2026-11-23T09:0${minute}:00.000Z`;

const lookAt = (repository: string, number: number, id: string): Delivery => {
  const [owner = '', repo = ''] = repository.split('/');
  const key = `${repository}#${number}`;
  return { id, key, kind: 'webhook', wake: { owner, repo, key, what: 'pull', number } };
};
const ids = (found: readonly Delivery[]) => found.map(({ id }) => id);

test('an alarm rings once, when its instant has come', () => {
  const alarms = memoryAlarms();
  alarms.of('acme/a').set(1, at(5));
  expect(alarms.due(new Date(at(4)))).toEqual([]);
  expect(alarms.due(new Date(at(5)))).toEqual([lookAt('acme/a', 1, `alarm acme/a#1 ${at(5)}`)]);
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
  expect(ids(alarms.due(new Date(at(2))))).toEqual([`alarm acme/b#1 ${at(1)}`]);
  expect(ids(alarms.due(new Date(at(3))))).toEqual([`alarm acme/a#1 ${at(3)}`]);
});

describe('a look that was given up', () => {
  const NOW = new Date('2026-11-23T09:00:00.000Z');
  const AGAIN = '2026-11-23T09:10:00.000Z';
  const place = { owner: 'acme', repo: 'a', key: 'acme/a#1' };
  const comment = { id: 5, body: '/investigate', login: 'olga', userId: 1 };
  const open = { ...place, key: 'acme/a@open', what: 'open' as const, all: true };
  const heard = { ...place, what: 'comment' as const, action: 'created' as const, number: 1, byBot: false, comment };
  const webhook = (wake: Wake): Delivery => ({ id: 'first', key: wake.key, kind: 'webhook', wake });
  const looksOf = (delivery: Delivery) => {
    const alarms = memoryAlarms();
    alarms.missed(delivery, NOW);
    expect(alarms.due(new Date('2026-11-23T09:09:59.999Z'))).toEqual([]);
    return alarms.due(new Date(AGAIN));
  };
  const pull = lookAt('acme/a', 1, `alarm acme/a#1 ${AGAIN}`);

  test.each<readonly [string, Delivery, readonly Delivery[]]>([
    ['at a pull request', lookAt('acme/a', 1, 'first'), [pull]],
    ['for a comment on one, which is not obeyed so late', webhook({ ...heard, isPull: true }), [pull]],
    ['for a comment on an incident', webhook({ ...heard, isPull: false }), []],
    [
      'at what GitHub asks of one',
      webhook({ ...place, what: 'protection', number: 1, appId: 9 }),
      [
        {
          ...webhook({ ...place, what: 'protection', number: 1, appId: null }),
          id: `alarm acme/a#1 ${AGAIN} protection`,
        },
      ],
    ],
    ['at all open ones', webhook(open), [{ ...webhook(open), id: `alarm acme/a@open ${AGAIN}` }]],
    [
      'at the head that a status is of',
      webhook({ ...place, key: 'acme/a@f', what: 'status', id: 3, sha: 'f' }),
      [{ ...webhook({ ...place, key: 'acme/a@f', what: 'status', id: 3, sha: 'f' }), id: `alarm acme/a@f ${AGAIN}` }],
    ],
    [
      'at a group, which its queue waits for an hour for',
      webhook({ ...place, key: 'acme/a@g', what: 'group', branch: 'b', head: 'f' }),
      [{ ...webhook({ ...place, key: 'acme/a@g', what: 'group', branch: 'b', head: 'f' }), id: `alarm acme/a@g ${AGAIN}` }],
    ],
    [
      'at what the Action noted',
      webhook({ ...place, key: 'acme/a@f', what: 'rollout', sha: 'f', target: 't', appId: 8 }),
      [
        {
          ...webhook({ ...place, key: 'acme/a@f', what: 'rollout', sha: 'f', target: 't', appId: 8 }),
          id: `alarm acme/a@f ${AGAIN}`,
        },
      ],
    ],
    [
      'at every repository',
      { id: 'start', key: 'installed', kind: 'installed', owner: null },
      [{ id: `alarm installed ${AGAIN}`, key: 'installed', kind: 'installed', owner: null }],
    ],
    [
      'at alerts, whose sender repeats them',
      { id: 'a', key: 'a', kind: 'alerts', repository: 'acme/a', at: AGAIN, signals: [], truncated: 0 },
      [],
    ],
  ])('%s is made up for ten minutes later', (_, delivery, wanted) => {
    expect(looksOf(delivery)).toEqual(wanted);
  });

  test('is not put off by one that waits for later, and puts off none that comes sooner', () => {
    const alarms = memoryAlarms();
    alarms.of('acme/a').set(1, '2026-11-23T13:00:00.000Z');
    alarms.of('acme/b').set(1, at(5));
    alarms.missed(lookAt('acme/a', 1, 'first'), NOW);
    alarms.missed(lookAt('acme/b', 1, 'first'), NOW);
    expect(ids(alarms.due(new Date(AGAIN))).sort()).toEqual([`alarm acme/a#1 ${AGAIN}`, `alarm acme/b#1 ${at(5)}`]);
  });

  test('is tried for a day, counted anew after one that was carried out', () => {
    const alarms = memoryAlarms();
    let now = NOW.getTime();
    const ring = () => {
      now += 10 * 60_000;
      return alarms.due(new Date(now));
    };
    const rings = (times: number) => {
      let rung = 0;
      for (let left = times; left > 0; left -= 1)
        for (const delivery of ring()) {
          rung += 1;
          alarms.missed(delivery, new Date(now));
        }
      return rung;
    };
    alarms.missed(lookAt('acme/a', 1, 'first'), NOW);
    expect(rings(100)).toBe(100);
    alarms.of('acme/a').set(1, new Date(now + 10 * 60_000).toISOString());
    expect(rings(300)).toBe(145);
    expect(alarms.empty).toBe(true);
  });
});

test('a look that was carried out is forgotten within the hour, so that its misses are counted anew', () => {
  const alarms = memoryAlarms();
  const start = new Date('2026-11-23T09:00:00.000Z').getTime();
  const minutes = (count: number) => new Date(start + count * 60_000);
  let missed = lookAt('acme/a', 1, 'first');
  for (let count = 0; count < 144; count++) {
    alarms.missed(missed, minutes(count * 10));
    missed = alarms.due(minutes(count * 10 + 10))[0] ?? missed;
  }
  // Carried out at last; what fails after that is another trouble.
  expect(alarms.due(minutes(1440 + 61))).toEqual([]);
  alarms.missed(missed, minutes(1440 + 62));
  expect(alarms.empty).toBe(false);
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
