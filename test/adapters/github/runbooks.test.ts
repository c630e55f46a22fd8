import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { runbookReader, typedRunbooks } from '../../../src/adapters/github/runbooks.ts';

const TEXT = readFileSync('runbooks/spill.md', 'utf8');

/** Two commits of one folder: the second has another text under one of the names. */
function folder(typed = typedRunbooks()) {
  const texts: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    one: { 'runbooks/a.md': TEXT, 'runbooks/b.md': TEXT.replace('id: spill', 'id: other') },
    two: { 'runbooks/a.md': TEXT, 'runbooks/b.md': TEXT.replace('id: spill', 'id: changed') },
  };
  const read: string[] = [];
  const reader = runbookReader(
    {
      tip: async () => 'one',
      list: async (_, commit) =>
        Object.entries(texts[commit] ?? {}).map(([path, text]) => ({
          ...{ path, mode: '100644' },
          blob: /^id: (.*)$/m.exec(text)?.[1] ?? '',
        })),
      read: async (path, commit) => {
        read.push(`${commit} ${path}`);
        return { text: texts[commit]?.[path] ?? '', blob: '' };
      },
    },
    typed,
  );
  const ids = async (commit: string) => (await reader.runbooks(commit)).runbooks.map(({ runbook }) => runbook.id);
  return { ids, read };
}

test('a runbook whose text is known is neither read nor typed again, and one that changed is', async () => {
  const { ids, read } = folder();

  expect(await ids('one')).toEqual(['spill', 'other']);
  expect(await ids('one')).toEqual(['spill', 'other']);
  expect(await ids('two')).toEqual(['spill', 'changed']);
  expect(read).toEqual(['one runbooks/a.md', 'one runbooks/b.md', 'two runbooks/b.md']);
});

test('what one repository had typed, another one with the same file is given', async () => {
  const typed = typedRunbooks();
  await folder(typed).ids('one');
  const other = folder(typed);
  expect(await other.ids('two')).toEqual(['spill', 'changed']);
  expect(other.read).toEqual(['two runbooks/b.md']);
});

test('the file that was asked for longest ago is forgotten first', async () => {
  const typed = typedRunbooks();
  const asked: string[] = [];
  const read = (name: string) =>
    typed.read('runbooks/a.md', name, async () => {
      asked.push(name);
      return 'no front matter';
    });
  for (let at = 0; at < 1000; at++) await read(`b${at}`);
  await read('b0');
  await read('one more');
  asked.length = 0;
  await read('b0');
  await read('b1');
  expect(asked).toEqual(['b1']);
});
