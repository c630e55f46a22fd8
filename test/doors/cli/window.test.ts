import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { build, document, folder, sluice } from './sluice.ts';

const CONFIG = `targets: []
windows:
  allow:
    - {name: office, days: [mon, tue, wed, thu, fri], from: "09:00", to: "17:00", zone: Europe/Berlin}
freezes:
  - {name: year-end, from: 2026-12-24, to: 2027-01-02, zone: Europe/Berlin}
`;

beforeAll(build);

async function windowAt(instant: string, config = CONFIG) {
  const file = `${folder({ 'sluice.yml': config })}/sluice.yml`;
  return sluice(['window', '--config', file, '--at', instant, '--json']);
}

describe('sluice window', () => {
  test('no windows and no freezes mean open', async () => {
    expect(document(await windowAt('2026-11-21T03:00:00Z', 'targets: []\n'))).toEqual({
      open: true,
      reasons: [],
      opens_at: null,
    });
  });

  test('inside a freeze it is closed, why and until when', async () => {
    const ended = await windowAt('2026-12-24T10:00:00+01:00', CONFIG.replace(/windows:[\s\S]*?freezes:/, 'freezes:'));

    expect(ended.code).toBe(0);
    expect(document(ended)).toMatchObject({
      open: false,
      reasons: [{ code: 'freeze_active', subject: 'year-end' }],
      opens_at: '2027-01-02T23:00:00Z',
    });
  });

  test('answers the example of docs/cli.md as it stands there', async () => {
    const page = readFileSync('docs/cli.md', 'utf8');
    const [, typed = '', answer = ''] = /^ {4}\$ sluice (window .*)\n {4}(\{.*\})$/m.exec(page) ?? [];

    expect(typed).not.toBe('');
    expect((await sluice(typed.split(' '))).stdout).toBe(`${answer}\n`);
  });

  test.each([
    ['a day', '2026-11-21'],
    ['a time without an offset', '2026-11-21T03:00:00'],
    ['words', 'tomorrow'],
  ])('%s is no instant', async (_, text) => {
    const ended = await windowAt(text, 'targets: []\n');

    expect(ended.code).toBe(2);
    expect(document(ended).error).toMatchObject({ code: 'usage', fix: expect.stringContaining('2026-11-27T09:00:00Z') });
  });

  test('a faulty config answers nothing but its first fault', async () => {
    const ended = await windowAt('2026-11-21T03:00:00Z', 'targets: []\nmodus: 1\nmode: maybe\n');

    expect(ended.code).toBe(1);
    expect(document(ended).error).toMatchObject({ code: 'config_invalid', line: 2, message: expect.stringContaining('1 more') });
  });

  test('a missing config is a missing file', async () => {
    const ended = await sluice(['window', '--json'], { cwd: folder() });

    expect(ended.code).toBe(2);
    expect(document(ended).error).toMatchObject({ code: 'config_missing', file: '.github/sluice.yml' });
  });
});
