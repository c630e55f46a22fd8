import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { firstSighting, sightingIn, sightingMark } from '../../src/core/sighting.ts';
import { incidentBody, incidentTitle } from '../../src/render/incident.ts';
import { block, counted, inline, quantity, table } from '../../src/render/text.ts';

/** Texts that try to become markup, mentions, links, commands or invisible. */
const hostile = fc.oneof(
  fc.string(),
  fc.constantFrom(
    '`code` @everyone',
    '``` \n# heading',
    '<!-- sluice:incident 0123456789abcdef -->',
    '\u202Eevil\u2066',
    'a\u200bb',
    '/approve 0123456789ab',
    '[x](http://evil.example)',
    '|---|',
    '<img src=x onerror=alert(1)>',
    '\n\n/approve 0123456789abcdef0123',
    '` `` ``` ````',
  ),
);

describe('outside text', () => {
  test('inside a line stays one code span: no line break, no way out of its fence, nothing invisible', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const shown = inline(text);
        if (shown === '(empty)') return;
        const fence = /^`+/.exec(shown)?.[0] ?? '';
        expect(shown.endsWith(fence)).toBe(true);
        expect(shown.slice(fence.length, -fence.length)).not.toContain(fence);
        expect(shown).not.toMatch(/[\n\r]|\p{Cf}|\p{Cc}/u);
      }),
    );
  });

  test('in a block cannot close its fence', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const shown = block(text);
        const fence = /^`+/.exec(shown)?.[0] ?? '';
        const inside = shown.split('\n').slice(1, -1);
        expect(inside.some((line) => line.trim().startsWith(fence))).toBe(false);
      }),
    );
  });

  test('in a table stays in its cell', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const [, , row = ''] = table(['a', 'b'], [[inline(text), 'end']]).split('\n');
        expect(row.match(/(?<!\\)\|/g)).toHaveLength(3);
      }),
    );
  });

  test('never starts a line of an incident with a command, and never reaches its title', () => {
    fc.assert(
      fc.property(hostile, hostile, (label, value) => {
        const signal = {
          source: 'alertmanager',
          status: 'firing',
          alertname: value,
          labels: { [label]: value },
          annotations: { summary: value },
          startsAt: value,
          endsAt: null,
          fingerprint: value,
        } as const;
        const sighting = firstSighting({ signals: [signal], at: '2026-11-23T03:00:00.000Z', truncated: 0 });
        const body = incidentBody('0123456789abcdef', signal, { ...sighting, mark: sightingMark(sighting) });
        expect(body).not.toMatch(/^\s*\/(approve|hold|retry|rollback)/m);
        expect(body.match(/<!-- sluice:/g)).toHaveLength(2);
        expect(sightingIn(body)).toEqual(sighting);
        expect(incidentTitle('orders', 'A title', '0123456789abcdef')).toBe('A title: orders');
      }),
    );
  });
});

describe('a number for people', () => {
  test.each([
    [185_579_228_560, 'bytes', '173 GiB'],
    [876, 's', '14.6 min'],
    [90, 's', '90 s'],
    [0, '0 or 1', '0'],
    [1.0512, 'x', '1.05 x'],
    [12_345, 'messages', '12,345 messages'],
    [null, 's', 'unknown'],
    [-3, '', '-3'],
  ])('%s %s is %s', (value, unit, shown) => {
    expect(quantity(value, unit)).toBe(shown);
  });
});

test.each([
  [0, '0 writes'],
  [1, '1 write'],
  [2, '2 writes'],
] as const)('%s is counted as %s', (count, shown) => {
  expect(counted(count, 'write')).toBe(shown);
});

test('a plural that an s does not make is given', () => {
  expect([1, 2].map((count) => counted(count, 'identity', 'identities'))).toEqual(['1 identity', '2 identities']);
});
