import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseRunbook } from '../../src/schema/runbook.ts';

const files = readdirSync('runbooks').filter((file) => file.endsWith('.md'));

describe('the shipped runbooks', () => {
  test.each(files)('%s has no fault', (file) => {
    const read = parseRunbook(readFileSync(`runbooks/${file}`, 'utf8'), `runbooks/${file}`);

    expect(read.ok ? [] : read.faults).toEqual([]);
  });
});
