import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { lintRunbook } from '../../core/lint/lint.ts';
import type { Config } from '../../model/config.ts';
import type { Runbook } from '../../model/runbook.ts';
import { counted } from '../../render/text.ts';
import { parseConfig } from '../../schema/config.ts';
import { plainText } from '../../schema/outside-text.ts';
import { parseRunbook } from '../../schema/runbook.ts';
import { colours } from '../colours.ts';
import { printJson, Refused } from './answer.ts';
import { type CheckFault, faultIn, faultOf, filesBelow } from './check-fault.ts';
import { jobFileFaults, targetFaults } from './check-files.ts';
import { ownerFaults } from './check-owners.ts';
import { stageWarnings } from './check-stages.ts';
import { CONFIG_FILE, readText } from './files.ts';

interface Checked {
  readonly faults: readonly CheckFault[];
  /** What works less well than it could: told, and no reason to fail. */
  readonly warnings: readonly CheckFault[];
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
      const checked = checkFolder(folder);
      const { faults, warnings } = checked;
      if (options.json) printJson({ faults, warnings });
      else process.stdout.write(inWords(checked));
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
  const read = runbooks.map((file) => readRunbook(folder, file));
  const faults = [
    ...config.faults,
    ...read.flatMap((one) => one.faults),
    ...jobFiles.flatMap((file) => faultIn(file, () => jobFileFaults(folder, file))),
    ...targets.flatMap((target) => targetFaults(folder, target)),
    ...ownerFaults(folder, [...runbooks, ...named]),
  ];
  const looked = `looked at ${CONFIG_FILE}, ${counted(runbooks.length, 'runbook')}, ${counted(jobFiles.length, 'job file')} and CODEOWNERS`;
  const sound = read.flatMap(({ runbook }) => runbook ?? []);
  return { faults: faults.sort(byPlace), warnings: stageWarnings(folder, targets, sound), looked };
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

interface ReadRunbook {
  readonly runbook: Runbook | null;
  readonly faults: readonly CheckFault[];
}

function readRunbook(folder: string, file: string): ReadRunbook {
  try {
    const parsed = parseRunbook(readText(join(folder, file)), file, lintRunbook);
    return parsed.ok ? { runbook: parsed.value, faults: [] } : { runbook: null, faults: parsed.faults };
  } catch (error) {
    return { runbook: null, faults: [faultOf(file, error)] };
  }
}

function byPlace(one: CheckFault, other: CheckFault): number {
  if (one.file !== other.file) return one.file < other.file ? -1 : 1;
  return (one.line ?? 0) - (other.line ?? 0);
}

function inWords({ faults, warnings, looked }: Checked): string {
  const lines = [
    ...faults.map((one) => faultLines(one, '')),
    ...warnings.map((one) => faultLines(one, colours.yellow('warning: '))),
  ];
  const found = faults.length > 0 ? colours.red(counted(faults.length, 'fault')) : colours.green('no faults');
  const warned = warnings.length > 0 ? `, ${colours.yellow(counted(warnings.length, 'warning'))}` : '';
  return `${lines.join('')}${found}${warned}; ${looked}\n`;
}

function faultLines({ code, file, line, message, fix }: CheckFault, mark: string): string {
  const place = colours.bold(`${plainText(file, 300)}${line ? `:${line}` : ''}`);
  return `${place}: ${mark}${plainText(message, 500)} ${colours.dim(code)}\n  ${plainText(fix, 500)}\n`;
}
