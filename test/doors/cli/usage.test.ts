import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { build, document, sluice } from './sluice.ts';

const COMMANDS = [
  ...[
    'demo',
    'serve',
    'owners',
    'window',
    'command',
    'edit',
    'resolve',
    'check',
    'investigate',
    'gate',
    'explain',
    'twin',
    'mcp',
  ],
];

beforeAll(build);

describe('wrong usage', () => {
  test.each([
    ['an unknown command', ['nonsense'], 'there is no command nonsense. sluice --help lists the commands.'],
    ['a misspelt command', ['chekc'], 'there is no command chekc. Did you mean sluice check?'],
    ['an unknown option', ['window', '--nope'], 'sluice window has no option --nope. sluice window --help shows'],
    ['a misspelt option', ['window', '--jsno'], 'sluice window has no option --jsno. Did you mean --json?'],
    ['a missing argument', ['owners'], 'sluice owners needs an argument: <path>. sluice owners --help shows'],
    ['a missing required option', ['resolve'], 'sluice resolve needs --alert <file>. sluice resolve --help shows'],
    ['an option without its value', ['edit', 'a.json', '--set'], '--set <pointer=value> has no value. sluice edit --help shows'],
    ['one argument too many', ['check', 'a', 'b'], 'sluice check takes 1 argument(s), and got 2. sluice check --help shows'],
    ['an argument where there is none', ['window', 'now'], 'sluice window takes no argument, and got 1. sluice window --help'],
    ['an unknown scenario', ['demo', '--scenario', 'bad-fxi'], 'there is no scenario bad-fxi. Did you mean bad-fix?'],
    ['a port that is none', ['twin', '--port', 'x'], '--port x is no port. Use a number from 0 to 65535'],
  ])('%s is exit code 2, and one sentence with what to do', async (_, args, said) => {
    const ended = await sluice(args);
    const scripted = await sluice([...args, '--json']);

    expect([ended.code, ended.stdout]).toEqual([2, '']);
    expect(ended.stderr).toContain(`sluice: ${said}`);
    expect(ended.stderr.trimEnd().split('\n')).toHaveLength(1);
    if (!args.includes('--set'))
      expect(document(scripted).error).toMatchObject({ code: expect.stringMatching(/usage|unknown/), fix: expect.any(String) });
  });

  test('without a command the help is shown, as a mistake', async () => {
    const ended = await sluice([]);

    expect([ended.code, ended.stdout]).toEqual([2, '']);
    expect(ended.stderr).toMatch(/Usage: sluice[\s\S]*sluice: no command is given\. /);
    expect(document(await sluice(['--json'])).error.code).toBe('usage');
  });
});

describe('sluice serve', () => {
  const NEEDED = ['APP_ID', 'PRIVATE_KEY', 'WEBHOOK_SECRET', 'SLUICE_APPLY_APP_ID', 'SLUICE_RECORD_KEY'];

  test('names every missing setting at once, each with what it is', async () => {
    const ended = await sluice(['serve']);

    expect([ended.code, ended.stdout]).toEqual([2, '']);
    expect(ended.stderr).toMatch(new RegExp(`^sluice: missing: ${NEEDED.join(', ')}\n`));
    for (const name of NEEDED) expect(ended.stderr).toMatch(new RegExp(`^ {2}${name}: \\w.{10,}$`, 'm'));
    expect(document(await sluice(['serve', '--json'])).error).toMatchObject({ code: 'setting_missing', fix: expect.any(String) });
  });

  test('names settings of the wrong form with those that are missing', async () => {
    const env = {
      ...{ APP_ID: 'mine', PRIVATE_KEY: 'k', WEBHOOK_SECRET: 's', SLUICE_APPLY_APP_ID: '2', PORT: '70000' },
      ...{ SLUICE_ALERT_TOKENS: '[{}]', SLUICE_WORKSPACE_PROD_HOST: 'https://x', SLUICE_PROMETHEUS_A_URL: 'http://a' },
      SLUICE_PROMETHEUS_A_HEADERS: 'x: y',
      SLUICE_URL: 'sluice.example.com',
    };
    const ended = await sluice(['serve'], { env });

    expect(ended.code).toBe(2);
    expect(ended.stderr).toMatch(
      /^sluice: missing: SLUICE_RECORD_KEY; not of the right form: APP_ID, PORT, SLUICE_ALERT_TOKENS, /,
    );
    expect(ended.stderr).toMatch(/SLUICE_WORKSPACE_PROD_TOKEN is not: set a token/);
    expect(ended.stderr).toMatch(/SLUICE_URL is an address such as https:/);
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
    expect(stdout).toMatch(new RegExp(`^Usage: sluice ${command} [\\s\\S]*Options:\n[\\s\\S]*Examples?:\n`));
    expect(stdout).toMatch(/Exit codes: 0 done, 1 refused/);
  });

  test.each(COMMANDS)('of %s stands in docs/cli.md too', (command) => {
    expect(readFileSync('docs/cli.md', 'utf8')).toContain(`\n## ${command}\n\n\`sluice ${command}`);
  });
});
