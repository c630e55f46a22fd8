import { afterEach, describe, expect, test } from 'vitest';
import { windowAt } from '../../src/core/window.ts';
import type { Weekday, Window } from '../../src/model/config.ts';

const QUARTER = 15 * 60_000;
const DAYS: readonly Weekday[] = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const OFFICE: Omit<Window, 'zone'> = { name: 'office', days: ['sat', 'sun', 'mon'], from: '09:00', to: '16:00' };
const NIGHT: Omit<Window, 'zone'> = { name: 'night', days: ['sat', 'sun'], from: '22:30', to: '03:15' };

/** A clock change of each kind: forward and back, north and south, by an hour and by half of one (Lord Howe). */
const CHANGES: readonly (readonly [string, string])[] = [
  ['Europe/Berlin', '2026-03-29T01:00:00Z'],
  ['Europe/Berlin', '2026-10-25T01:00:00Z'],
  ['America/New_York', '2026-03-08T07:00:00Z'],
  ['America/New_York', '2026-11-01T06:00:00Z'],
  ['Australia/Lord_Howe', '2026-04-04T15:00:00Z'],
  ['Australia/Lord_Howe', '2026-10-03T15:30:00Z'],
];

/** Wall time by the platform's own calendar, which shares no code with the one under test. */
function wallOf(at: Date, timeZone: string) {
  const format = new Intl.DateTimeFormat('en-US', {
    ...{ timeZone, weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  });
  const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
  const day = DAYS.findIndex((name) => name === parts.weekday?.toLowerCase());
  return { day, minutes: Number(parts.hour) * 60 + Number(parts.minute) };
}

function minutesOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
}

function expected({ days, from, to, zone }: Window, at: Date): boolean {
  const { day, minutes } = wallOf(at, zone);
  const [begins, ends] = [minutesOf(from), minutesOf(to)];
  const on = (index: number) => days.includes(DAYS[index] ?? 'mon');
  if (begins < ends) return on(day) && minutes >= begins && minutes < ends;
  return (on(day) && minutes >= begins) || (on((day + 6) % 7) && minutes < ends);
}

const instants = CHANGES.flatMap(([zone, change]) =>
  Array.from({ length: 4 * 60 }, (_, index) => ({ zone, at: new Date(Date.parse(change) + (index - 120) * QUARTER) })),
);

const before = process.env.TZ;
afterEach(() => {
  if (before === undefined) delete process.env.TZ;
  else process.env.TZ = before;
});

describe.each(['UTC', 'America/New_York', 'Pacific/Apia'])('in a process whose own zone is %s', (own) => {
  test(`${instants.length} quarters of an hour around six clock changes are open or shut as the wall clock says`, () => {
    process.env.TZ = own;
    const wrong = instants.flatMap(({ zone, at }) =>
      [OFFICE, NIGHT].flatMap((bare) => {
        const window = { ...bare, zone };
        const { open } = windowAt([window], [], at.toISOString());
        return open === expected(window, at) ? [] : [`${bare.name} ${zone} ${at.toISOString()}: ${open}`];
      }),
    );

    expect(wrong).toEqual([]);
    expect(new Date('2026-07-01T12:00:00Z').getTimezoneOffset()).toBe(
      { UTC: 0, 'America/New_York': 240, 'Pacific/Apia': -780 }[own],
    );
  });

  test('the next opening is the first quarter that is open, to the quarter', () => {
    process.env.TZ = own;
    const wrong = instants
      .filter((_, index) => index % 16 === 0)
      .flatMap(({ zone, at }) => {
        const window = { ...NIGHT, zone };
        const { open, opensAt } = windowAt([window], [], at.toISOString());
        if (open) return [];
        let next = new Date(at);
        while (!expected(window, next)) next = new Date(Date.parse(next.toISOString()) + QUARTER);
        return opensAt !== null && Date.parse(opensAt) === next.getTime()
          ? []
          : [`${zone} ${at.toISOString()}: ${opensAt}, not ${next.toISOString()}`];
      });

    expect(wrong).toEqual([]);
  });
});
