import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { terminalText } from '../../../src/doors/demo/terminal.ts';
import { block, details, inline, page, table } from '../../../src/render/text.ts';

const HEAD = ['id', 'what', 'value', 'quality', 'query'];

describe('a comment on a terminal', () => {
  test('shows what GitHub folds away, and nothing that only machines read', () => {
    const shown = terminalText(page('Found.', details('Evidence', 'E1 says so'), '<!-- sluice:v1 abc def -->'));

    expect(shown).toBe('Found.\n\nEvidence\n\nE1 says so');
  });

  test('has tables in columns, pipes and code in cells included', () => {
    const rows = [
      [inline('lag'), inline('a | b')],
      [inline('consumed'), inline('sum(x)')],
    ];

    expect(terminalText(table(['what', 'query'], rows)).split('\n')).toEqual([
      'what      query',
      '  lag       a | b',
      '  consumed  sum(x)',
    ]);
  });

  test('says once what is the same in every row of a wide table, and cuts long cells', () => {
    const rows = ['E1', 'E2'].map((id) => [id, inline(`what ${id}`), '1', 'fresh', inline('q'.repeat(200))]);
    const lines = terminalText(table(HEAD, rows)).split('\n');

    expect(lines[0]?.trim().split(/ {2,}/)).toEqual(['id', 'what']);
    expect(lines.at(-1)).toContain(`all of them: value 1, quality fresh, query ${'q'.repeat(64)}…`);
  });

  test('keeps a narrow table, and one of a single row, whole', () => {
    expect(
      terminalText(
        table(
          ['check', 'before', 'after', 'verdict'],
          [
            ['a', '1', '1', 'unchanged'],
            ['b', '1', '1', 'unchanged'],
          ],
        ),
      ),
    ).toContain('verdict');
    expect(terminalText(table(HEAD, [['E1', 'a', '1', 'fresh', 'q']]))).not.toContain('all of them');
  });

  test('keeps the lines of a diff as they are, also what looks like a table or a comment of its own', () => {
    const diff = '--- a\n+++ b\n-| x |\n+| y |\n # no heading';

    expect(terminalText(block(diff, 'diff'))).toBe(diff.replace(/^/gm, '  ').trim());
  });

  test('never steers the terminal, whatever stands in it', () => {
    const hostile = fc.oneof(fc.string(), fc.constantFrom('\u001b[2J', '\u202eevil', '| a', '```', '**', '</details>'));
    fc.assert(
      fc.property(fc.array(hostile), (parts) => {
        expect(terminalText(parts.join('\n')).replace(/[\n\t]/g, '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
      }),
    );
  });
});
