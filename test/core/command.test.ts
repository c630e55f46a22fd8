import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { COMMAND_HELP, parseCommand } from '../../src/core/command.ts';
import cases from './command.cases.json' with { type: 'json' };

const SHA = '0123456789abcdef0123456789abcdef01234567';

describe('a comment', () => {
  test.each(cases)('$name is read as $kind', ({ name: _, body, ...wanted }) => {
    expect(parseCommand(body)).toMatchObject(wanted);
  });

  test('a command that needs other arguments is refused with its usage', () => {
    expect(parseCommand('/snooze tomorrow')).toMatchObject({
      word: '/snooze',
      help: expect.stringContaining(COMMAND_HELP.snooze.usage),
    });
  });

  test('an unknown command is refused with every command’s usage', () => {
    const parsed = parseCommand('/deploy');

    expect(parsed.kind === 'refused' && parsed.help.split('\n')).toEqual(
      Object.values(COMMAND_HELP).map(({ usage, does }) => `${usage}: ${does}.`),
    );
  });

  test('a very long word is shortened in the answer', () => {
    expect(parseCommand(`/${'x'.repeat(1000)}`)).toMatchObject({ kind: 'refused', word: `/${'x'.repeat(39)}` });
  });

  test.each(['> ', '```\n', '<!--', ' ', '\u200b', '`', '~~~~\n', '\t'])('a huge comment of %j is read to its end', (piece) => {
    expect(parseCommand(piece.repeat(20_000)).kind).toBe('none');
  });
});

describe('a command inside', () => {
  const text = fc.string({ unit: 'grapheme' }).map((one) => one.replaceAll(/[\r\n]/g, ' '));
  const command = fc.constantFrom(`/approve ${SHA}`, '/approve', '/hold', '/rollback', '/unapprove');

  test('a quote never counts, whatever stands before it', () => {
    fc.assert(
      fc.property(fc.array(text), command, (lines, one) => {
        expect(parseCommand([...lines.map((line) => `> ${line}`), `> ${one}`].join('\n')).kind).toBe('none');
      }),
    );
  });

  test('a fence never counts, whatever else is in it', () => {
    fc.assert(
      fc.property(fc.array(text.filter((line) => !line.includes('~'))), command, (lines, one) => {
        expect(parseCommand(['~~~', ...lines, one, '~~~'].join('\n')).kind).toBe('none');
      }),
    );
  });

  test('an HTML comment never counts', () => {
    fc.assert(
      fc.property(fc.array(text.filter((line) => !line.includes('-->'))), command, (lines, one) => {
        expect(parseCommand(['<!--', ...lines, one, '-->'].join('\n')).kind).toBe('none');
      }),
    );
  });

  test('any text approves only by the exact words at the start of its first line', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), command, (before, one) => {
        const parsed = parseCommand(before + one);
        if (parsed.kind === 'command') expect(before.trimStart()).toMatch(/^$|^\/|^[\s\S]*[\n\r]$/);
      }),
      { numRuns: 2000 },
    );
  });
});
