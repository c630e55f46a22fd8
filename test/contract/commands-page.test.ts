import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { COMMAND_HELP } from '../../src/core/command.ts';

test('the page of commands says of each what its help says', () => {
  const rows = [...readFileSync('docs/commands.md', 'utf8').matchAll(/^\| `(\/[^`]+)` \| ([^|]+) \|/gm)];

  expect(rows.map(([, usage, does]) => ({ usage, does }))).toEqual(Object.values(COMMAND_HELP));
});
