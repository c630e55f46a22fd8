import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { windowAt } from '../../src/core/window.ts';
import type { Freeze, Window } from '../../src/model/config.ts';

const OFFICE: Window = { name: 'office', days: ['mon', 'tue', 'wed', 'thu'], from: '09:00', to: '16:00', zone: 'Europe/Berlin' };
const NIGHT: Window = { name: 'night', days: ['sat'], from: '22:00', to: '06:00', zone: 'Europe/Berlin' };
const XMAS: Freeze = { name: 'xmas', from: '2026-12-20', to: '2027-01-05', zone: 'Europe/Berlin' };

const NOVEMBER: Freeze = { ...XMAS, name: 'november', from: '2026-11-01', to: '2026-11-30' };

/** Windows, instant, open, next opening. Berlin is UTC+2 until 2026-10-25 01:00Z and from 2026-03-29 01:00Z. */
const TABLE: readonly (readonly [string, readonly Window[], readonly Freeze[], string, boolean, string | null])[] = [
  ['no windows are always open', [], [], '2026-11-23T03:00:00Z', true, null],
  ['before the window', [OFFICE], [], '2026-11-23T07:59:59Z', false, '2026-11-23T08:00:00Z'],
  ['its first second', [OFFICE], [], '2026-11-23T08:00:00Z', true, null],
  ['its last second', [OFFICE], [], '2026-11-23T14:59:59Z', true, null],
  ['its end is outside', [OFFICE], [], '2026-11-23T15:00:00Z', false, '2026-11-24T08:00:00Z'],
  ['Thursday evening waits for Monday', [OFFICE], [], '2026-11-26T15:00:00Z', false, '2026-11-30T08:00:00Z'],
  ['an instant with an offset is the same instant', [OFFICE], [], '2026-11-23T09:00:00+01:00', true, null],
  ['summer time opens an hour earlier in UTC', [OFFICE], [], '2026-07-06T07:00:00Z', true, null],
  ['over the weekend of the spring change', [OFFICE], [], '2026-03-26T15:00:00Z', false, '2026-03-30T07:00:00Z'],
  ['over the weekend of the autumn change', [OFFICE], [], '2026-10-22T14:00:00Z', false, '2026-10-26T08:00:00Z'],
  ['a night window before midnight', [NIGHT], [], '2026-11-21T21:00:00Z', true, null],
  ['a night window after midnight', [NIGHT], [], '2026-11-22T04:59:59Z', true, null],
  ['a night window ends in the morning', [NIGHT], [], '2026-11-22T05:00:00Z', false, '2026-11-28T21:00:00Z'],
  ['Saturday morning is not its night', [NIGHT], [], '2026-11-21T04:00:00Z', false, '2026-11-21T21:00:00Z'],
  ['the spring night is an hour shorter: open at 05:59 local', [NIGHT], [], '2026-03-29T03:59:59Z', true, null],
  [
    'the spring night is an hour shorter: shut at 06:00 local',
    [NIGHT],
    [],
    '2026-03-29T04:00:00Z',
    false,
    '2026-04-04T20:00:00Z',
  ],
  ['the autumn night is an hour longer: open at 05:59 local', [NIGHT], [], '2026-10-25T04:59:59Z', true, null],
  ['the autumn night is an hour longer: shut at 06:00 local', [NIGHT], [], '2026-10-25T05:00:00Z', false, '2026-10-31T21:00:00Z'],
  ['the freeze’s first moment', [], [XMAS], '2026-12-19T23:00:00Z', false, '2027-01-05T23:00:00Z'],
  ['the second before the freeze', [], [XMAS], '2026-12-19T22:59:59Z', true, null],
  ['the freeze’s last second', [], [XMAS], '2027-01-05T22:59:59Z', false, '2027-01-05T23:00:00Z'],
  ['the moment after the freeze', [], [XMAS], '2027-01-05T23:00:00Z', true, null],
  ['a window inside the freeze waits for its end', [OFFICE], [XMAS], '2026-12-21T10:00:00Z', false, '2027-01-06T08:00:00Z'],
  [
    'an opening that spring swallows is waited for another week',
    [{ ...OFFICE, days: ['sun'], from: '02:15', to: '02:45' }],
    [],
    '2026-03-22T02:00:00Z',
    false,
    '2026-04-05T00:15:00Z',
  ],
  [
    'the earlier of two freezes ends first, in whatever order they are written',
    [OFFICE],
    [XMAS, NOVEMBER],
    '2026-11-02T10:00:00Z',
    false,
    '2026-12-01T08:00:00Z',
  ],
  [
    'the end of a later freeze in an open window is not the first opening',
    [{ ...NIGHT, days: ['sun'] }],
    [{ ...XMAS, from: '2026-12-19', to: '2026-12-20' }, NOVEMBER],
    '2026-11-02T10:00:00Z',
    false,
    '2026-12-06T21:00:00Z',
  ],
  ['the second of two windows opens first', [OFFICE, NIGHT], [], '2026-11-20T12:00:00Z', false, '2026-11-21T21:00:00Z'],
  ['a whole day to 24:00', [{ ...OFFICE, days: ['mon'], from: '00:00', to: '24:00' }], [], '2026-11-23T22:59:59Z', true, null],
  [
    'after 24:00',
    [{ ...OFFICE, days: ['mon'], from: '00:00', to: '24:00' }],
    [],
    '2026-11-23T23:00:00Z',
    false,
    '2026-11-29T23:00:00Z',
  ],
  [
    'a start in the hour that spring leaves out opens at the change',
    [{ ...OFFICE, days: ['sun'], from: '02:30', to: '04:00' }],
    [],
    '2026-03-29T00:30:00Z',
    false,
    '2026-03-29T01:00:00Z',
  ],
  [
    'a window inside the hour that spring leaves out waits a week',
    [{ ...OFFICE, days: ['sun'], from: '02:15', to: '02:45' }],
    [],
    '2026-03-29T00:59:00Z',
    false,
    '2026-04-05T00:15:00Z',
  ],
  [
    'the first 02:30 of autumn opens',
    [{ ...OFFICE, days: ['sun'], from: '02:30', to: '02:45' }],
    [],
    '2026-10-25T00:00:00Z',
    false,
    '2026-10-25T00:30:00Z',
  ],
  [
    'between the two 02:30 of autumn it is shut',
    [{ ...OFFICE, days: ['sun'], from: '02:00', to: '02:30' }],
    [],
    '2026-10-25T00:45:00Z',
    false,
    '2026-10-25T01:00:00Z',
  ],
  [
    'windows in several zones',
    [
      { ...OFFICE, zone: 'America/New_York' },
      { ...OFFICE, zone: 'Asia/Tokyo' },
    ],
    [],
    '2026-11-23T12:00:00Z',
    false,
    '2026-11-23T14:00:00Z',
  ],
];

