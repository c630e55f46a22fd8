import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import pc from 'picocolors';
import type { Config } from '../../model/config.ts';
import { counted } from '../../render/text.ts';
import { parseConfig } from '../../schema/config.ts';
import { plainText } from '../../schema/outside-text.ts';
import { parseRunbook } from '../../schema/runbook.ts';
import { printJson, Refused } from './answer.ts';
import { type CheckFault, faultIn, faultOf, filesBelow } from './check-fault.ts';
import { jobFileFaults, targetFaults } from './check-files.ts';
import { ownerFaults } from './check-owners.ts';
import { CONFIG_FILE, readText } from './files.ts';

interface Checked {
  readonly faults: readonly CheckFault[];
  readonly looked: string;
}

export function checkCommand(program: Command): void {
  program
    .command('check')
    .description('name every fault of the config, the runbooks, the job files and CODEOWNERS')
    .argument('[dir]', 'the root of a checkout', '.')
    .option('--json', 'print one JSON document')
    .addHelpText('after', '\nExample:\n  sluice check ~/pipelines')
    .action((folder: string, options: { json?: true }) => {
      if (!existsSync(folder) || !statSync(folder).isDirectory())
        throw new Refused(2, 'file_missing', `there is no folder ${folder}`, { fix: 'Give the root of a checkout.' });
      const { faults, looked } = checkFolder(folder);
      if (options.json) printJson({ faults });
      else process.stdout.write(inWords(faults, looked));
      if (faults.length > 0) process.exitCode = 1;
    });
}

function checkFolder(folder: string): Checked {
  const config = checkConfig(folder);
  const targets = config.value?.targets ?? [];
  const runbooks = filesBelow(folder, 'runbooks', /\.md$/);
  const named = new Set(targets.flatMap((target) => target.files));
  const jobFiles = [...new Set([...filesBelow(folder, 'jobs', /\.(?:jsonc?|ya?ml|conf|properties)$/i), ...named])].filter(
    (file) => existsSync(join(folder, file)),
  );
  const faults = [
    ...config.faults,
    ...runbooks.flatMap((file) => faultIn(file, () => runbookFaults(folder, file))),
    ...jobFiles.flatMap((file) => faultIn(file, () => jobFileFaults(folder, file))),
    ...targets.flatMap((target) => targetFaults(folder, target)),
    ...ownerFaults(folder, [...runbooks, ...named]),
  ];
  const looked = `looked at ${CONFIG_FILE}, ${counted(runbooks.length, 'runbook')}, ${counted(jobFiles.length, 'job file')} and CODEOWNERS`;
  return { faults: faults.sort(byPlace), looked };
}

function checkConfig(folder: string): { readonly value: Config | null; readonly faults: readonly CheckFault[] } {
  const none = {
    ...{ code: 'config_missing' as const, file: CONFIG_FILE, line: null },
    message: 'is not there, so Sluice may change nothing here',
    fix: 'Start with one that holds targets: [] and add a target for each job.',
  };
  const path = join(folder, CONFIG_FILE);
  if (!existsSync(path)) return { value: null, faults: [none] };
  try {
    const parsed = parseConfig(readText(path), CONFIG_FILE);
    return parsed.ok ? { value: parsed.value, faults: [] } : { value: null, faults: parsed.faults };
  } catch (error) {
    return { value: null, faults: [faultOf(CONFIG_FILE, error)] };
  }
}

function runbookFaults(folder: string, file: string): readonly CheckFault[] {
  const parsed = parseRunbook(readText(join(folder, file)), file);
  return parsed.ok ? [] : parsed.faults;
}

function byPlace(one: CheckFault, other: CheckFault): number {
  if (one.file !== other.file) return one.file < other.file ? -1 : 1;
  return (one.line ?? 0) - (other.line ?? 0);
}

function inWords(faults: readonly CheckFault[], looked: string): string {
  const lines = faults.map(({ code, file, line, message, fix }) => {
    const place = pc.bold(`${plainText(file, 300)}${line ? `:${line}` : ''}`);
    return `${place}: ${plainText(message, 500)} ${pc.dim(code)}\n  ${plainText(fix, 500)}\n`;
  });
  return `${lines.join('')}${faults.length > 0 ? pc.red(counted(faults.length, 'fault')) : pc.green('no faults')}; ${looked}\n`;
}
