import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { unifiedDiff } from '../../../src/core/edit/unified.ts';

const PAIRS: readonly (readonly [string, string])[] = [
  ['a\nb\nc\n', 'a\nB\nc\n'],
  ['a\nb', 'a\nc'],
  ['a\r\nb\r\n', 'a\r\nc\r\n'],
  ['a\n', 'a\nb\nc\n'],
  ['a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n', 'A\nb\nc\nd\ne\nf\ng\nh\ni\nJ'],
];

describe('a unified diff', () => {
  test('is empty when nothing differs', () => {
    expect(unifiedDiff('f', 'a\n', 'a\n')).toBe('');
  });

  test('names the file and shows the changed line', () => {
    expect(unifiedDiff('jobs/a.json', 'x\ny\n', 'x\nz\n')).toBe(
      '--- a/jobs/a.json\n+++ b/jobs/a.json\n@@ -1,2 +1,2 @@\n x\n-y\n+z\n',
    );
  });

  test.each(PAIRS)('of %j and %j is applied by git', (before, after) => {
    const folder = mkdtempSync(join(tmpdir(), 'sluice-diff-'));
    writeFileSync(join(folder, 'f'), before);

    execFileSync('git', ['apply', '--whitespace=nowarn', '-'], { cwd: folder, input: unifiedDiff('f', before, after) });

    expect(readFileSync(join(folder, 'f'), 'utf8')).toBe(after);
    rmSync(folder, { recursive: true });
  });
});