describe('a window', () => {
  test.each(TABLE)('%s', (_, windows, freezes, at, open, opensAt) => {
    expect(windowAt(windows, freezes, at)).toMatchObject({ open, opensAt });
  });

  test('says why it is closed', () => {
    expect(windowAt([OFFICE], [XMAS], '2026-12-21T20:00:00Z').reasons).toEqual([
      {
        code: 'freeze_active',
        subject: 'xmas',
        expected: 'no freeze',
        observed: '2026-12-20 to 2027-01-05 inclusive, Europe/Berlin',
      },
      { code: 'outside_window', subject: 'office', expected: 'an open window', observed: '2026-12-21T20:00:00Z' },
    ]);
  });

  test('names all windows that are shut, and what cannot be read as it is written', () => {
    expect(windowAt([OFFICE, NIGHT], [], '2026-11-23T20:00:00Z').reasons).toMatchObject([{ subject: 'office, night' }]);
    const told = windowAt([{ ...OFFICE, zone: 'x' }], [{ ...XMAS, zone: 'y' }], '2026-11-23T20:00:00Z').reasons;
    const expected = 'days, wall times or dates, and an IANA zone';
    expect(told).toEqual([
      { code: 'window_unreadable', subject: 'office', expected, observed: '09:00-16:00 x' },
      { code: 'window_unreadable', subject: 'xmas', expected, observed: '2026-12-20-2027-01-05 y' },
    ]);
  });

  test.each([
    ['a zone', [{ ...OFFICE, zone: 'Europe/Berlim' }], []],
    ['an empty zone', [{ ...OFFICE, zone: '' }], []],
    ['a start', [{ ...OFFICE, from: '9:00' }], []],
    ['an end', [{ ...OFFICE, to: '24:30' }], []],
    ['an end beyond the day', [{ ...OFFICE, to: '25:00' }], []],
    ['a start of 24:00', [{ ...OFFICE, from: '24:00' }], []],
    ['a start with more before it', [{ ...OFFICE, from: '009:00' }], []],
    ['an end with more behind it', [{ ...OFFICE, to: '16:000' }], []],
    ['an end that is its start', [{ ...OFFICE, to: OFFICE.from }], []],
    ['an offset for a zone', [{ ...OFFICE, zone: '+01:00' }], []],
    ['an instant for a zone', [{ ...OFFICE, zone: '2026-01-01T00:00Z' }], []],
    ['no days', [{ ...OFFICE, days: [] }], []],
    ['a freeze’s last day', [], [{ ...XMAS, to: '2026-13-01' }]],
    ['a freeze’s year', [], [{ ...XMAS, from: '12026-12-20' }]],
    ['a freeze’s year in six digits', [], [{ ...XMAS, from: '+002026-12-20' }]],
    ['a freeze’s time', [], [{ ...XMAS, to: '2027-01-05T00:00' }]],
    ['a freeze’s zone', [], [{ ...XMAS, zone: 'x' }]],
    ['a freeze’s day', [], [{ ...XMAS, from: '2026-02-30' }]],
    ['a freeze that ends before it starts', [], [{ ...XMAS, to: '2026-12-19' }]],
  ] as const)('%s that cannot be read means closed, whatever the others say', (_, windows, freezes) => {
    const always: Window = {
      name: 'always',
      days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'],
      from: '00:00',
      to: '24:00',
      zone: 'UTC',
    };

    expect(windowAt([always, ...windows], freezes, '2026-11-23T10:00:00Z')).toMatchObject({
      open: false,
      opensAt: null,
      reasons: [{ code: 'window_unreadable' }],
    });
  });

  test.each(['', 'now', '2026-11-23', '2026-11-23T10:00:00'])('an instant such as %j that cannot be read means closed', (at) => {
    expect(windowAt([], [], at)).toMatchObject({ open: false, reasons: [{ code: 'window_unreadable', subject: 'now' }] });
  });

  test('that never opens has no next opening', () => {
    expect(windowAt([OFFICE], [{ ...XMAS, to: '9999-12-30' }], '2026-12-21T10:00:00Z').opensAt).toMatch(
      /^\+010000|^9999-12-31|^\+10000/,
    );
  });
});

