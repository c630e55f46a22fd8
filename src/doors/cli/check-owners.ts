import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CODEOWNERS_PATHS, type Codeowners, ownersOf, parseCodeowners } from '../../core/codeowners.ts';
import { type CheckFault, faultIn } from './check-fault.ts';
import { CONFIG_FILE, readText } from './files.ts';

/**
 * CODEOWNERS must be there and valid, and name an owner of every file that decides or is changed: the config, itself, the runbooks and
 * the targets' files. What nobody owns, nobody can approve.
 */
export function ownerFaults(folder: string, files: readonly string[]): readonly CheckFault[] {
  const file = CODEOWNERS_PATHS.find((path) => existsSync(join(folder, path)));
  if (!file)
    return [
      {
        ...{ code: 'owners_missing' as const, file: CODEOWNERS_PATHS[0], line: null },
        message: `there is no ${CODEOWNERS_PATHS.join(', ')}: nobody can approve a change`,
        fix: 'Write one that names an owner of every file that Sluice may change.',
      },
    ];
  return faultIn(file, () => faultsOf(parseCodeowners(readText(join(folder, file))), file, [CONFIG_FILE, file, ...files]));
}

function faultsOf(parsed: Codeowners, file: string, files: readonly string[]): readonly CheckFault[] {
  if (parsed.tooLarge)
    return [
      {
        ...{ code: 'owners_too_large' as const, file, line: null },
        message: 'GitHub ignores a CODEOWNERS file that is not under 3 MB',
        fix: 'Shorten it with patterns for folders.',
      },
    ];
  const invalid = parsed.faults.map(({ line, message }) => ({
    ...{ code: 'owners_unreadable' as const, file, line, message },
    fix: 'Write: pattern @owner …; GitHub ignores a line that it cannot read.',
  }));
  const unowned = files.filter((path) => ownersOf(parsed, path).owners.length === 0);
  return [...invalid, ...unowned.map((path) => unownedFault(parsed, path, file))];
}

function unownedFault(parsed: Codeowners, path: string, file: string): CheckFault {
  const { rule } = ownersOf(parsed, path);
  return {
    code: 'owners_missing',
    file,
    line: rule?.line ?? null,
    message: `nobody owns ${path}${rule ? `: ${rule.pattern} names no owner` : ''}`,
    fix: `Add a line such as /${path} @owner below the others: the last that matches decides.`,
  };
}
