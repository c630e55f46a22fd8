import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { build, document, sluice } from './sluice.ts';

const COMMANDS = ['owners', 'window', 'command', 'edit', 'resolve', 'check', 'investigate', 'twin', 'mcp'];

beforeAll(build);

describe('wrong usage', () => {
  test.each([
    ['an unknown command', ['nonsense']],
    ['an unknown option', ['window', '--nope']],
    ['a missing argument', ['owners']],
    ['a missing required option', ['resolve']],
    ['an option without its value', ['edit', 'a.json', '--set']],
    ['one argument too many', ['check', 'a', 'b']],
  ])('%s ends with exit code 2, words on standard error and nothing on standard output', async (_, args) => {
    const ended = await sluice(args);

    expect(ended.code).toBe(2);
    expect(ended.stdout).toBe('');
    expect(ended.stderr).toMatch(/error: /);
  });

  test('is one JSON document for a script', async () => {
    const ended = await sluice(['resolve', '--json']);

    expect(ended.code).toBe(2);
    expect(document(ended)).toEqual({ error: { code: 'usage', message: expect.stringContaining('--alert') } });
  });
});

describe('help', () => {
  test('lists every command', async () => {
    const { code, stdout } = await sluice(['--help']);

    expect(code).toBe(0);
    for (const command of COMMANDS) expect(stdout).toMatch(new RegExp(`^  ${command} `, 'm'));
  });

  test.each(COMMANDS)('of %s has an example', async (command) => {
    const { code, stdout } = await sluice([command, '--help']);

    expect(code).toBe(0);
    expect(stdout).toMatch(/Examples?:\n/);
  });

  test.each(COMMANDS)('of %s stands in docs/cli.md too', (command) => {
    expect(readFileSync('docs/cli.md', 'utf8')).toContain(`\n## ${command}\n\n\`sluice ${command}`);
  });
});