describe('every instant', () => {
  const zone = fc.constantFrom(
    'Europe/Berlin',
    'America/New_York',
    'Asia/Kolkata',
    'Australia/Lord_Howe',
    'UTC',
    'America/Sao_Paulo',
  );
  const time = fc
    .integer({ min: 0, max: 95 })
    .map((quarter) => `${String(Math.floor(quarter / 4)).padStart(2, '0')}:${String((quarter % 4) * 15).padStart(2, '0')}`);
  const window: fc.Arbitrary<Window> = fc
    .record({
      name: fc.constant('w'),
      days: fc.subarray(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const, { minLength: 1 }),
      from: time,
      to: time,
      zone,
    })
    .filter(({ from, to }) => from !== to);
  const freeze: fc.Arbitrary<Freeze> = fc
    .record({ start: fc.integer({ min: 0, max: 700 }), length: fc.integer({ min: 0, max: 20 }), zone })
    .map(({ start, length, zone: at }) => ({ name: 'f', from: dayOf(start), to: dayOf(start + length), zone: at }));
  const instant = fc
    .date({ min: new Date('2026-01-01T00:00:00Z'), max: new Date('2027-12-01T00:00:00Z'), noInvalidDate: true })
    .map((date) => date.toISOString());

  function dayOf(day: number): string {
    return new Date(Date.UTC(2026, 0, 1 + day)).toISOString().slice(0, 10);
  }

  test('is either open without a reason or closed with one, and the next opening is open and the first', () => {
    fc.assert(
      fc.property(fc.array(window, { maxLength: 3 }), fc.array(freeze, { maxLength: 3 }), instant, (windows, freezes, at) => {
        const state = windowAt(windows, freezes, at);
        expect(state.open).toBe(state.reasons.length === 0);
        if (state.open) {
          expect(state.opensAt).toBeNull();
          return;
        }
        expect(state.opensAt).not.toBeNull();
        const opens = Date.parse(state.opensAt ?? '');
        expect(opens).toBeGreaterThan(Date.parse(at));
        expect(windowAt(windows, freezes, state.opensAt ?? '').open).toBe(true);
        const quarter = 900_000;
        for (
          let tried = Math.ceil(Date.parse(at) / quarter) * quarter, count = 0;
          tried < opens && count < 200;
          tried += quarter, count++
        )
          expect(windowAt(windows, freezes, new Date(tried).toISOString()).open).toBe(false);
        expect(windowAt(windows, freezes, new Date(opens - 1000).toISOString()).open && opens - 1000 >= Date.parse(at)).toBe(
          false,
        );
      }),
      { numRuns: 150 },
    );
  });

  test('of an independent calendar agrees', () => {
    fc.assert(
      fc.property(window, instant, (one, at) => {
        expect(windowAt([one], [], at).open).toBe(isOpenByIntl(one, new Date(at)));
      }),
      { numRuns: 1000 },
    );
  });

  /** The same rule by Intl: weekday and wall time in the zone. */
  function isOpenByIntl(one: Window, date: Date): boolean {
    const parts = new Intl.DateTimeFormat('en-GB', {
      timeZone: one.zone,
      weekday: 'short',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    }).formatToParts(date);
    const part = (type: string) => parts.find((found) => found.type === type)?.value ?? '';
    const wall = `${part('hour')}:${part('minute')}`;
    const week: readonly string[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
    const today = week.indexOf(part('weekday').toLowerCase());
    const isOn = (day: number) => one.days.some((name) => name === week[(day + 7) % 7]);
    if (one.from < one.to) return isOn(today) && wall >= one.from && wall < one.to;
    return (isOn(today) && wall >= one.from) || (isOn(today - 1) && wall < one.to);
  }
});
