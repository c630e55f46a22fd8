import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SuiteCase } from '../../model/suite.ts';
import { parseSuite } from '../../schema/suite.ts';

/** Every case below a folder, in the order of its files; the faults of all files at once. */
export function readSuite(folder: string): { readonly cases: readonly SuiteCase[]; readonly faults: readonly string[] } {
  const files = readdirSync(folder)
    .filter((name) => /\.ya?ml$/.test(name))
    .sort();
  const read = files.map((name) => parseSuite(readFileSync(join(folder, name), 'utf8'), name));
  return {
    cases: read.flatMap((one) => (one.ok ? one.cases : [])),
    faults: read.flatMap((one) => (one.ok ? [] : one.faults)),
  };
}
