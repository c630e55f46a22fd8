import { expect, test } from 'vitest';
import { wantsColours } from '../../src/doors/colours.ts';

test.each([
  ['a terminal gets colours', {}, true, true],
  ['a file or a pipe gets none', {}, false, false],
  ['the log of a CI gets none', { CI: '1' }, false, false],
  ['a dumb terminal gets none', { TERM: 'dumb' }, true, false],
  ['NO_COLOR takes them away', { NO_COLOR: '1', FORCE_COLOR: '1' }, true, false],
  ['FORCE_COLOR gives them to a pipe', { FORCE_COLOR: '1' }, false, true],
])('%s', (_, env, isTerminal, wanted) => {
  expect(wantsColours(env, isTerminal)).toBe(wanted);
});
