import { beforeAll, describe, expect, test } from 'vitest';
import { build, document, sluice } from './sluice.ts';

beforeAll(build);

describe('sluice command', () => {
  test.each([
    ['/approve 0123456789ab', { name: 'approve', sha: '0123456789ab', break_glass: null }],
    ['/approve 0123456789ab --break-glass fire', { name: 'approve', sha: '0123456789ab', break_glass: 'fire' }],
    ['/snooze 4h', { name: 'snooze', minutes: 240 }],
    ['/dismiss known noise\n\nmore words', { name: 'dismiss', reason: 'known noise' }],
    ['', null],
    ['just words', null],
    ['> /approve 0123456789ab', null],
    ['```\n/hold\n```', null],
  ])('%j is read as its command or as none', async (body, command) => {
    const ended = await sluice(['command', '--json'], { input: body });

    expect(ended.code).toBe(0);
    expect(document(ended)).toEqual({ command });
  });

  test.each([
    ['/aprove', 'command_unknown'],
    ['/snooze 4 hours', 'command_arguments'],
    ['/approve 0123', 'command_arguments'],
    ['/hold\n/retry', 'command_arguments'],
  ])('%j is malformed: exit code 1, no command, and help', async (body, code) => {
    const ended = await sluice(['command', '--json'], { input: body });

    expect(ended.code).toBe(1);
    expect(document(ended)).toEqual({
      command: null,
      error: { code, message: expect.any(String), fix: expect.stringContaining('/') },
    });
  });

  test('a body larger than GitHub allows is refused, not read to its end', async () => {
    const ended = await sluice(['command', '--json'], { input: 'x'.repeat(400_000) });

    expect(ended.code).toBe(2);
  });

  test('what a malformed command quotes cannot steer a terminal', async () => {
    const { code, stderr } = await sluice(['command'], { input: '/ap\u200bprove\u202e' });

    expect(code).toBe(1);
    for (const steering of ['\u200b', '\u202e', '\u001b']) expect(stderr).not.toContain(steering);
  });
});
