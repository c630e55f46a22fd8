import { existsSync } from 'node:fs';
import { posix } from 'node:path';
import type { Command } from 'commander';
import { CODEOWNERS_PATHS, type Codeowners, ownersOf, parseCodeowners } from '../../core/codeowners.ts';
import { plainText } from '../../schema/outside-text.ts';
import { colours } from '../colours.ts';
import { printJson, Refused } from './answer.ts';
import { readText } from './files.ts';

interface Owned {
  readonly path: string;
  readonly owners: readonly string[];
  readonly rule: { readonly line: number; readonly pattern: string } | null;
}

export function ownersCommand(program: Command): void {
  program
    .command('owners')
    .description('say who owns these paths, and by which line of CODEOWNERS')
    .argument('<path...>', 'paths from the repository’s root')
    .option('--codeowners <file>', `the file to read; ${CODEOWNERS_PATHS.join(', ')} by default, the first that exists`)
    .option('--json', 'print one JSON document')
    .addHelpText('after', '\nExample:\n  sluice owners jobs/orders-nightly.json runbooks/databricks-job-oom.md')
    .action((paths: readonly string[], options: { codeowners?: string; json?: true }) => {
      const file = options.codeowners ?? codeownersBelow('.');
      const parsed = readCodeowners(file);
      const owned = paths.map((path) => ownedPath(parsed, path));
      if (options.json) printJson({ codeowners: file, paths: owned });
      else for (const one of owned) process.stdout.write(`${inWords(one, file)}\n`);
    });
}

/** The CODEOWNERS file that GitHub would read in this folder. Refuses when there is none. */
export function codeownersBelow(folder: string): string {
  const found = CODEOWNERS_PATHS.find((path) => existsSync(posix.join(folder, path)));
  if (found) return posix.join(folder, found);
  throw new Refused(2, 'file_missing', `there is no ${CODEOWNERS_PATHS.join(', ')} here`, {
    fix: 'Run this in the root of a checkout, or name the file with --codeowners.',
  });
}

/** GitHub skips a faulty line in silence, and then another rule decides: with one fault no answer could be relied on. */
function readCodeowners(file: string): Codeowners {
  const parsed = parseCodeowners(readText(file));
  if (parsed.tooLarge)
    throw new Refused(1, 'owners_too_large', 'GitHub ignores a CODEOWNERS file that is not under 3 MB', {
      file,
      fix: 'Shorten it with patterns for folders.',
    });
  const [first, ...others] = parsed.faults;
  if (!first) return parsed;
  const lines = others.map((fault) => fault.line);
  const more = lines.length > 0 ? ` (also wrong: line ${lines.slice(0, 10).join(', ')}${lines.length > 10 ? ', …' : ''})` : '';
  throw new Refused(1, 'owners_unreadable', `${first.message}${more}`, {
    file,
    line: first.line,
    fix: 'Write: pattern @owner …; GitHub ignores a line that it cannot read.',
  });
}

function ownedPath(parsed: Codeowners, path: string): Owned {
  const inside = posix.normalize(path.replace(/^\/+/, ''));
  if (inside === '..' || inside.startsWith('../'))
    throw new Refused(2, 'usage', `${path} is outside of the repository`, { fix: 'Give paths from the repository’s root.' });
  const { owners, rule } = ownersOf(parsed, inside);
  return { path, owners, rule: rule && { line: rule.line, pattern: rule.pattern } };
}

function inWords({ path, owners, rule }: Owned, file: string): string {
  const who = owners.length > 0 ? owners.join(' ') : colours.yellow('nobody');
  const why = rule ? `${file}:${rule.line} ${rule.pattern}` : `no line of ${file} matches`;
  return `${plainText(path, 1000)}  ${who}  ${colours.dim(`(${why})`)}`;
}
