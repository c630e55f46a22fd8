import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readerOptions, refusedSparkKeys, sparkKeys } from '../../src/core/spark-conf-table.ts';

const page = readFileSync('docs/spark-settings.md', 'utf8');
const rowsOf = (title: string) => {
  const [, section = ''] = page.split(`## ${title}\n`);
  const cells =
    section
      .split('\n## ')[0]
      ?.split('\n')
      .filter((line) => line.startsWith('| `')) ?? [];
  return cells.map((line) => line.slice(2, -2).split(' | '));
};

test('docs/spark-settings.md tells every key that may be written with its type, default, place and version', () => {
  const told = rowsOf('May be written').map(([key, type, unset, , where, since]) => [key, type, unset, where, since]);

  expect(told).toEqual(
    Object.entries(sparkKeys).map(([key, known]) => [
      `\`${key}\``,
      known.type,
      known.unset ?? '–',
      known.where,
      known.since.join('.'),
    ]),
  );
});

test('it names what each key needs', () => {
  for (const [key = '', , , , , , notes = ''] of rowsOf('May be written'))
    for (const need of sparkKeys[key.slice(1, -1)]?.needs ?? [])
      expect([key, notes]).toEqual([key, expect.stringContaining(need)]);
});

test('it tells every key that is never written, and why, and every option of a reader', () => {
  expect(rowsOf('Never written')).toEqual(refusedSparkKeys.map(([key, why]) => [`\`${key}\``, why]));
  expect(rowsOf('Options of streaming readers').map(([name]) => name)).toEqual(
    Object.keys(readerOptions).map((name) => `\`${name}\``),
  );
});
